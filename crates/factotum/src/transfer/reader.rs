//! CSV, read row by row. A blank line is a row without columns, and what does not fit is told with the row's number:
//! parsers that pass over the one and mend the other would import less than was sent.

use std::io::{self, BufRead};

/// Bytes of one value, and of all values of a row; and how many values a row may have.
const LONGEST_VALUE: usize = 131_072;
const LONGEST_ROW: usize = 4 * 1024 * 1024;

/// What is wrong with a file. Rows are counted from 1, the line of names among them.
#[derive(Debug)]
pub enum BadFile {
    /// There is nothing in it, or its first line is blank.
    NoHeaders,
    /// A row has more or fewer columns than the first one.
    Ragged {
        /// The row.
        row: u64,
        /// How many columns it has.
        columns: usize,
        /// How many the first one has.
        expected: usize,
    },
    /// Two columns have one name.
    Repeated {
        /// The name.
        name: String,
    },
    /// There is a NUL character.
    Nul {
        /// The row.
        row: u64,
    },
    /// A quotation mark that opens a value has none that closes it.
    Unclosed {
        /// The row in which it stands.
        row: u64,
    },
    /// There is a carriage return that ends no line.
    StrayReturn {
        /// The row.
        row: u64,
    },
    /// A value or a row is too long to be meant: a quotation mark may be missing.
    TooLong {
        /// The row.
        row: u64,
        /// The most bytes allowed.
        most: usize,
    },
    /// It cannot be read.
    Unreadable(io::Error),
}

impl From<io::Error> for BadFile {
    fn from(error: io::Error) -> BadFile {
        BadFile::Unreadable(error)
    }
}

impl std::fmt::Display for BadFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadFile::NoHeaders => f.write_str("the file is empty or its first line is blank"),
            BadFile::Ragged { row, columns, expected } => {
                write!(f, "Row {row} has {columns} columns, expected {expected}")
            }
            BadFile::Repeated { name } => write!(f, "Column '{name}' appears more than once"),
            BadFile::Nul { row } => write!(f, "Row {row} contains a NUL character"),
            BadFile::Unclosed { row } => write!(f, "Row {row} has a quotation mark that is never closed"),
            BadFile::StrayReturn { row } => write!(f, "Row {row} has a carriage return that ends no line"),
            BadFile::TooLong { row, most } => write!(f, "Row {row} has a value of more than {most} bytes"),
            BadFile::Unreadable(_) => f.write_str("the file cannot be read"),
        }
    }
}

impl std::error::Error for BadFile {}

/// Where in a row the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before a value.
    Start,
    /// In a value without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes, unless another one follows.
    Closed,
    /// Behind a carriage return: the line must end.
    Return,
}

/// Rows of a file.
pub(super) struct Reader<R> {
    input: R,
    delimiter: u8,
    row: u64,
    /// The values of the row, one behind the other, and where each of them ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How many of them were looked at.
    looked: usize,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Reader<R> {
        Reader { input, delimiter, row: 0, text: Vec::new(), ends: Vec::new(), looked: 0 }
    }

    /// Goes to the next row; false when there is none.
    pub(super) fn advance(&mut self) -> Result<bool, BadFile> {
        self.text.clear();
        self.ends.clear();
        self.looked = 0;
        self.row += 1;
        let mut at = At::Start;
        let mut begun = false;
        loop {
            let block = self.input.fill_buf()?;
            if block.is_empty() {
                return self.end_of_file(at, begun);
            }
            begun = true;
            let length = block.len();
            let mut ended = None;
            for (place, &byte) in block.iter().enumerate() {
                if byte == 0 {
                    return Err(BadFile::Nul { row: self.row });
                }
                if step(byte, self.delimiter, &mut at, &mut self.text, &mut self.ends)
                    .map_err(|()| BadFile::StrayReturn { row: self.row })?
                {
                    ended = Some(place + 1);
                    break;
                }
            }
            self.input.consume(ended.unwrap_or(length));
            self.look_at_lengths()?;
            if ended.is_some() {
                return Ok(true);
            }
        }
    }

    fn end_of_file(&mut self, at: At, begun: bool) -> Result<bool, BadFile> {
        match at {
            At::Quoted => return Err(BadFile::Unclosed { row: self.row }),
            At::Start if !begun => return Ok(false),
            At::Return => {}
            At::Start | At::Plain | At::Closed => end(at, &self.text, &mut self.ends),
        }
        Ok(true)
    }

    /// Looks at what came since the last look: at the values that ended, and at the one that goes on.
    fn look_at_lengths(&mut self) -> Result<(), BadFile> {
        let too_long = |most| Err(BadFile::TooLong { row: self.row, most });
        if self.text.len() > LONGEST_ROW || self.ends.len() > LONGEST_ROW {
            return too_long(LONGEST_ROW);
        }
        let mut start = self.looked.checked_sub(1).map_or(0, |last| self.ends[last]);
        for end in self.ends[self.looked..].iter().copied().chain([self.text.len()]) {
            if end.saturating_sub(start) > LONGEST_VALUE {
                return too_long(LONGEST_VALUE);
            }
            start = end;
        }
        self.looked = self.ends.len();
        Ok(())
    }

    /// The number of the row, the first one being 1.
    pub(super) fn number(&self) -> u64 {
        self.row
    }

    /// How many columns the row has.
    pub(super) fn width(&self) -> usize {
        self.ends.len()
    }

    /// The values of the row.
    pub(super) fn values(&self) -> Vec<String> {
        let mut start = 0;
        let value = |&end: &usize| {
            let text = String::from_utf8_lossy(&self.text[start..end]).into_owned();
            start = end;
            text
        };
        self.ends.iter().map(value).collect()
    }
}

/// Takes a byte; true if the row ends with it, an error for a carriage return in the middle of a line.
fn step(byte: u8, delimiter: u8, at: &mut At, text: &mut Vec<u8>, ends: &mut Vec<usize>) -> Result<bool, ()> {
    match (*at, byte) {
        (At::Quoted, b'"') => *at = At::Closed,
        (At::Quoted, byte) => text.push(byte),
        (At::Return, b'\r') => {}
        (At::Return, b'\n') => return Ok(true),
        (At::Return, _) => return Err(()),
        (At::Start, b'"') => *at = At::Quoted,
        (At::Closed, b'"') => {
            text.push(byte);
            *at = At::Quoted;
        }
        (_, byte) if byte == delimiter => {
            ends.push(text.len());
            // A value follows even if nothing of it does.
            *at = At::Start;
        }
        (_, b'\n') => {
            end(*at, text, ends);
            return Ok(true);
        }
        (_, b'\r') => {
            end(*at, text, ends);
            *at = At::Return;
        }
        (_, byte) => {
            text.push(byte);
            *at = At::Plain;
        }
    }
    Ok(false)
}

/// Ends the last value of a row, unless the line was blank.
fn end(at: At, text: &[u8], ends: &mut Vec<usize>) {
    if at != At::Start || !ends.is_empty() {
        ends.push(text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8, block: usize) -> Result<Vec<Vec<String>>, BadFile> {
        let mut reader = Reader::new(io::BufReader::with_capacity(block, text.as_bytes()), delimiter);
        let mut rows = Vec::new();
        while reader.advance()? {
            rows.push(reader.values());
        }
        Ok(rows)
    }

    #[test]
    fn rows_are_read_as_they_were_meant() {
        let cases: [(&str, &[&[&str]]); 12] = [
            ("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
            ("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]),
            ("a,b\n\"x,\"\"y\"\"\nz\",2\n", &[&["a", "b"], &["x,\"y\"\nz", "2"]]),
            ("a\n\n1\n", &[&["a"], &[], &["1"]]),
            ("a\n\"\"\n", &[&["a"], &[""]]),
            (",\n", &[&["", ""]]),
            ("a,", &[&["a", ""]]),
            ("a b,c\"d\n", &[&["a b", "c\"d"]]),
            ("\"x\"y,2\n", &[&["xy", "2"]]),
            ("1,2\r\r\n3,4\n", &[&["1", "2"], &["3", "4"]]),
            ("", &[]),
            ("é,😀\n", &[&["é", "😀"]]),
        ];
        for (text, expected) in cases {
            for block in [1, 3, 8192] {
                assert_eq!(rows(text, b',', block).expect("rows"), expected, "{text:?} by {block}");
            }
        }
        assert_eq!(rows("a;b|c\n", b'|', 8).expect("rows"), [["a;b", "c"]]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        let words = |text: &str| rows(text, b',', 16).expect_err("a bad file").to_string();
        assert_eq!(words("a\n\"b\nc\n"), "Row 2 has a quotation mark that is never closed");
        assert_eq!(words("a\nb\0c\n"), "Row 2 contains a NUL character");
        assert_eq!(words("a,b\r1,2\r"), "Row 1 has a carriage return that ends no line");
        assert_eq!(
            words(&format!("a\n{}\n", "x".repeat(LONGEST_VALUE + 1))),
            "Row 2 has a value of more than 131072 bytes"
        );
        let many = "x,".repeat(LONGEST_ROW + 2);
        assert_eq!(words(&many), "Row 1 has a value of more than 4194304 bytes");
    }
}
