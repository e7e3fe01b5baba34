//! What HTML forms mean: they know only texts, and say nothing for a box that is not ticked.

use serde_json::Value as Json;

use super::is_required;
use crate::model::{Field, FieldKind};
use crate::value::Raw;

/// What a form means by the texts under a field's name; `None` if it is as good as absent. `partial` for a form that
/// changes some fields of a row: there a name that is not sent is untouched.
#[must_use]
pub fn raw_of_form(field: &Field, texts: Option<&[String]>, partial: bool) -> Option<Raw> {
    let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
        return if partial { None } else { unsaid(field) };
    };
    if let FieldKind::Many { .. } = field.kind {
        return Some(Raw::Texts(texts.to_vec()));
    }
    let text = texts.last().cloned().unwrap_or_default();
    // A document in a form is always a text of JSON; the empty text is none.
    if !text.is_empty() || field.kind == FieldKind::Json {
        return Some(Raw::Text(text));
    }
    let may_be_blank = field.is_text() && field.blank && !field.is_address();
    match (field.null, is_required(field)) {
        _ if may_be_blank => Some(Raw::Text(text)),
        (true, _) => Some(Raw::Json(Json::Null)),
        (false, true) => Some(Raw::Text(text)),
        (false, false) => None,
    }
}

/// What a form means that does not name a field: false for a box, nothing chosen for many.
fn unsaid(field: &Field) -> Option<Raw> {
    match &field.kind {
        FieldKind::Bool if field.choices.is_empty() => {
            Some(Raw::Json(if field.null { Json::Null } else { Json::Bool(false) }))
        }
        FieldKind::Many { .. } => Some(Raw::Texts(Vec::new())),
        _ => None,
    }
}
