//! Every writable field read, with what was said of each.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{Payload, is_required};
use crate::admin::Draft;
use crate::context::Context;
use crate::error::FieldErrors;
use crate::model::read::{self, Judged};
use crate::model::{Field, FieldKind, Flaw, FlawKind, Model, Reading};
use crate::value::{Raw, Upload, Value};

/// What reading said of one field.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Flaws that are reported before uniqueness; or the one that stopped the reading.
    pub(super) early: Vec<Flaw>,
    /// Flaws that are reported after it.
    pub(super) late: Vec<Flaw>,
    /// Keys of related rows: as they were sent, and what they mean.
    pub(super) keys: Vec<(String, Value)>,
}

/// All writable fields, read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// What was said, by the field's position.
    pub(super) lines: HashMap<usize, Line>,
    /// Uploads that wait for their names.
    pub(super) uploads: IndexMap<String, Upload>,
    /// File fields that null empties.
    cleared: Vec<usize>,
}

impl Sheet {
    /// Reads every writable field into a draft.
    pub(super) fn read(
        cx: &Context,
        model: &Model,
        fields: &[usize],
        mut payload: Payload,
        draft: &mut Draft,
    ) -> Sheet {
        let mut sheet = Sheet::default();
        let reading = cx.site().reading();
        for &at in fields {
            let field = &model.fields[at];
            let value = match payload.fields.swap_remove(&field.name) {
                Some(raw) => sheet.take(at, field, raw, &reading),
                None if payload.partial => None,
                None => sheet.fill(cx, at, field, draft.before().is_none()),
            };
            if let Some(value) = value {
                draft.values.insert(field.name.clone(), value);
            }
        }
        sheet
    }

    /// Reads columns into a draft: null stands for the initial value of a new row, and what is absent stays as it is.
    pub(super) fn read_columns(
        cx: &Context,
        model: &Model,
        fields: &[usize],
        mut payload: Payload,
        draft: &mut Draft,
    ) -> Sheet {
        let mut sheet = Sheet::default();
        let reading = cx.site().reading();
        let new = draft.before().is_none();
        for &at in fields {
            let field = &model.fields[at];
            let sent = payload.fields.swap_remove(&field.name);
            let value = match sent.filter(|raw| !(new && read::is_nothing(field, raw))) {
                Some(raw) => sheet.take_column(at, field, &raw, draft, &reading),
                None if new && !field.is_auto() && field.stamp.is_none() => sheet.fill(cx, at, field, true),
                None => None,
            };
            if let Some(value) = value {
                draft.values.insert(field.name.clone(), value);
            }
        }
        sheet
    }

    /// Reads what was sent for a column. The name of a file is only taken if it is the one that is there, or empty; of
    /// bytes nothing is taken but the text that they are shown as, which leaves them.
    fn take_column(
        &mut self,
        at: usize,
        field: &Field,
        raw: &Raw,
        draft: &Draft,
        reading: &Reading<'_>,
    ) -> Option<Value> {
        let line = self.lines.entry(at).or_default();
        if read::is_nothing(field, raw) {
            if !field.null {
                line.early.push(FlawKind::Null.into());
            }
            return field.null.then_some(Value::Null);
        }
        if field.kind == FieldKind::Bytes && draft.before().is_some_and(|row| reads_as(row.get(&field.name), raw)) {
            return None;
        }
        let Judged { value, early, late } =
            field.judge_as_column(raw, reading).map_err(|flaw| line.early.push(flaw)).ok()?;
        line.early.extend(early);
        line.late = late;
        if let FieldKind::One { .. } = field.kind {
            line.keys.push((read::given(raw), value.clone()));
        }
        let is_there = || draft.before().is_some_and(|before| before.get(&field.name) == &value);
        if let FieldKind::File { .. } = field.kind
            && value.as_text() != Some("")
            && !is_there()
        {
            line.early.push(FlawKind::NotFile.into());
        }
        Some(value)
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_fine(&self) -> bool {
        self.lines.values().all(|line| line.early.is_empty() && line.late.is_empty())
    }

    /// A null for a file that may be empty empties it. When the form is refused for other reasons, it is named with
    /// them: whoever sends it cannot know whether the row had a file.
    pub(super) fn blame_cleared_files(&self, model: &Model, errors: &mut FieldErrors) {
        for &at in &self.cleared {
            errors.add(&model.fields[at].name, FlawKind::Null);
        }
        let order = super::field_order(model);
        let place = |name: &str| order.iter().position(|at| model.fields[*at].name == name);
        errors.fields.sort_by_cached_key(|name, _| place(name).unwrap_or(usize::MAX));
    }

    /// Reads what was sent for a field.
    fn take(&mut self, at: usize, field: &Field, raw: Raw, reading: &Reading<'_>) -> Option<Value> {
        let line = self.lines.entry(at).or_default();
        if let FieldKind::File { .. } = field.kind
            && field.blank
            && !field.null
            && raw == Raw::Json(serde_json::Value::Null)
        {
            self.cleared.push(at);
            return Some(Value::from(""));
        }
        let judged = match (&field.kind, &raw) {
            (FieldKind::Many { .. }, raw) if *raw != Raw::Json(serde_json::Value::Null) => {
                read::keys(field, raw, reading).map(|keys| {
                    line.early.extend(keys.stopped);
                    line.keys = keys.read;
                    let mut values: Vec<Value> = Vec::new();
                    for (_, value) in &line.keys {
                        if !values.contains(value) {
                            values.push(value.clone());
                        }
                    }
                    Judged { value: Value::Keys(values), early: Vec::new(), late: Vec::new() }
                })
            }
            (_, raw) => field.judge(raw, reading),
        };
        let Judged { value, early, late } = judged.map_err(|flaw| line.early.push(flaw)).ok()?;
        line.early.extend(early);
        line.late = late;
        if let FieldKind::One { .. } = field.kind
            && !value.is_null()
        {
            line.keys.push((read::given(&raw), value.clone()));
        }
        if let Raw::File(upload) = raw {
            self.uploads.insert(field.name.clone(), upload);
        }
        Some(value)
    }

    /// The value of a field of which nothing was said: for a new row its initial value, else what is there.
    fn fill(&mut self, cx: &Context, at: usize, field: &Field, new: bool) -> Option<Value> {
        if is_required(field) {
            let missing =
                if matches!(field.kind, FieldKind::File { .. }) { FlawKind::NoFile } else { FlawKind::Required };
            self.lines.entry(at).or_default().early.push(missing.into());
            return None;
        }
        if !new || matches!(field.kind, FieldKind::Many { .. }) {
            return None;
        }
        let empty = || if field.null { Value::Null } else { Value::from("") };
        Some(field.initial_value(cx.now(), cx.site().zone()).unwrap_or_else(empty))
    }
}

/// Whether a text is what bytes are shown as.
fn reads_as(stored: &Value, raw: &Raw) -> bool {
    let (Raw::Text(sent) | Raw::Json(serde_json::Value::String(sent))) = raw else { return false };
    match stored {
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes) == sent.as_str(),
        // What no column of bytes should hold, and SQLite does.
        Value::Text(text) => text == sent,
        _ => false,
    }
}
