//! CSV: a line of names, then lines of values; quotes only where they are needed.

use factotum_engine::Value;

use super::formula::fuse;
use super::spell::spell;
use super::write::Style;

/// A file in the making.
#[derive(Debug)]
pub(super) struct Csv {
    style: Style,
    /// A cell on its way into quotes.
    cell: Vec<u8>,
    pub(super) out: Vec<u8>,
}

impl Csv {
    pub(super) fn new(style: Style) -> Csv {
        let mut csv = Csv { style, cell: Vec::new(), out: Vec::new() };
        for at in 0..csv.style.columns.len() {
            let start = csv.begin(at);
            csv.out.extend_from_slice(csv.style.columns[at].name.as_bytes());
            csv.settle(start, csv.style.defused);
        }
        csv.out.extend_from_slice(b"\r\n");
        csv
    }

    pub(super) fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        for (at, value) in values.enumerate() {
            let start = self.begin(at);
            spell(&mut self.out, value, &self.style.columns[at], &self.style.zone);
            match value {
                // A number may have a sign in front; only texts can be more than they seem.
                Value::Text(_) | Value::Json(_) | Value::Bytes(_) => self.settle(start, self.style.defused),
                Value::Null | Value::Keys(_) => self.settle(start, false),
                _ => {}
            }
        }
        self.out.extend_from_slice(b"\r\n");
    }

    /// Begins a cell: where it does.
    fn begin(&mut self, at: usize) -> usize {
        if at > 0 {
            self.out.push(b',');
        }
        self.out.len()
    }

    /// Quotes a cell that was written, and takes from a spreadsheet what it would run, where that is needed.
    fn settle(&mut self, start: usize, defused: bool) {
        let cell = &self.out[start..];
        let fuse = if defused { fuse(cell) } else { b"" };
        // An empty line would be no row, so an empty value that stands alone is quoted.
        let alone = self.style.columns.len() == 1 && cell.is_empty();
        let quoted = alone || cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
        if !quoted {
            self.out.splice(start..start, fuse.iter().copied());
            return;
        }
        self.cell.clear();
        self.cell.extend_from_slice(cell);
        self.out.truncate(start);
        self.out.push(b'"');
        self.out.extend_from_slice(fuse);
        for &byte in &self.cell {
            if byte == b'"' {
                self.out.push(b'"');
            }
            self.out.push(byte);
        }
        self.out.push(b'"');
    }
}
