//! Rows as files: written as CSV, JSON and XLSX, read from CSV. Both ways in the memory of some rows, however many
//! there are.

pub mod download;
pub mod encoding;
pub mod formula;
pub mod kind;
pub mod mapping;
pub mod source;
pub mod write;

mod csv;
mod delimiter;
mod examine;
mod json;
mod reader;
mod spell;
mod xlsx;

pub use download::download;
pub use examine::{Examined, examine};
pub use reader::BadFile;
pub use source::Source;
pub use write::{Column, Format, Style, Writer};
