//! The row of a form for a new one: what it starts with, and what a query string fills in.

use factotum_engine::model::FieldKind;
use factotum_engine::{Context, Field, Raw, Record, Resource, Value, ops};
use indexmap::IndexMap;
use jiff::tz::Offset;

use super::Call;
use super::detail::Sheet;
use crate::http::Fault;

/// The offsets from UTC of instants, by field.
pub(super) type Offsets = IndexMap<String, Offset>;

/// Decimals of any length.
const ANY_DECIMAL: FieldKind = FieldKind::Decimal { digits: 2_000, places: 1_000 };

/// A row as nobody has touched it.
pub(super) async fn untouched(cx: &mut Context, resource: &Resource) -> Result<Record, Fault> {
    Ok(ops::blank(cx, resource, Vec::new()).await?)
}

/// A row with what the query string says of the fields that the form sets, and the offsets of its instants.
pub(super) async fn record(cx: &mut Context, call: &Call, resource: &Resource) -> Result<(Record, Offsets), Fault> {
    let form = call.contract.forms.of(&call.site, resource);
    let sheet = Sheet::new(&call.site, &call.who, resource, form, None);
    let asked = |field: &Field| {
        let text = call.head.asked(&field.name).filter(|_| sheet.sets(&field.name))?;
        Some((field.name.clone(), parsed(call, field, text)?))
    };
    let (mut filled, mut offsets) = (Vec::new(), Offsets::new());
    for (name, (value, offset)) in resource.model.fields.iter().filter_map(asked) {
        offsets.extend(offset.map(|offset| (name.clone(), offset)));
        filled.push((name, value));
    }
    Ok((ops::blank(cx, resource, filled).await?, offsets))
}

/// What a text means in a field, before anything judges it; nothing if it cannot be read. Files and relations to
/// several rows are not filled in.
fn parsed(call: &Call, field: &Field, text: &str) -> Option<(Value, Option<Offset>)> {
    let read = |field: &Field| field.parse_input(&Raw::Text(text.to_owned()), &call.site.reading()).ok();
    match &field.kind {
        FieldKind::File { .. } | FieldKind::Many { .. } => None,
        FieldKind::One { .. } => read(field),
        _ if !field.choices.is_empty() => Some((Value::from(text), None)),
        FieldKind::Bool => Some((truth(text, field.null), None)),
        // How many digits a number may have is judged later.
        FieldKind::Decimal { .. } => read(&Field { kind: ANY_DECIMAL, ..field.clone() }),
        _ => read(field),
    }
}

/// What a text says of a box, or of a field that may also say nothing.
fn truth(text: &str, may_be_null: bool) -> Value {
    match (text.to_lowercase().as_str(), may_be_null) {
        ("false" | "0", _) | ("", false) => Value::Bool(false),
        ("true" | "1", _) | (_, false) => Value::Bool(true),
        (_, true) => Value::Null,
    }
}
