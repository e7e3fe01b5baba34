//! The shop's models as this site declares them.

use factotum::model::{Field, FieldKind, Initial, Model, OnDelete, Stamp, TextFormat};

/// A model as this site declares it: what its tables hold and no more. No format is asked of a text, only states are
/// fixed sets, nothing is deleted with something else, and times are given only where nobody says one.
pub(super) fn declared(model: Model) -> Model {
    let name = model.key.name.clone();
    let mut fields: Vec<Field> = model.fields.iter().cloned().map(|field| plain(&name, field)).collect();
    if name == "Category" {
        // Here the parent stands behind the position.
        fields.sort_by_key(|field| field.name == "parent");
    }
    Model { fields, unique_together: Vec::new(), ..model }
}

fn plain(model: &str, mut field: Field) -> Field {
    field.checks.clear();
    field.editable = true;
    if field.name != "status" {
        field.choices.clear();
    }
    if field.stamp == Some(Stamp::Created) {
        (field.stamp, field.initial) = (None, Some(Initial::Now));
    }
    match &mut field.kind {
        FieldKind::Text { format, .. } if *format != TextFormat::Long => *format = TextFormat::Line,
        FieldKind::File { max, .. } => field.kind = FieldKind::Text { max: Some(*max), format: TextFormat::Line },
        FieldKind::One { on_delete, .. } => *on_delete = OnDelete::Protect,
        _ => {}
    }
    match (model, field.name.as_str()) {
        ("Order", "ip") => field.kind = FieldKind::Text { max: Some(39), format: TextFormat::Ip },
        ("Product", "manual") => field.initial = Some(Initial::Value("".into())),
        ("Customer", "api_token") => field.secret = true,
        _ => {}
    }
    field
}
