//! CSV: a line of names, then lines of values; quotes only where they are needed.

use factotum_engine::Value;

use super::formula::fuse;
use super::spell::spell;
use super::write::Style;

/// A file in the making.
#[derive(Debug)]
pub(super) struct Csv {
    style: Style,
    cell: Vec<u8>,
    pub(super) out: Vec<u8>,
}

impl Csv {
    pub(super) fn new(style: Style) -> Csv {
        let mut csv = Csv { style, cell: Vec::new(), out: Vec::new() };
        for at in 0..csv.style.columns.len() {
            csv.cell.extend_from_slice(csv.style.columns[at].name.as_bytes());
            csv.push(at, csv.style.defused);
        }
        csv.out.extend_from_slice(b"\r\n");
        csv
    }

    pub(super) fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) {
        for (at, value) in values.enumerate() {
            spell(&mut self.cell, value, &self.style.columns[at], &self.style.zone);
            // A number may have a sign in front; only texts can be more than they seem.
            self.push(at, self.style.defused && matches!(value, Value::Text(_) | Value::Json(_) | Value::Bytes(_)));
        }
        self.out.extend_from_slice(b"\r\n");
    }

    /// Moves the cell that was spelled into its line.
    fn push(&mut self, at: usize, defused: bool) {
        if at > 0 {
            self.out.push(b',');
        }
        let fuse = if defused { fuse(&self.cell) } else { b"" };
        // An empty line would be no row, so an empty value that stands alone is quoted.
        let alone = self.style.columns.len() == 1 && self.cell.is_empty();
        if alone || self.cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            self.out.push(b'"');
            self.out.extend_from_slice(fuse);
            for &byte in &self.cell {
                if byte == b'"' {
                    self.out.push(b'"');
                }
                self.out.push(byte);
            }
            self.out.push(b'"');
        } else {
            self.out.extend_from_slice(fuse);
            self.out.extend_from_slice(&self.cell);
        }
        self.cell.clear();
    }
}
