//! What is told of each field: the parts that never change, made once for each model, and between them what does.

use std::collections::HashMap;

use factotum_engine::admin::Direction;
use factotum_engine::form::spec::{Entry, Input};
use factotum_engine::model::{Field, FieldKind, TextFormat};
use factotum_engine::{Resource, Site};
use serde_json::{Map, Value as Json, json};

use super::{response, widget};
use crate::http::json as text;

const HOLD_DOWN: &str = "Hold down “Control”, or “Command” on a Mac, to select more than one.";

/// What is told of the fields of a model's forms, by name.
#[derive(Debug, Default)]
pub(super) struct Pieces(HashMap<String, Piece>);

/// What never changes of one field.
#[derive(Debug)]
pub(super) struct Piece {
    /// What it is.
    pub(super) entry: Entry,
    /// Name, type, label and hint of a field that can be filled in, and of one that cannot.
    heads: [Vec<u8>; 2],
    /// The extras of a descriptor.
    extras: Vec<u8>,
    /// The extras of an entry of a form spec; its input is that of a field that can be filled in.
    spec_extras: Vec<u8>,
    input: Vec<u8>,
}

/// What a form says of a field besides what it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Whether the form can set it.
    pub(super) open: bool,
    /// Whether it was declared as one that no form sets.
    pub(super) read_only: bool,
}

impl Pieces {
    /// The pieces of a model: of its fields, of its computed columns, and of every name that its forms show.
    pub(super) fn of(site: &Site, resource: &Resource) -> Pieces {
        let options = &resource.options;
        let fields = resource.model.fields.iter().map(|field| &field.name);
        let columns = resource.columns.iter().map(|column| &column.name);
        let groups = options.fieldsets.iter().flatten().flat_map(|group| group.fields.iter().flatten());
        let named = options.fields.iter().flatten().flatten().chain(groups).chain(&options.readonly_fields);
        let piece = |name: &String| (name.clone(), Piece::of(site, resource, name));
        Pieces(fields.chain(columns).chain(named).map(piece).collect())
    }

    /// The piece of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Piece> {
        self.0.get(name)
    }
}

impl Piece {
    pub(super) fn of(site: &Site, resource: &Resource, name: &str) -> Piece {
        let model = &resource.model;
        let entry = Entry::of(site, resource, name);
        let field = entry.field(model);
        let extras = field.map(extras).unwrap_or_default();
        let mut own = extras.clone();
        if let Some(hint) = entry.input.and_then(hint) {
            own.insert("widget".to_owned(), json!(hint));
        }
        let input = field.map_or_else(widget::custom, |field| widget::widget(model, &entry, field));
        Piece {
            heads: [head(&entry, field, true), head(&entry, field, false)],
            extras: members(&own),
            spec_extras: members(&extras),
            input: written(&input),
            entry,
        }
    }

    /// Writes the descriptor with its name; `value` writes the value.
    pub(super) fn describe(&self, out: &mut Vec<u8>, standing: Standing, value: impl FnOnce(&mut Vec<u8>)) {
        self.start(out, standing);
        out.extend_from_slice(b",\"value\":");
        value(out);
        out.extend_from_slice(&self.extras);
        out.push(b'}');
    }

    /// Writes the entry of a form spec with its name; `value` writes the initial value.
    pub(super) fn specify(&self, out: &mut Vec<u8>, standing: Standing, value: impl FnOnce(&mut Vec<u8>)) {
        self.start(out, standing);
        out.extend_from_slice(b",\"errors\":[],\"initial\":");
        value(out);
        out.extend_from_slice(&self.spec_extras);
        out.extend_from_slice(b",\"widget\":");
        if standing.open {
            out.extend_from_slice(&self.input);
        } else {
            out.extend_from_slice(b"{\"kind\":\"custom\",\"attrs\":{}}");
        }
        out.push(b'}');
    }

    fn start(&self, out: &mut Vec<u8>, standing: Standing) {
        out.extend_from_slice(&self.heads[usize::from(!standing.open)]);
        out.extend_from_slice(b",\"required\":");
        text::truth(out, standing.open && self.entry.required);
        out.extend_from_slice(b",\"readonly\":");
        text::truth(out, standing.read_only);
    }
}

fn head(entry: &Entry, field: Option<&Field>, open: bool) -> Vec<u8> {
    let mut out = Vec::new();
    text::text(&mut out, &entry.name);
    out.extend_from_slice(b":{\"type\":");
    let kind = match (field, open) {
        (Some(field), true) => drawn_type(field, entry),
        (Some(field), false) => told_type(field),
        (None, _) => "unsupported",
    };
    text::text(&mut out, kind);
    out.extend_from_slice(b",\"label\":");
    text::text(&mut out, &entry.title);
    out.extend_from_slice(b",\"help_text\":");
    text::text(&mut out, if entry.help.is_empty() && open { hint_of_many(entry, field) } else { &entry.help });
    out
}

/// What a list of which several are chosen says of itself.
fn hint_of_many(entry: &Entry, field: Option<&Field>) -> &'static str {
    let many = field.is_some_and(|field| !field.is_column());
    let lists = matches!(entry.input, Some(Input::Choices | Input::Shuttle(_)));
    if many && lists { HOLD_DOWN } else { "" }
}

/// The type of a field's values, whatever they may be chosen from.
pub(super) fn base_type(field: &Field) -> &'static str {
    match &field.kind {
        FieldKind::Auto(_) | FieldKind::Int { .. } => "integer",
        FieldKind::Bool => "boolean",
        FieldKind::Float => "float",
        FieldKind::Decimal { .. } => "decimal",
        FieldKind::Text { format, .. } => match format {
            TextFormat::Line | TextFormat::Email | TextFormat::Url => "string",
            TextFormat::Long => "text",
            TextFormat::Slug => "slug",
            TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6 => "ip",
        },
        FieldKind::Date => "date",
        FieldKind::Time => "time",
        FieldKind::DateTime => "datetime",
        FieldKind::Duration => "duration",
        FieldKind::Uuid => "uuid",
        FieldKind::Json => "json",
        FieldKind::Bytes => "binary",
        FieldKind::File { image: false, .. } => "file",
        FieldKind::File { image: true, .. } => "image",
        FieldKind::One { .. } => "foreignkey",
        FieldKind::Many { .. } => "manytomany",
    }
}

/// The type of a field: a choice where there are choices.
pub(super) fn told_type(field: &Field) -> &'static str {
    if field.choices.is_empty() || field.target().is_some() { base_type(field) } else { "choice" }
}

/// The type of a field as it is drawn: a text in an input of many lines is a long one.
fn drawn_type(field: &Field, entry: &Entry) -> &'static str {
    match (told_type(field), entry.input) {
        ("string", Some(Input::LongText)) => "text",
        ("text", Some(Input::Text)) => "string",
        (kind, _) => kind,
    }
}

/// The word for inputs that differ from the usual one.
fn hint(input: Input) -> Option<&'static str> {
    Some(match input {
        Input::Radio(Some(_)) => "radio",
        Input::Key => "raw_id",
        Input::Shuttle(Direction::Horizontal) => "shuttle_h",
        Input::Shuttle(Direction::Vertical) => "shuttle_v",
        Input::Search => "autocomplete",
        Input::Password => "password",
        _ => return None,
    })
}

fn extras(field: &Field) -> Map<String, Json> {
    let mut extras = Map::new();
    if let Some(to) = field.target() {
        extras.insert("to".to_owned(), json!({ "app_label": to.app, "model_name": to.lower_name() }));
        return extras;
    }
    let most = match &field.kind {
        FieldKind::Text { format: TextFormat::Ip | TextFormat::Ipv4 | TextFormat::Ipv6, max } => {
            Some(max.unwrap_or(39))
        }
        FieldKind::Text { max, .. } => *max,
        FieldKind::File { max, .. } => Some(*max),
        FieldKind::Uuid => Some(32),
        _ => None,
    };
    if let Some(most) = most {
        extras.insert("max_length".to_owned(), json!(most));
    }
    if let FieldKind::Decimal { places, .. } = field.kind {
        extras.insert("decimal_places".to_owned(), json!(places));
    }
    if !field.choices.is_empty() {
        let choice = |(value, label): &(_, String)| json!({ "value": response::document(value), "label": label });
        extras.insert("choices".to_owned(), field.choices.iter().map(choice).collect());
    }
    extras
}

/// Members of an object as text, each with a comma in front.
fn members(members: &Map<String, Json>) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, member) in members {
        out.push(b',');
        text::text(&mut out, name);
        out.push(b':');
        text::value(&mut out, member);
    }
    out
}

fn written(json: &Json) -> Vec<u8> {
    let mut out = Vec::new();
    text::value(&mut out, json);
    out
}
