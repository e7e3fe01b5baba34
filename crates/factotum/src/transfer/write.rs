//! Rows on their way into a file of any format.

use std::io;

use factotum_engine::Value;
use jiff::tz::TimeZone;

use super::csv::Csv;
use super::json::Json;
use super::xlsx::Xlsx;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines of values with commas between them, as RFC 4180 has it.
    Csv,
    /// An array of objects.
    Json,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Json, Format::Xlsx];

    /// The format of this name.
    ///
    /// ```
    /// use factotum::transfer::Format;
    /// assert_eq!((Format::named("csv"), Format::named("CSV")), (Some(Format::Csv), None));
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its name, which is the end of a file's name, too.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether instants come with their offset from UTC, where there is text.
    pub zoned: bool,
    /// Whether spans of time are whole numbers of microseconds.
    pub micros: bool,
}

/// How a file is written.
#[derive(Debug, Clone)]
pub struct Style {
    /// What a sheet is called; a workbook shows its first 31 characters.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The zone that instants are told in.
    pub zone: TimeZone,
    /// Whether texts that a spreadsheet would run are kept from it ([`super::formula`]). Only CSV needs it.
    pub defused: bool,
}

/// A file in the making. What is written waits until it is taken.
///
/// ```
/// use factotum::Value;
/// use factotum::transfer::{Column, Format, Style, Writer};
///
/// let column = |name: &str| Column { name: name.to_owned(), zoned: true, micros: false };
/// let zone = jiff::tz::TimeZone::UTC;
/// let style = Style { title: "tags".to_owned(), columns: vec![column("id"), column("name")], zone, defused: true };
/// let mut writer = Writer::new(Format::Csv, style)?;
/// writer.row([Value::Int(-1), "=1+1".into()].iter())?;
/// assert_eq!(writer.finish()?, b"id,name\r\n-1,'=1+1\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Writer(Kind);

#[derive(Debug)]
enum Kind {
    Csv(Csv),
    Json(Json),
    Xlsx(Box<Xlsx>),
}

impl Writer {
    /// Begins a file.
    ///
    /// # Errors
    /// What the compressor of a workbook says.
    pub fn new(format: Format, style: Style) -> io::Result<Writer> {
        Ok(Writer(match format {
            Format::Csv => Kind::Csv(Csv::new(style)),
            Format::Json => Kind::Json(Json::new(style)),
            Format::Xlsx => Kind::Xlsx(Box::new(Xlsx::new(style)?)),
        }))
    }

    /// Writes a row: a value for each column.
    ///
    /// # Errors
    /// What the compressor of a workbook says.
    pub fn row<'v>(&mut self, values: impl Iterator<Item = &'v Value>) -> io::Result<()> {
        match &mut self.0 {
            Kind::Csv(csv) => csv.row(values),
            Kind::Json(json) => json.row(values),
            Kind::Xlsx(xlsx) => return xlsx.row(values),
        }
        Ok(())
    }

    /// How many bytes were written and not taken yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        match &self.0 {
            Kind::Csv(csv) => csv.out.len(),
            Kind::Json(json) => json.out.len(),
            Kind::Xlsx(xlsx) => xlsx.waiting(),
        }
    }

    /// What was written and not taken yet.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.0 {
            Kind::Csv(csv) => std::mem::take(&mut csv.out),
            Kind::Json(json) => std::mem::take(&mut json.out),
            Kind::Xlsx(xlsx) => xlsx.take(),
        }
    }

    /// Ends the file, and gives what was not taken yet.
    ///
    /// # Errors
    /// What the compressor of a workbook says.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        match self.0 {
            Kind::Csv(csv) => Ok(csv.out),
            Kind::Json(json) => Ok(json.finish()),
            Kind::Xlsx(xlsx) => xlsx.finish(),
        }
    }
}
