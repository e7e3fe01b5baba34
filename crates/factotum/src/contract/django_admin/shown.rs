//! The values of a form: those of a row with the names of what it points to, as they are told.

use std::collections::HashMap;

use factotum_engine::form::spec::{Entry, Input, Source};
use factotum_engine::model::{Field, FieldKind};
use factotum_engine::ops::Names;
use factotum_engine::{Principal, Record, Resource, Site, Value};
use indexmap::IndexMap;
use jiff::tz::{Offset, TimeZone};

use super::{file, response};
use crate::http::json as text;

/// A row that is being told, with all that is needed for it.
pub(super) struct Shown<'a> {
    site: &'a Site,
    resource: &'a Resource,
    /// Where relations lead, by the field's position, for those who may go there.
    targets: HashMap<usize, String>,
    /// The offsets from UTC that instants are told with, by field.
    offsets: IndexMap<String, Offset>,
}

/// Whether files are told as their names or with their addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    Named,
    Linked,
}

impl<'a> Shown<'a> {
    pub(super) fn new(site: &'a Site, who: &Principal, resource: &'a Resource) -> Shown<'a> {
        let fields = resource.model.fields.iter().enumerate();
        let leads = |(at, field): (usize, &Field)| Some((at, response::target(site, who, field.target()?)?));
        Shown { site, resource, targets: fields.filter_map(leads).collect(), offsets: IndexMap::new() }
    }

    /// Tells instants with the offsets that somebody entered.
    pub(super) fn with_offsets(mut self, offsets: IndexMap<String, Offset>) -> Shown<'a> {
        self.offsets = offsets;
        self
    }

    /// Writes the value of an entry of a row.
    pub(super) fn entry(&self, out: &mut Vec<u8>, entry: &Entry, record: &Record, names: &Names) {
        if entry.input == Some(Input::Password) {
            return out.extend_from_slice(b"null");
        }
        self.value(out, entry.source, record, names, Files::Linked);
    }

    /// Writes what a source gives of a row.
    pub(super) fn value(&self, out: &mut Vec<u8>, source: Source, record: &Record, names: &Names, files: Files) {
        match source {
            Source::Field(at) => self.field(out, at, record, names, files),
            Source::Column(at) => {
                let column = &self.resource.columns[at];
                match record.computed.get(&column.name) {
                    Some(Value::Text(html)) if column.markup => response::markup(out, html),
                    Some(value) => response::value(out, value),
                    None => out.extend_from_slice(b"null"),
                }
            }
            Source::Label => text::text(out, &record.label),
            Source::Nothing => out.extend_from_slice(b"null"),
        }
    }

    fn field(&self, out: &mut Vec<u8>, at: usize, record: &Record, names: &Names, files: Files) {
        let field = &self.resource.model.fields[at];
        let to = self.targets.get(&at).map(String::as_str);
        match (&field.kind, &record.row.values[at]) {
            (FieldKind::One { .. }, value) if !value.is_null() => {
                let label = record.related.get(&field.name).map_or_else(|| nameless(field, value), str::to_owned);
                response::relation(out, value, &label, to);
            }
            (FieldKind::Many { .. }, Value::Keys(keys)) => text::list(out, keys, |out, key| {
                let label = names.of(&field.name, key).map_or_else(|| nameless(field, key), str::to_owned);
                response::relation(out, key, &label, to);
            }),
            (FieldKind::Many { .. }, _) => out.extend_from_slice(b"[]"),
            (FieldKind::File { .. }, value) if files == Files::Linked => file::write(out, self.site.files(), value),
            (_, value) => self.plain(out, field, value),
        }
    }

    fn plain(&self, out: &mut Vec<u8>, field: &Field, value: &Value) {
        match (value, self.offsets.get(&field.name)) {
            (Value::DateTime(instant), Some(offset)) => {
                text::instant_with(out, *instant, &TimeZone::fixed(*offset), b"+00:00");
            }
            (value, _) => response::value(out, value),
        }
    }
}

/// What stands for the name of a row that is not there.
fn nameless(field: &Field, key: &Value) -> String {
    field.target().map_or_else(|| key.to_string(), |to| format!("<{}: {key}>", to.name))
}
