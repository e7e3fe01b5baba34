//! A form that somebody filled in: every input is read, and what nobody touched is looked at again.

use indexmap::IndexMap;

use super::inquiry::Inquiry;
use super::layout::Layout;
use super::{Clean, Entered, Payload, store_file};
use crate::admin::Draft;
use crate::context::Context;
use crate::error::{FieldErrors, Result};
use crate::model::read::{Filled, is_empty};
use crate::model::{Field, FieldKind, Flaw, FlawKind, Model, Row};
use crate::permit::Permit;
use crate::value::{Raw, Upload, Value};

/// Keys that a relation's field holds: as they were sent, and what they mean.
pub(super) type Keys = Vec<(String, Value)>;

/// The inputs of a form, read.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// The form's fields, in its order.
    pub(super) fields: Vec<usize>,
    /// Fields whose values are given, whatever was sent; they count where values must be unique.
    pub(super) given: Vec<usize>,
    /// What is wrong, by field.
    pub(super) flaws: IndexMap<usize, Vec<Flaw>>,
    /// Keys of related rows, by field.
    pub(super) keys: Vec<(usize, Keys)>,
    uploads: IndexMap<String, Upload>,
    entered: IndexMap<String, Entered>,
}

/// Judges a form for a new row, or for the row `before`. All inputs are read; the admin's own rule speaks if they
/// could be; then the database is asked about everything that has not failed.
pub(super) async fn clean(
    cx: &mut Context,
    permit: &Permit<'_>,
    payload: Payload,
    before: Option<Row>,
    given: &[(String, Value)],
) -> Result<Clean> {
    let resource = permit.resource();
    let model = &resource.model;
    let layout = Layout::of(resource, cx.who(), before.as_ref(), payload.withheld);
    let mut draft = Draft::new(before);
    draft.values.extend(given.iter().cloned());
    let mut paper = Paper::read(cx, model, layout.writable(model), payload, &mut draft);
    let position = |(name, _): &(String, Value)| model.fields.iter().position(|field| field.name == *name);
    paper.given = given.iter().filter_map(position).collect();
    if paper.flaws.is_empty() {
        resource.admin.clean(cx, &mut draft).await?;
    }
    let inquiry = Inquiry::of(cx, resource, &paper, &draft)?;
    let found = inquiry.answer(cx, model, &draft).await?;
    paper.gather(model, &draft, found).into_result()?;
    let (mut values, before) = draft.into_parts();
    store_file::stage_all(cx, model, paper.uploads, &mut values).await?;
    let fields = paper.fields.iter().map(|at| model.fields[*at].name.clone()).collect();
    let mut clean = Clean { values, before, fields, entered: paper.entered, idle: false };
    clean.settle(model);
    Ok(clean)
}

impl Clean {
    /// Leaves only what changes; but a row that gets another key is a whole new one.
    fn settle(&mut self, model: &Model) {
        let Some(before) = &self.before else { return };
        if !self.is_copy() {
            self.values.retain(|name, value| before.get(name) != value);
            return;
        }
        for (field, value) in before.pairs() {
            let own = field.is_column() && field.stamp.is_none() || self.fields.contains(&field.name);
            if own && !self.values.contains_key(&field.name) {
                self.values.insert(field.name.clone(), value.clone());
            }
        }
        debug_assert!(self.values.contains_key(&model.primary_key), "a copy has a key of its own");
    }
}

impl Paper {
    fn read(cx: &Context, model: &Model, fields: Vec<usize>, mut payload: Payload, draft: &mut Draft) -> Paper {
        let mut paper = Paper::default();
        for &at in &fields {
            let field = &model.fields[at];
            let raw = payload.fields.swap_remove(&field.name);
            if let FieldKind::File { .. } = field.kind {
                let clear = payload.cleared.contains(&field.name) && field.blank;
                paper.file(cx, at, field, raw, clear, draft);
                continue;
            }
            match raw.filter(|raw| !matches!(raw, Raw::File(_))) {
                None if payload.partial && draft.before().is_some() => paper.keep(cx, at, field, draft),
                raw => paper.fill(cx, at, field, raw.as_ref(), draft),
            }
        }
        Paper { fields, ..paper }
    }

    /// Looks again at what nobody touched.
    fn keep(&mut self, cx: &Context, at: usize, field: &Field, draft: &Draft) {
        let Some(value) = draft.before().map(|row| row.get(&field.name)) else { return };
        self.blame(at, field.inspect(value, cx.site().reading().dialect));
        if field.is_address() && value.is_null() {
            // A form shows an address that is none as an empty text, touched or not.
            let shown = Entered { value: Value::from(""), offset: None, stored: Value::Null };
            self.entered.insert(field.name.clone(), shown);
        }
        match value {
            Value::Keys(keys) => self.keys.push((at, keys.iter().map(|key| (key.to_string(), key.clone())).collect())),
            key if field.target().is_some() && !key.is_null() => {
                self.keys.push((at, vec![(key.to_string(), key.clone())]));
            }
            _ => {}
        }
    }

    /// Reads an input; one that was not sent is an empty one.
    fn fill(&mut self, cx: &Context, at: usize, field: &Field, raw: Option<&Raw>, draft: &mut Draft) {
        let Filled { value, offset, keys, flaws } = match field.fill(raw, &cx.site().reading()) {
            Ok(filled) => filled,
            Err(flaw) => return self.blame(at, vec![flaw]),
        };
        if !flaws.is_empty() {
            return self.blame(at, flaws);
        }
        if raw.is_none() && is_empty(&value) && has_own_start(field) {
            // What was not sent has its initial value, or the one it had.
            if draft.before().is_none()
                && let Some(initial) = field.initial_value(cx.now(), cx.site().zone())
            {
                draft.values.insert(field.name.clone(), initial);
            }
            return;
        }
        if !keys.is_empty() {
            self.keys.push((at, keys));
        }
        let stored = field.as_stored(&value);
        draft.values.insert(field.name.clone(), stored.clone());
        if offset.is_some() || looks_different(&value, &stored) {
            self.entered.insert(field.name.clone(), Entered { value, offset, stored });
        }
    }

    /// A file is kept unless another one comes or it is to be emptied.
    fn file(&mut self, cx: &Context, at: usize, field: &Field, raw: Option<Raw>, clear: bool, draft: &mut Draft) {
        let had = draft.before().is_some_and(|row| !is_empty(row.get(&field.name)));
        match raw {
            Some(Raw::File(_)) if clear => self.blame(at, vec![FlawKind::FileAndClear.into()]),
            Some(Raw::File(upload)) => {
                let raw = Raw::File(upload.clone());
                self.fill(cx, at, field, Some(&raw), draft);
                self.uploads.insert(field.name.clone(), upload);
            }
            _ if clear => {
                draft.values.insert(field.name.clone(), Value::from(""));
            }
            _ if had => {}
            _ if field.needs_input() => self.blame(at, vec![FlawKind::Required.into()]),
            _ if draft.before().is_none() => self.fill(cx, at, field, None, draft),
            _ => {}
        }
    }

    fn blame(&mut self, at: usize, flaws: Vec<Flaw>) {
        if !flaws.is_empty() {
            self.flaws.entry(at).or_default().extend(flaws);
        }
    }

    /// All that is wrong: in the form's order what reading said, then what the admin and the database said.
    fn gather(&self, model: &Model, draft: &Draft, found: FieldErrors) -> FieldErrors {
        let mut errors = FieldErrors::default();
        for at in &self.fields {
            for flaw in self.flaws.get(at).into_iter().flatten() {
                errors.add(&model.fields[*at].name, flaw.clone());
            }
        }
        for (name, flaws) in draft.errors.fields.iter().chain(&found.fields) {
            for flaw in flaws {
                errors.add(name, flaw.clone());
            }
        }
        errors.whole = draft.errors.whole.iter().cloned().chain(found.whole).collect();
        errors
    }
}

/// Whether a field that was not sent starts with a value of its own. Boxes and lists are always sent: empty.
fn has_own_start(field: &Field) -> bool {
    let always = matches!(field.kind, FieldKind::Bool | FieldKind::Many { .. }) && field.choices.is_empty();
    field.initial.is_some() && !always
}

/// Whether a value is written otherwise than what is stored of it.
fn looks_different(value: &Value, stored: &Value) -> bool {
    match (value, stored) {
        (Value::Decimal(value), Value::Decimal(stored)) => {
            value.as_bigint_and_exponent() != stored.as_bigint_and_exponent()
        }
        (value, stored) => value != stored,
    }
}
