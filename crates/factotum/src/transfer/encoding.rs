//! In which letters a file is written, and its bytes as UTF-8.

use std::io::{self, Read};

/// The letters of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Marked,
    /// ISO 8859-1: what is not UTF-8, since any bytes are something in it.
    Latin1,
}

const MARK: &[u8] = b"\xEF\xBB\xBF";
const BLOCK: usize = 64 * 1024;

impl Encoding {
    /// Its name, as Python calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Marked => "utf-8-sig",
            Encoding::Latin1 => "latin-1",
        }
    }

    /// Looks at a whole file.
    pub(super) fn of(mut file: impl Read) -> io::Result<Encoding> {
        let mut block = vec![0; BLOCK];
        let (mut kept, mut first, mut marked) = (0, true, false);
        loop {
            let read = file.read(&mut block[kept..])?;
            if read == 0 {
                let whole = kept == 0;
                return Ok(match (whole, marked) {
                    (true, true) => Encoding::Utf8Marked,
                    (true, false) => Encoding::Utf8,
                    (false, _) => Encoding::Latin1,
                });
            }
            let filled = kept + read;
            if first && filled < MARK.len() && MARK.starts_with(&block[..filled]) {
                // The mark may come in pieces.
                kept = filled;
                continue;
            }
            if std::mem::replace(&mut first, false) {
                marked = block[..filled].starts_with(MARK);
            }
            match std::str::from_utf8(&block[..filled]) {
                Ok(_) => kept = 0,
                Err(error) if error.error_len().is_none() => {
                    let good = error.valid_up_to();
                    block.copy_within(good..filled, 0);
                    kept = filled - good;
                }
                Err(_) => return Ok(Encoding::Latin1),
            }
        }
    }

    /// The bytes of a file as UTF-8, without a mark.
    pub(super) fn decode(self, file: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Encoding::Utf8 => file,
            Encoding::Utf8Marked => {
                let mut file = file;
                file.read_exact(&mut [0; MARK.len()])?;
                file
            }
            Encoding::Latin1 => Box::new(Latin1 { file, given: Vec::new(), at: 0 }),
        })
    }
}

/// ISO 8859-1 on its way to UTF-8: the upper half of the bytes becomes two each.
struct Latin1 {
    file: Box<dyn Read + Send>,
    given: Vec<u8>,
    at: usize,
}

impl Read for Latin1 {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.given.len() {
            let mut block = vec![0; BLOCK];
            let read = self.file.read(&mut block)?;
            self.given.clear();
            for &byte in &block[..read] {
                self.given.extend_from_slice(char::from(byte).encode_utf8(&mut [0; 2]).as_bytes());
            }
            self.at = 0;
        }
        let count = out.len().min(self.given.len() - self.at);
        out[..count].copy_from_slice(&self.given[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn encodings_are_told_by_their_bytes() {
        let cases: [(&[u8], Encoding); 7] = [
            (b"a,b", Encoding::Utf8),
            (b"", Encoding::Utf8),
            ("é😀".as_bytes(), Encoding::Utf8),
            (b"\xEF\xBB\xBFa", Encoding::Utf8Marked),
            (b"\xEF\xBB\xBF", Encoding::Utf8Marked),
            (b"caf\xE9,x", Encoding::Latin1),
            (b"caf\xC3", Encoding::Latin1),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Encoding::of(bytes).expect("memory"), expected, "{bytes:?}");
            assert_eq!(Encoding::of(Slow(bytes)).expect("memory"), expected, "{bytes:?}");
        }
    }

    #[test]
    fn every_encoding_becomes_utf_8() {
        let decoded = |bytes: &'static [u8]| {
            let encoding = Encoding::of(bytes).expect("memory");
            let mut text = String::new();
            encoding.decode(Box::new(bytes)).and_then(|mut file| file.read_to_string(&mut text)).expect("text");
            text
        };
        assert_eq!(decoded(b"\xEF\xBB\xBFname"), "name");
        assert_eq!(decoded(b"caf\xE9 \x80"), "café \u{80}");
    }
}
