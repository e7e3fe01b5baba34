//! Columns of a row, set one by one: judged by what each column holds, and written only where they change.

use indexmap::IndexMap;

use super::ask::Asked;
use super::sheet::Sheet;
use super::{Clean, Payload, gather};
use crate::admin::Draft;
use crate::context::Context;
use crate::error::Result;
use crate::model::{Field, Row};
use crate::permit::Permit;
use crate::principal::Principal;
use crate::site::Resource;
use crate::value::Value;

/// Judges columns for a new row, or for the row `before`, in the order in which a document is judged.
pub(super) async fn clean(
    cx: &mut Context,
    permit: &Permit<'_>,
    payload: Payload,
    before: Option<Row>,
    given: &[(String, Value)],
) -> Result<Clean> {
    let resource = permit.resource();
    let model = &resource.model;
    let fields = settable(resource, cx.who(), before.as_ref());
    let mut draft = Draft::new(before);
    draft.values.extend(given.iter().cloned());
    let sheet = Sheet::read_columns(cx, model, &fields, payload, &mut draft);
    if sheet.is_fine() {
        resource.admin.clean(cx, &mut draft).await?;
    }
    let asked = Asked::gather(cx, model, &sheet, &draft)?;
    let taken = asked.answer(cx, model, &draft).await?;
    gather(model, &sheet, &draft, taken).into_result()?;
    let (mut values, before) = draft.into_parts();
    if let Some(row) = &before {
        values.retain(|name, value| row.get(name) != value);
    }
    Ok(Clean { values, before, fields: Vec::new(), entered: IndexMap::new(), idle: true })
}

/// The columns that somebody may set: not those that are fixed, read-only or hidden, and not the key of a row that is
/// there.
fn settable(resource: &Resource, who: &Principal, before: Option<&Row>) -> Vec<usize> {
    let model = &resource.model;
    let kept = resource.admin.read_only(who, before);
    let open = |field: &Field| {
        let named = |names: &[String]| names.contains(&field.name);
        let key = before.is_some() && field.name == model.primary_key;
        let closed = !field.editable || key || resource.hides(&field.name);
        field.is_column() && !closed && !named(&resource.options.readonly_fields) && !named(&kept)
    };
    (0..model.fields.len()).filter(|at| open(&model.fields[*at])).collect()
}
