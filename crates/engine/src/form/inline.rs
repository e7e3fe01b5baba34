//! Children that are sent with their parent: what was sent of each, and what only all of them together can have wrong.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::layout::Layout;
use super::{Clean, Manner, Payload};
use crate::context::Context;
use crate::error::{ChildErrors, FieldErrors, Result};
use crate::model::{Field, FieldKind, FlawKind, Initial, Row};
use crate::permit::Permit;
use crate::principal::Principal;
use crate::site::Child;
use crate::value::{Raw, Value};

/// The children that were sent for one inline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChildForms {
    /// The inline's position among those of the resource.
    pub inline: usize,
    /// What was sent of each child.
    pub rows: Vec<ChildForm>,
}

/// What was sent of one child. A child says everything: what it leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChildForm {
    /// Its key; `None` for a new one.
    pub key: Option<Raw>,
    /// Whether it is to be deleted.
    pub delete: bool,
    /// Raw values by field. Names that the form does not have say nothing.
    pub fields: IndexMap<String, Raw>,
}

impl ChildForm {
    /// The form of a child of a parent, complete.
    pub(crate) fn payload(&self, cx: &Context, child: &Child, before: Option<&Row>) -> Payload {
        let model = &child.resource.model;
        let layout = Layout::of(&child.resource, cx.who(), before, &[]);
        let complete = |at: usize| {
            let field = &model.fields[at];
            let said = self.fields.get(&field.name).cloned().or_else(|| left_out(field))?;
            Some((field.name.clone(), said))
        };
        let fields = layout.writable(model).into_iter().filter_map(complete).collect();
        Payload { fields, partial: false, manner: Manner::Form, ..Payload::default() }
    }

    /// Whether a new child says only what every new row has, too: then nobody meant it.
    pub(crate) fn says_nothing(&self, cx: &Context, child: &Child) -> bool {
        let payload = self.payload(cx, child, None);
        let same = |(name, raw): (&String, &Raw)| {
            child.resource.model.field(name).is_none_or(|field| is_initial(cx, field, raw))
        };
        payload.fields.iter().all(same)
    }

    /// The flaw of naming another parent than the one that it was sent with.
    pub(crate) fn flaw_of_parent(&self, child: &Child, parent: &Value) -> Option<FlawKind> {
        let named = self.fields.get(&child.inline.fk_field)?;
        let text = crate::model::read::given(named);
        (!text.is_empty() && text != parent.to_string()).then_some(FlawKind::OtherParent)
    }
}

/// What a form means that does not name a field. A file that is not sent stays.
fn left_out(field: &Field) -> Option<Raw> {
    match field.kind {
        FieldKind::File { .. } => None,
        FieldKind::Many { .. } => Some(Raw::Json(serde_json::Value::Null)),
        _ => Some(Raw::Text(String::new())),
    }
}

/// Whether what was sent is what a new row starts with. A value that is computed counts as none.
fn is_initial(cx: &Context, field: &Field, raw: &Raw) -> bool {
    let initial = match &field.initial {
        Some(Initial::Value(value)) => value.clone(),
        Some(Initial::NewUuid | Initial::Now | Initial::Call(_)) | None => Value::Null,
    };
    let Ok((sent, _)) = field.parse_input(raw, &cx.site().reading()) else { return false };
    let nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Keys(keys) => keys.is_empty(),
        Value::Bool(truth) => !truth && !field.null,
        _ => false,
    };
    sent == initial || nothing(&sent) && nothing(&initial) || sent.to_string() == initial.to_string()
}

/// Judges one child as its form says. The foreign key to the parent is given, whatever was sent.
pub(crate) async fn judge(
    cx: &mut Context,
    permit: &Permit<'_>,
    child: &Child,
    parent: &Value,
    form: &ChildForm,
    before: Option<Row>,
) -> Result<Clean> {
    let payload = form.payload(cx, child, before.as_ref());
    let given = [(child.inline.fk_field.clone(), parent.clone())];
    super::clean_given(cx, permit, payload, before, &given).await
}

/// Finds values that two children have alike where the model wants them once. The children stand at their places among
/// the errors; the first one that has a value is fine.
pub(crate) fn find_repeated(child: &Child, children: &[(usize, &Clean)], errors: &mut ChildErrors) {
    let parent = child.inline.fk_field.as_str();
    for rule in rules(child) {
        let mut seen: HashSet<String> = HashSet::new();
        for (at, clean) in children {
            let Some(values) = values(clean, &rule, parent) else { continue };
            if !seen.insert(values) {
                let mut flaws = FieldErrors::default();
                flaws.add_whole(FlawKind::Repeated);
                errors.rows[*at] = flaws;
                let fields = rule.iter().filter(|name| *name != parent).cloned().collect();
                errors.whole.push(FlawKind::RepeatedValues { fields }.into());
            }
        }
    }
}

/// The rules of uniqueness that the form of a child can break: every field of theirs is in it, or is the parent's key.
fn rules(child: &Child) -> Vec<Vec<String>> {
    let model = &child.resource.model;
    let layout = Layout::of(&child.resource, &Principal::anonymous(), None, &[]);
    let set: Vec<&String> = layout.writable(model).into_iter().map(|at| &model.fields[at].name).collect();
    let in_form = |name: &String| *name == child.inline.fk_field || set.contains(&name);
    let unique = |field: &&Field| field.unique || field.name == model.primary_key;
    let single = model.fields.iter().filter(unique).map(|field| vec![field.name.clone()]);
    let together = model.unique_together.iter().map(|rule| rule.fields.clone());
    single.chain(together).filter(|rule| rule.iter().all(in_form)).collect()
}

/// The values of a rule as one text; `None` if one of them is null or not known.
fn values(clean: &Clean, rule: &[String], parent: &str) -> Option<String> {
    let of = |name: &String| {
        if name == parent {
            return Some(String::new());
        }
        let value = clean.values.get(name).or_else(|| Some(clean.before.as_ref()?.get(name)))?;
        (!value.is_null()).then(|| format!("{value:?}"))
    };
    Some(rule.iter().map(of).collect::<Option<Vec<_>>>()?.join("\u{1f}"))
}
