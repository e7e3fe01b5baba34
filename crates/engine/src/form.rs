//! From what was sent to what may be written, in a fixed order.

use indexmap::IndexMap;

use crate::model::Row;
use crate::value::{Raw, Value};

/// What was sent: raw values by field. Unknown names are the contract's business.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Payload {
    /// Raw values by field.
    pub fields: IndexMap<String, Raw>,
    /// Whether absent fields are left as they are (an update of some fields).
    pub partial: bool,
}

/// Values that were judged and may be written. Only this room makes one.
#[derive(Debug)]
pub struct Clean {
    pub(crate) values: IndexMap<String, Value>,
    pub(crate) before: Option<Row>,
}
