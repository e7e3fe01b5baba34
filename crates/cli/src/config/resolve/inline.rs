//! `inlines`: children that are edited with their parent.

use factotum::admin::{Inline, InlineKind};
use factotum::model::{FieldKind, Model};
use factotum::{ModelKey, Verb};

use super::{Workshop, column};
use crate::complaint::suggestion;
use crate::config::options::InlineWritten;
use crate::config::reader::Said;

/// An inline; where the children have one foreign key to the parent, it need not be named.
pub(super) fn inline(said: &InlineWritten, parent: &Model, shop: &mut Workshop<'_>) -> Option<Inline> {
    if said.model.text.is_empty() {
        return None;
    }
    let key = ModelKey::parse(&said.model.text);
    let child = key.and_then(|key| shop.schema.find(&key).cloned());
    let Some(child) = child else {
        let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
        let near = suggestion(&said.model.text, models.iter().map(String::as_str));
        shop.complain("C015", &said.model.place, format!("there is no model '{}'{near}", said.model.text));
        return None;
    };
    let fk_field = match &said.fk_name {
        Some(name) => name.text.clone(),
        None => only_relation(said, &child, parent, shop)?,
    };
    let texts = |names: &[Said]| names.iter().map(|said| said.text.clone()).collect::<Vec<_>>();
    Some(Inline {
        kind: kind(said.kind.as_ref(), shop),
        fields: said.fields.as_ref().map(|rows| rows.iter().flatten().map(|said| said.text.clone()).collect()),
        readonly_fields: texts(&said.readonly_fields),
        exclude: texts(&said.exclude),
        raw_id_fields: texts(&said.raw_id_fields),
        autocomplete_fields: texts(&said.autocomplete_fields),
        extra: said.extra,
        min_num: said.min_num,
        max_num: said.max_num,
        can_delete: said.can_delete.unwrap_or(true),
        show_change_link: said.show_change_link,
        verbs: said.permissions.as_ref().map(|verbs| verbs.iter().filter_map(|said| verb(said, shop)).collect()),
        columns: column::columns(&said.columns, &child, shop),
        ..Inline::new(child.key.clone(), &fk_field)
    })
}

fn only_relation(said: &InlineWritten, child: &Model, parent: &Model, shop: &mut Workshop<'_>) -> Option<String> {
    let points_here = |kind: &FieldKind| matches!(kind, FieldKind::One { to, .. } if *to == parent.key);
    let mut fields = child.fields.iter().filter(|field| points_here(&field.kind));
    let found = fields.next().filter(|_| fields.next().is_none());
    if found.is_none() {
        let words =
            format!("write which field of {} points to {}: [\"{}\", \"field\"]", child.key, parent.key, child.key);
        shop.complain("C018", &said.model.place, words);
    }
    found.map(|field| field.name.clone())
}

fn kind(said: Option<&Said>, shop: &mut Workshop<'_>) -> InlineKind {
    match said.map(|said| (said.text.as_str(), said)) {
        None | Some(("tabular", _)) => InlineKind::Tabular,
        Some(("stacked", _)) => InlineKind::Stacked,
        Some((other, said)) => {
            let near = suggestion(other, ["tabular", "stacked"]);
            let words = format!("an inline's 'kind' must be \"tabular\" or \"stacked\", not '{other}'{near}");
            shop.complain("C014", &said.place, words);
            InlineKind::Tabular
        }
    }
}

/// One of the four verbs.
pub(super) fn verb(said: &Said, shop: &mut Workshop<'_>) -> Option<Verb> {
    let verb = Verb::ALL.into_iter().find(|verb| verb.name() == said.text);
    if verb.is_none() {
        let near = suggestion(&said.text, Verb::ALL.map(Verb::name));
        shop.complain("C014", &said.place, format!("unknown permission '{}'{near}", said.text));
    }
    verb
}
