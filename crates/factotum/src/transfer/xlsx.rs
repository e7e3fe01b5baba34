//! XLSX: a workbook that is compressed as it is written, so that no sheet is ever held as a whole.
//!
//! Texts stand in their cells and not in a table of shared ones, which would have to be kept to the end.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use factotum_engine::Value;
use jiff::civil::{Date, DateTime, Time};
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use super::spell::spell;
use super::write::Style;

/// Rows of a sheet, its head among them: what spreadsheets can show.
const MOST_ROWS: u32 = 1_048_576;
/// Bytes of a sheet before it is compressed: larger parts need an extension of the container that Excel refuses.
const MOST_BYTES: u64 = 3 << 30;
/// Characters of a text in a cell, and of a sheet's name.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;
/// Formats of moments, by their places in `STYLES`.
const MOMENT: u8 = 1;
const DAY: u8 = 2;
const CLOCK: u8 = 3;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const STYLES: &str = "<numFmts count=\"3\"><numFmt numFmtId=\"164\" formatCode=\"yyyy-mm-dd h:mm:ss\"/>\
    <numFmt numFmtId=\"165\" formatCode=\"yyyy-mm-dd\"/><numFmt numFmtId=\"166\" formatCode=\"h:mm:ss\"/></numFmts>\
    <fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"166\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>";

/// What the compressor has given and nobody has taken.
#[derive(Debug, Clone, Default)]
struct Given(Arc<Mutex<Vec<u8>>>);

impl Given {
    fn waiting(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Given {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A workbook in the making.
pub(super) struct Xlsx {
    style: Style,
    /// The columns as sheets call them: A, B, … Z, AA.
    letters: Vec<String>,
    zip: ZipWriter<StreamWriter<Given>>,
    given: Given,
    sheets: u32,
    rows: u32,
    bytes: u64,
    line: Vec<u8>,
}

impl std::fmt::Debug for Xlsx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xlsx").field("sheets", &self.sheets).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Xlsx {
    pub(super) fn new(style: Style) -> io::Result<Xlsx> {
        let given = Given::default();
        let zip = ZipWriter::new_stream(given.clone());
        let letters = (0..style.columns.len()).map(letters).collect();
        let line = Vec::new();
        let mut book = Xlsx { style, letters, zip, given, sheets: 0, rows: 0, bytes: 0, line };
        book.part("_rels/.rels", &relationships(&[(1, "officeDocument", "xl/workbook.xml".to_owned())]))?;
        book.part("xl/styles.xml", &format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>"))?;
        book.open_sheet()?;
        Ok(book)
    }

    pub(super) fn waiting(&self) -> usize {
        self.given.waiting()
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        self.given.take()
    }

    pub(super) fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> io::Result<()> {
        if self.rows >= MOST_ROWS || self.bytes >= MOST_BYTES {
            self.close_sheet()?;
            self.open_sheet()?;
        }
        self.begin_row();
        for (at, value) in values.enumerate() {
            self.cell(at, value);
        }
        self.end_row()
    }

    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        self.close_sheet()?;
        let sheets = 1..=self.sheets;
        let named = |number: u32| {
            let name = escaped(&sheet_name(&self.style.title, number));
            format!("<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")
        };
        let list: String = sheets.clone().map(named).collect();
        let mut related: Vec<_> =
            sheets.clone().map(|number| (number, "worksheet", format!("worksheets/sheet{number}.xml"))).collect();
        related.push((self.sheets + 1, "styles", "styles.xml".to_owned()));
        let workbook = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>");
        self.part("xl/workbook.xml", &workbook)?;
        self.part("xl/_rels/workbook.xml.rels", &relationships(&related))?;
        self.part("[Content_Types].xml", &content_types(self.sheets))?;
        let given = self.given.clone();
        self.zip.finish().map_err(io::Error::other)?;
        Ok(given.take())
    }

    /// Writes a part of the package that is known as a whole.
    fn part(&mut self, name: &str, xml: &str) -> io::Result<()> {
        self.zip.start_file(name, SimpleFileOptions::DEFAULT).map_err(io::Error::other)?;
        self.zip.write_all(HEAD.as_bytes())?;
        self.zip.write_all(xml.as_bytes())
    }

    fn open_sheet(&mut self) -> io::Result<()> {
        self.sheets += 1;
        (self.rows, self.bytes) = (0, 0);
        let name = format!("xl/worksheets/sheet{}.xml", self.sheets);
        self.part(&name, &format!("<worksheet xmlns=\"{MAIN}\"><sheetData>"))?;
        self.begin_row();
        for at in 0..self.letters.len() {
            let name = self.style.columns[at].name.clone();
            self.text(at, &name);
        }
        self.end_row()
    }

    fn close_sheet(&mut self) -> io::Result<()> {
        self.zip.write_all(b"</sheetData></worksheet>")
    }

    fn begin_row(&mut self) {
        self.rows += 1;
        self.line.extend_from_slice(format!("<row r=\"{}\">", self.rows).as_bytes());
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.line.extend_from_slice(b"</row>");
        self.bytes += self.line.len() as u64;
        self.zip.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }

    /// Writes a value in its own type where spreadsheets have one, else as text. Null is an empty cell.
    fn cell(&mut self, at: usize, value: &Value) {
        match value {
            Value::Null | Value::Json(serde_json::Value::Null) => {}
            Value::Bool(truth) => self.typed(at, " t=\"b\"", if *truth { "1" } else { "0" }),
            Value::Int(_) | Value::Decimal(_) => self.typed(at, "", &value.to_string()),
            Value::Float(number) => self.typed(at, "", &number.to_string()),
            Value::DateTime(instant) => {
                let local = self.style.zone.to_datetime(*instant);
                self.moment(at, value, MOMENT, days(local.date()).map(|days| days + part_of_day(local.time())));
            }
            Value::Duration(span) if self.style.columns[at].micros => {
                self.typed(at, "", &span.as_micros().to_string());
            }
            Value::Date(date) => self.moment(at, value, DAY, days(*date)),
            Value::Time(time) => self.moment(at, value, CLOCK, Some(part_of_day(*time))),
            Value::Text(text) => self.text(at, text),
            Value::Duration(_) | Value::Uuid(_) | Value::Json(_) | Value::Bytes(_) | Value::Keys(_) => {
                self.spelled(at, value);
            }
        }
    }

    fn typed(&mut self, at: usize, attributes: &str, text: &str) {
        let (letters, row) = (&self.letters[at], self.rows);
        self.line.extend_from_slice(format!("<c r=\"{letters}{row}\"{attributes}><v>{text}</v></c>").as_bytes());
    }

    /// Writes a moment as the number that spreadsheets count with, or as text if it is before their time.
    fn moment(&mut self, at: usize, value: &Value, style: u8, number: Option<f64>) {
        match number {
            Some(number) => self.typed(at, &format!(" s=\"{style}\""), &number.to_string()),
            None => self.spelled(at, value),
        }
    }

    fn spelled(&mut self, at: usize, value: &Value) {
        let mut text = Vec::new();
        spell(&mut text, value, &self.style.columns[at], &self.style.zone);
        self.text(at, &String::from_utf8_lossy(&text));
    }

    fn text(&mut self, at: usize, text: &str) {
        let (letters, row) = (&self.letters[at], self.rows);
        let start = format!("<c r=\"{letters}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        self.line.extend_from_slice(start.as_bytes());
        let mut left = LONGEST_TEXT;
        for letter in text.chars() {
            let Some(rest) = left.checked_sub(letter.len_utf16()) else { break };
            left = rest;
            push_escaped(&mut self.line, letter);
        }
        self.line.extend_from_slice(b"</t></is></c>");
    }
}

/// Writes a letter of a text; what XML cannot hold is written by its number, as Excel does.
fn push_escaped(out: &mut Vec<u8>, letter: char) {
    match letter {
        '&' => out.extend_from_slice(b"&amp;"),
        '<' => out.extend_from_slice(b"&lt;"),
        '>' => out.extend_from_slice(b"&gt;"),
        '"' => out.extend_from_slice(b"&quot;"),
        '\r' => out.extend_from_slice(b"&#13;"),
        '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
            out.extend_from_slice(format!("_x{:04X}_", u32::from(letter)).as_bytes());
        }
        letter => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn escaped(text: &str) -> String {
    let mut out = Vec::new();
    text.chars().for_each(|letter| push_escaped(&mut out, letter));
    String::from_utf8_lossy(&out).into_owned()
}

/// The name of a sheet: without the characters that have a meaning in formulas, and with a number from the second on.
fn sheet_name(title: &str, number: u32) -> String {
    let known = |letter: &char| !matches!(letter, ':' | '\\' | '/' | '?' | '*' | '[' | ']') && !letter.is_control();
    let plain: String = title.chars().filter(known).collect();
    let plain = plain.trim_matches('\'');
    let plain = if plain.is_empty() { "Sheet" } else { plain };
    let end = if number > 1 { format!(" ({number})") } else { String::new() };
    let kept: String = plain.chars().take(LONGEST_NAME - end.len()).collect();
    kept + &end
}

/// What a column is called: A to Z, then AA.
fn letters(at: usize) -> String {
    let mut letters = Vec::new();
    let mut left = at + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The days since the last of 1899; `None` before the first of March of 1900, from when on spreadsheets count rightly.
fn days(date: Date) -> Option<f64> {
    let start = Date::constant(1899, 12, 30);
    let days = date.duration_since(start).as_hours() / 24;
    (days > 60).then_some(days as f64)
}

fn part_of_day(time: Time) -> f64 {
    let micros = DateTime::from_parts(Date::constant(1970, 1, 1), time)
        .duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0))
        .as_micros();
    micros as f64 / 86_400e6
}

fn relationships(related: &[(u32, &str, String)]) -> String {
    let one = |(number, kind, target): &(u32, &str, String)| {
        format!("<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let all: String = related.iter().map(one).collect();
    format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
}

fn content_types(sheets: u32) -> String {
    let part = |name: String, kind: &str| format!("<Override PartName=\"{name}\" ContentType=\"{TYPES}.{kind}+xml\"/>");
    let sheets: String =
        (1..=sheets).map(|number| part(format!("/xl/worksheets/sheet{number}.xml"), "worksheet")).collect();
    format!(
        "<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{sheets}</Types>",
        part("/xl/workbook.xml".to_owned(), "sheet.main"),
        part("/xl/styles.xml".to_owned(), "styles"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_by_letters() {
        let named = [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")];
        for (at, name) in named {
            assert_eq!(letters(at), name);
        }
    }

    #[test]
    fn moments_are_counted_as_spreadsheets_count() {
        let day = |text: &str| days(text.parse().expect("a day"));
        assert_eq!(day("2024-01-01"), Some(45_292.0));
        assert_eq!(day("1900-03-01"), Some(61.0));
        assert_eq!(day("1900-02-28"), None);
        assert_eq!(part_of_day("18:00:00".parse().expect("a time")), 0.75);
    }

    #[test]
    fn sheets_have_names_that_every_program_takes() {
        assert_eq!(sheet_name("product", 1), "product");
        assert_eq!(sheet_name("a/b:[c]", 1), "abc");
        assert_eq!(sheet_name("", 1), "Sheet");
        assert_eq!(sheet_name(&"x".repeat(40), 2), format!("{} (2)", "x".repeat(27)));
    }

    #[test]
    fn what_xml_cannot_hold_is_written_by_its_number() {
        assert_eq!(escaped("<a & \"b\">\u{1}\r\n"), "&lt;a &amp; &quot;b&quot;&gt;_x0001_&#13;\n");
    }
}
