//! What was sent for a form: which keys it may have, and how a JSON object and a multipart body become one.

use factotum_engine::form::layout::Layout;
use factotum_engine::form::new_password::{FIRST, SECOND};
use factotum_engine::form::{Manner, Payload};
use factotum_engine::model::FieldKind;
use factotum_engine::{Field, Principal, Raw, Resource};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{Call, error, inlines, redact, request};
use crate::http::python::repr;
use crate::http::{BadBody, Body, Fault, Form, body};

/// The member of a JSON body that holds children.
const INLINES: &str = "inlines";
/// What a field's name ends with that empties a file.
const CLEAR: &str = "-clear";
/// Names that the form for a new user has beside its fields.
pub(super) const PASSWORD_FIELDS: [&str; 3] = [FIRST, SECOND, "usable_password"];

/// What was sent, before anybody asked whether it may be.
#[derive(Debug)]
pub(super) enum Sent {
    /// A JSON object.
    Members(Map<String, Json>),
    /// A multipart form.
    Form(Form),
}

/// Reads the body: multipart if it says so, else JSON whatever it says.
pub(super) async fn read(call: &Call) -> Result<Sent, Fault> {
    let declared = call.head.header("content-type").unwrap_or("").trim_start().to_ascii_lowercase();
    if !declared.starts_with("multipart/form-data") {
        return request::members(call).map(Sent::Members);
    }
    let malformed = |fault| match fault {
        Fault::BadBody(BadBody::Form(_)) | Fault::WrongMedia { .. } if call.head.method == http::Method::PATCH => {
            error::bad_request("Malformed multipart/form-data body.")
        }
        fault => fault,
    };
    if call.body.is_empty() && !declared.contains("boundary=") {
        return Err(malformed(Fault::BadBody(BadBody::Form(String::new()))));
    }
    match body::read(&call.head, &call.body).await.map_err(malformed)? {
        Body::Form(form) => Ok(Sent::Form(form)),
        Body::Json(_) | Body::Empty => Ok(Sent::Form(Form::default())),
    }
}

/// What a body is sent for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Desk<'a> {
    /// Who sent it.
    pub(super) who: &'a Principal,
    /// The resource.
    pub(super) resource: &'a Resource,
    /// Its form for who asks.
    pub(super) layout: &'a Layout,
    /// Whether a row is there already.
    pub(super) change: bool,
    /// Names that are taken beside the fields.
    pub(super) beside: &'a [&'a str],
}

impl<'a> Desk<'a> {
    /// The fields that the form sets.
    fn writable(&self) -> Vec<&'a Field> {
        let model = &self.resource.model;
        self.layout.writable(model).into_iter().map(|at| &model.fields[at]).collect()
    }

    /// Makes a form of what was sent; the first key that does not belong there is told. Children that are none are only
    /// to be told once the form itself has been judged: that is the second part.
    pub(super) fn payload(&self, sent: Sent) -> Result<(Payload, Result<(), Fault>), Fault> {
        let writable = self.writable();
        let payload = Payload { manner: Manner::Form, withheld: redact::WORDS, ..Payload::default() };
        match sent {
            Sent::Members(mut members) => {
                let children = members.shift_remove(INLINES);
                self.check(&writable, members.keys().map(String::as_str), false)?;
                let (children, told) = match inlines::read(self.resource, self.who, children) {
                    Ok(children) => (children, Ok(())),
                    Err(malformed) => (Vec::new(), Err(malformed)),
                };
                let fields = members.into_iter().map(|(name, value)| (name, Raw::Json(value))).collect();
                Ok((Payload { fields, children, partial: self.change, ..payload }, told))
            }
            Sent::Form(form) => {
                let names = form.fields.iter().map(|(name, _)| name).chain(form.files.iter().map(|(name, _)| name));
                self.check(&writable, names.map(String::as_str), self.change)?;
                let cleared = writable.iter().filter(|field| is_cleared(&form, &field.name));
                let cleared = cleared.map(|field| field.name.clone()).collect();
                let raw = |field: &&Field| Some((field.name.clone(), self.raw(field, &form)?));
                Ok((Payload { fields: writable.iter().filter_map(raw).collect(), cleared, ..payload }, Ok(())))
            }
        }
    }

    /// Checks the members of an object that holds fields and nothing else.
    pub(super) fn fields(&self, members: Map<String, Json>) -> Result<Payload, Fault> {
        self.check(&self.writable(), members.keys().map(String::as_str), false)?;
        let fields: IndexMap<_, _> = members.into_iter().map(|(name, value)| (name, Raw::Json(value))).collect();
        let (manner, withheld) = (Manner::Form, redact::WORDS);
        Ok(Payload { fields, partial: self.change, manner, withheld, ..Payload::default() })
    }

    fn check<'n>(&self, writable: &[&Field], names: impl Iterator<Item = &'n str>, clears: bool) -> Result<(), Fault> {
        for name in names.filter(|name| !self.beside.contains(name)) {
            let fixed = self.layout.is_read_only(name) || self.resource.options.exclude.iter().any(|it| it == name);
            if fixed {
                return Err(error::bad_request(&format!("Field {} is read-only.", repr(name))));
            }
            if redact::is_sensitive(name) {
                return Err(error::bad_request(&format!("Field {} is not writable.", repr(name))));
            }
            let is = |wanted: &str| writable.iter().find(|field| field.name == wanted);
            let file = |field: &&&Field| matches!(field.kind, FieldKind::File { .. });
            let clear = clears && name.strip_suffix(CLEAR).and_then(is).filter(file).is_some();
            if is(name).is_none() && !clear {
                return Err(error::bad_request(&format!("Unknown field {}.", repr(name))));
            }
        }
        Ok(())
    }

    /// What a multipart form says of a field.
    fn raw(&self, field: &Field, form: &Form) -> Option<Raw> {
        if let FieldKind::File { .. } = field.kind {
            let uploads =
                form.files.iter().rev().filter(|(name, upload)| *name == field.name && !upload.name.is_empty());
            return uploads.map(|(_, upload)| Raw::File(upload.clone())).next();
        }
        let texts: Vec<String> =
            form.fields.iter().filter(|(name, _)| *name == field.name).map(|(_, text)| text.clone()).collect();
        let last = texts.last()?.clone();
        match &field.kind {
            // One input holds all keys, parted by commas.
            FieldKind::Many { .. } if self.resource.options.raw_id_fields.contains(&field.name) => {
                let keys = texts.iter().flat_map(|text| text.split(',')).filter(|key| !key.is_empty());
                Some(Raw::Texts(keys.map(str::to_owned).collect()))
            }
            FieldKind::Many { .. } => Some(Raw::Texts(texts)),
            _ => Some(Raw::Text(last)),
        }
    }
}

/// Whether a form empties a file: its box is ticked.
fn is_cleared(form: &Form, name: &str) -> bool {
    let box_of = |field: &str| field.strip_suffix(CLEAR) == Some(name);
    let ticked = form.fields.iter().rev().find(|(field, _)| box_of(field)).map(|(_, text)| text.as_str());
    ticked.is_some_and(|text| !text.is_empty() && !text.eq_ignore_ascii_case("false"))
}

/// The raw value of a name, whatever the body came as.
pub(super) fn raw_of(sent: &Sent, name: &str) -> Option<Raw> {
    match sent {
        Sent::Members(members) => members.get(name).cloned().map(Raw::Json),
        Sent::Form(form) => form.last(name).map(|text| Raw::Text(text.to_owned())),
    }
}
