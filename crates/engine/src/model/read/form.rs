//! As Django's forms read: every input is a text that somebody typed, or is as good as one.
//!
//! A field is parsed (the first fault ends it), what is empty is looked at next, then the form's own rules speak, all
//! of them, and then the model's, if the form had nothing to say.

mod choice;
mod file;
mod moment;
mod number;
mod piece;
mod relation;
mod strptime;
mod text;
mod truth;
mod url;

use jiff::tz::Offset;

use super::python::Sent;
use super::{Reading, Verdict, check};
use crate::model::{Field, FieldKind, Flaw, FlawKind};
use crate::store::Dialect;
use crate::value::{Raw, Value};

/// What a form made of one input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled {
    /// The value as it was entered: a number with the digits that were typed.
    pub(crate) value: Value,
    /// The offset of a moment as it was entered.
    pub(crate) offset: Option<Offset>,
    /// The keys of related rows: as they were sent, and what they mean.
    pub(crate) keys: Vec<(String, Value)>,
    /// What the form and the model say of it.
    pub(crate) flaws: Vec<Flaw>,
}

/// An input that was parsed.
#[derive(Debug, Clone, PartialEq)]
struct Parsed {
    value: Value,
    offset: Option<Offset>,
    keys: Vec<(String, Value)>,
    /// A whole number that no column holds.
    beyond: bool,
}

impl From<Value> for Parsed {
    fn from(value: Value) -> Parsed {
        Parsed { value, offset: None, keys: Vec::new(), beyond: false }
    }
}

impl Field {
    /// Reads an input as a form does, with everything that can be said of it alone; `None` for one that was not sent.
    ///
    /// # Errors
    /// Every flaw, in the order they are reported.
    pub fn read_input(&self, raw: Option<&Raw>, reading: &Reading<'_>) -> Result<Value, Vec<Flaw>> {
        let filled = self.fill(raw, reading).map_err(|flaw| vec![flaw])?;
        if filled.flaws.is_empty() { Ok(filled.value) } else { Err(filled.flaws) }
    }

    /// What an input means, whether or not the field takes it: what a form shows that was filled in for somebody. An
    /// instant comes with the offset from UTC that it was entered with.
    ///
    /// # Errors
    /// The flaw of an input that means nothing.
    pub fn parse_input(&self, raw: &Raw, reading: &Reading<'_>) -> Result<(Value, Option<Offset>), Flaw> {
        parse(self, Sent::of(raw), raw, reading).map(|parsed| (parsed.value, parsed.offset))
    }

    /// Reads an input as a form does.
    pub(crate) fn fill(&self, raw: Option<&Raw>, reading: &Reading<'_>) -> Verdict<Filled> {
        let nothing = Raw::Json(serde_json::Value::Null);
        let raw = raw.unwrap_or(&nothing);
        let Parsed { value, offset, keys, beyond } = parse(self, Sent::of(raw), raw, reading)?;
        let flaws = if is_empty(&value) {
            if self.needs_input() { vec![FlawKind::Required.into()] } else { Vec::new() }
        } else {
            self.rules(&value, beyond, reading.dialect)
        };
        Ok(Filled { value, offset, keys, flaws })
    }

    /// What a form says of a value that is there already, and that nobody touched.
    pub(crate) fn inspect(&self, value: &Value, dialect: Dialect) -> Vec<Flaw> {
        if let FieldKind::File { .. } | FieldKind::Json | FieldKind::Bytes = self.kind {
            return Vec::new();
        }
        if !self.choices.is_empty()
            && self.target().is_none()
            && !is_empty(value)
            && let Err(flaw) = choice::find(self, &choice::text_of(value))
        {
            return vec![flaw];
        }
        let blank = value.as_text().is_some_and(|text| super::python::strip(text).is_empty());
        match blank || is_empty(value) {
            true if self.needs_input() => vec![FlawKind::Required.into()],
            true => Vec::new(),
            false => self.rules(value, false, dialect),
        }
    }

    /// A value as the column keeps it.
    pub(crate) fn as_stored(&self, value: &Value) -> Value {
        match (&self.kind, value) {
            (FieldKind::Decimal { places, .. }, Value::Decimal(number)) => {
                Value::Decimal(number.with_scale((*places).into()))
            }
            (FieldKind::Text { .. }, Value::Text(text)) if self.is_address() && text.is_empty() => Value::Null,
            (_, value) => value.clone(),
        }
    }

    /// Whether a form must be given something: a box that may be ticked needs not be.
    #[must_use]
    pub fn needs_input(&self) -> bool {
        !self.blank && (self.kind != FieldKind::Bool || !self.choices.is_empty())
    }

    /// What the form's own rules say of a value, or else the model's.
    fn rules(&self, value: &Value, beyond: bool, dialect: Dialect) -> Vec<Flaw> {
        let plain = self.choices.is_empty();
        let flaws = match &self.kind {
            FieldKind::Text { max, format } if plain => text::rules(value, *format, *max),
            FieldKind::Int { width, positive } if plain => number::form_rules(value, *width, *positive, beyond),
            _ => Vec::new(),
        };
        if !flaws.is_empty() {
            return flaws;
        }
        let mut flaws: Vec<Flaw> = self.checks.iter().filter_map(|check| check::judge(check, value).err()).collect();
        flaws.extend(number::range_rule(self, value, beyond, dialect));
        flaws
    }
}

fn parse(field: &Field, sent: Sent<'_>, raw: &Raw, reading: &Reading<'_>) -> Verdict<Parsed> {
    if let FieldKind::File { max, image, .. } = &field.kind {
        return file::parse(sent, *max, *image).map(Parsed::from);
    }
    if let FieldKind::Many { .. } = field.kind {
        return relation::many(field, sent, reading);
    }
    if field.kind == FieldKind::Bool && field.choices.is_empty() {
        return Ok(Value::from(truth::parse(sent, field.null)).into());
    }
    if is_nothing(sent) && field.kind != FieldKind::Json {
        return Ok(field.empty_input().into());
    }
    if let FieldKind::One { .. } = field.kind {
        return relation::one(field, sent, reading);
    }
    if !field.choices.is_empty() {
        return choice::find(field, &sent.text()).map(Parsed::from);
    }
    match &field.kind {
        FieldKind::Text { format, .. } => text::parse(field, sent, *format).map(Parsed::from),
        FieldKind::Int { .. } | FieldKind::Auto(_) => number::whole(sent),
        FieldKind::Float => number::float(sent).map(Parsed::from),
        FieldKind::Decimal { digits, places } => number::decimal(sent, *digits, *places).map(Parsed::from),
        FieldKind::Date => moment::date(sent).map(Parsed::from),
        FieldKind::Time => moment::time(sent).map(Parsed::from),
        FieldKind::DateTime => moment::instant(sent, reading.zone),
        FieldKind::Duration => piece::duration(sent, reading.dialect).map(Parsed::from),
        FieldKind::Uuid => piece::uuid(sent).map(Parsed::from),
        FieldKind::Json => piece::json(raw).map(Parsed::from),
        _ => Err(FlawKind::NotText.into()),
    }
}

impl Field {
    /// What an empty input means.
    fn empty_input(&self) -> Value {
        let FieldKind::Text { format, .. } = &self.kind else { return Value::Null };
        let null = self.null && (text::is_line(*format) || !self.choices.is_empty());
        if null { Value::Null } else { Value::from("") }
    }
}

/// Whether nothing was typed. Forms take empty lists and objects for nothing, too.
fn is_nothing(sent: Sent<'_>) -> bool {
    match sent {
        Sent::Null => true,
        Sent::Text(text) => text.is_empty(),
        Sent::List(items) => items.is_empty(),
        Sent::Texts(texts) => texts.is_empty(),
        Sent::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// Whether a value is as good as none.
pub(crate) fn is_empty(value: &Value) -> bool {
    use serde_json::Value as Json;
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Keys(keys) => keys.is_empty(),
        Value::Json(Json::Array(items)) => items.is_empty(),
        Value::Json(Json::Object(object)) => object.is_empty(),
        Value::Json(Json::String(text)) => text.is_empty(),
        _ => false,
    }
}
