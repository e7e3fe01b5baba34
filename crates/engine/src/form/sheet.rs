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
