//! A file looked through from one end to the other before anything is done with it, and then handed out row by row.

use std::io::{BufRead, BufReader, Read};

use tokio::sync::mpsc;

use super::delimiter::{self, LINES};
use super::encoding::Encoding;
use super::reader::{BadFile, Reader};
use super::source::Source;

/// Bytes that are read at a time, and that a delimiter is guessed from at most.
const BLOCK: usize = 128 * 1024;
/// So many rows are handed out at a time, and so many times ahead of who takes them.
const ROWS: usize = 256;
const AHEAD: usize = 2;

/// A file that can be read as a whole.
#[derive(Debug, Clone)]
pub struct Examined {
    source: Source,
    /// Its letters.
    pub encoding: Encoding,
    /// What stands between values.
    pub delimiter: u8,
    /// The names of its columns.
    pub headers: Vec<String>,
    /// How many rows follow.
    pub rows: u64,
}

/// Looks through a file: whether every row of it can be read and has as many columns as it has names. Each row is shown
/// on the way, as long as `look` wants to see more. It takes as long as reading does, so it belongs on a thread where
/// that may be long.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn examine(
    source: Source,
    delimiter: Option<u8>,
    mut look: impl FnMut(&[String], Vec<String>) -> bool,
) -> Result<Examined, BadFile> {
    let encoding = Encoding::of(source.open()?)?;
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => delimiter::guess(&beginning(&source, encoding)?),
    };
    let mut reader = reader(&source, encoding, delimiter)?;
    let headers = if reader.advance()? { reader.values() } else { Vec::new() };
    let (mut rows, mut looks) = (0, true);
    while reader.advance()? {
        let (row, columns) = (reader.number(), reader.width());
        if columns != headers.len() {
            return Err(BadFile::Ragged { row, columns, expected: headers.len() });
        }
        rows += 1;
        looks = looks && look(&headers, reader.values());
    }
    if headers.is_empty() {
        return Err(BadFile::NoHeaders);
    }
    if let Some((_, name)) = headers.iter().enumerate().find(|(at, name)| headers[..*at].contains(name)) {
        return Err(BadFile::Repeated { name: name.clone() });
    }
    Ok(Examined { source, encoding, delimiter, headers, rows })
}

impl Examined {
    /// The rows, handed out by a thread that reads them meanwhile. The thread ends when nobody takes them any more.
    #[must_use]
    pub fn rows(self) -> mpsc::Receiver<Result<Vec<Vec<String>>, BadFile>> {
        let (give, take) = mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = self.hand_out(&give) {
                // Nobody may be waiting any more.
                let _ = give.blocking_send(Err(error));
            }
        });
        take
    }

    fn hand_out(&self, give: &mpsc::Sender<Result<Vec<Vec<String>>, BadFile>>) -> Result<(), BadFile> {
        let mut reader = reader(&self.source, self.encoding, self.delimiter)?;
        let mut rows = Vec::with_capacity(ROWS);
        reader.advance()?;
        while reader.advance()? {
            rows.push(reader.values());
            if rows.len() == ROWS
                && give.blocking_send(Ok(std::mem::replace(&mut rows, Vec::with_capacity(ROWS)))).is_err()
            {
                return Ok(());
            }
        }
        let _ = give.blocking_send(Ok(rows));
        Ok(())
    }
}

fn reader(source: &Source, encoding: Encoding, delimiter: u8) -> Result<Reader<impl BufRead + use<>>, BadFile> {
    let file = encoding.decode(source.open()?)?;
    Ok(Reader::new(BufReader::with_capacity(BLOCK, file), delimiter))
}

/// The first lines of a file.
fn beginning(source: &Source, encoding: Encoding) -> Result<String, BadFile> {
    let mut file = BufReader::new(encoding.decode(source.open()?)?.take(BLOCK as u64));
    let mut bytes = Vec::new();
    for _ in 0..LINES {
        if file.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(text: &'static str) -> Source {
        Source::Memory(text.into())
    }

    #[tokio::test]
    async fn a_good_file_is_counted_and_handed_out() {
        let mut seen = Vec::new();
        let look = |_: &[String], row: Vec<String>| {
            seen.push(row);
            false
        };
        let examined = examine(memory("\u{feff}name;n\nx;1\ny;2\n"), None, look).expect("a good file");
        assert_eq!((examined.encoding.name(), examined.delimiter, examined.rows), ("utf-8-sig", b';', 2));
        assert_eq!(
            (seen, examined.headers.clone()),
            (vec![vec!["x".to_owned(), "1".into()]], vec!["name".into(), "n".into()])
        );
        let mut rows = examined.rows();
        assert_eq!(rows.recv().await.expect("rows").expect("readable"), [["x", "1"], ["y", "2"]]);
        assert!(rows.recv().await.is_none());
    }

    #[test]
    fn a_bad_file_is_told_before_anything_is_done() {
        let words = |text| examine(memory(text), None, |_, _| true).expect_err("a bad file").to_string();
        assert_eq!(words("a,b\n1,2\n1,2,3\n"), "Row 3 has 3 columns, expected 2");
        assert_eq!(words("a,b\n1,2\n\n"), "Row 3 has 0 columns, expected 2");
        assert_eq!(words("a,a\n1,2\n"), "Column 'a' appears more than once");
        assert_eq!(words("\n1\n"), "Row 2 has 1 columns, expected 0");
        assert_eq!(words(""), "the file is empty or its first line is blank");
    }
}
