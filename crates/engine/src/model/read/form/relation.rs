//! Keys of related rows as a form takes them: bare, or in an object with an `id`.

use super::super::python::Sent;
use super::super::{Reading, Verdict, relation};
use super::{Parsed, is_nothing};
use crate::model::{Field, Flaw, FlawKind};
use crate::value::Value;

/// What an object with an `id` stands for.
fn bare<'a>(sent: Sent<'a>) -> Sent<'a> {
    match sent {
        Sent::Object(object) => object.get("id").map_or(sent, Sent::of_json),
        sent => sent,
    }
}

/// Reads the key of one related row. Which rows there are to choose from, only the database knows.
pub(super) fn one(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict<Parsed> {
    let sent = bare(sent);
    if is_nothing(sent) {
        return Ok(Value::Null.into());
    }
    ask_plain(sent)?;
    let value = relation::key(field, sent, reading).map_err(|flaw| match flaw.kind {
        FlawKind::BadUuid { .. } => flaw,
        _ => FlawKind::NoTarget { key: sent.text() }.into(),
    })?;
    Ok(Parsed { keys: vec![(sent.text(), value.clone())], ..value.into() })
}

/// Reads the keys of several related rows.
pub(super) fn many(field: &Field, sent: Sent<'_>, reading: &Reading<'_>) -> Verdict<Parsed> {
    let falsy = matches!(sent, Sent::Bool(false) | Sent::Int(0));
    if falsy || is_nothing(sent) {
        return Ok(Value::Keys(Vec::new()).into());
    }
    let no_list = || Flaw::from(FlawKind::NotList { received: sent.received() });
    let items: Vec<Sent<'_>> = match sent {
        Sent::List(items) => items.iter().map(Sent::of_json).map(bare).collect(),
        Sent::Texts(texts) => texts.iter().map(|text| Sent::Text(text)).collect(),
        _ => return Err(no_list()),
    };
    if items.iter().any(|item| matches!(item, Sent::List(_) | Sent::Object(_))) {
        return Err(no_list());
    }
    let keys: Vec<(String, Value)> =
        items.into_iter().map(|item| Ok((item.text(), item_key(field, item, reading)?))).collect::<Verdict<_>>()?;
    // A key that is written otherwise than it is stored is not found among the choices.
    if let Some((given, _)) = keys.iter().find(|(given, value)| *given != value.to_string()) {
        return Err(FlawKind::NoTarget { key: given.clone() }.into());
    }
    let mut values: Vec<Value> = Vec::new();
    for (_, value) in &keys {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    Ok(Parsed { keys, ..Value::Keys(values).into() })
}

/// A key has no NUL.
fn ask_plain(sent: Sent<'_>) -> Verdict<()> {
    if sent.text().contains('\0') { Err(FlawKind::NulCharacter.into()) } else { Ok(()) }
}

fn item_key(field: &Field, item: Sent<'_>, reading: &Reading<'_>) -> Verdict {
    ask_plain(item)?;
    relation::key(field, item, reading).map_err(|flaw| match flaw.kind {
        FlawKind::BadKeyType { .. } if !matches!(item, Sent::Bool(_) | Sent::Float(_)) => {
            FlawKind::BadKey { given: item.text() }.into()
        }
        FlawKind::BadKeyType { .. } => FlawKind::NoTarget { key: item.text() }.into(),
        _ => flaw,
    })
}
