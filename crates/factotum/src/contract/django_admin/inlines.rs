//! Children that are edited with their parent: how they are told, and how they are read from a body.

use std::collections::HashSet;

use factotum_engine::admin::InlineKind;
use factotum_engine::error::ChildErrors;
use factotum_engine::form::layout::Layout;
use factotum_engine::form::spec::{Entry, Source};
use factotum_engine::form::{ChildForm, ChildForms};
use factotum_engine::ops::Children;
use factotum_engine::site::Child;
use factotum_engine::{FieldErrors, Principal, Raw, Record, Resource, Site, Verb};
use serde_json::{Map, Value as Json, json};

use super::descriptor::base_type;
use super::shown::{Files, Shown};
use super::{error, redact, request, response};
use crate::http::python::str_of;
use crate::http::{Fault, json as text};

/// What never changes of an inline.
pub(super) struct InlineTold {
    /// The members of its object that are always the same, without braces.
    head: Vec<u8>,
    /// What is told of each child: the name with its quotes and a colon, and where the value comes from.
    cells: Vec<(Vec<u8>, Source)>,
}

impl InlineTold {
    /// The inlines of a resource.
    pub(super) fn all(site: &Site, resource: &Resource) -> Vec<InlineTold> {
        let named = resource.inlines.iter().zip(names(resource));
        named.map(|(child, name)| InlineTold::of(site, child, &name)).collect()
    }

    fn of(site: &Site, child: &Child, name: &str) -> InlineTold {
        let entries = entries(site, child);
        let layout = layout(child);
        let fields: Vec<Json> = entries.iter().map(|entry| field(child, entry, &layout)).collect();
        let (inline, model) = (&child.inline, &child.resource.model);
        let kind = match inline.kind {
            InlineKind::Tabular => "tabular",
            InlineKind::Stacked => "stacked",
        };
        let head = json!({
            "name": name, "label": model.plural, "kind": kind, "fk_name": inline.fk_field,
            "pk_field": model.primary_key,
            "child": { "app_label": model.key.app, "model_name": model.key.lower_name() },
            "extra": inline.extra.unwrap_or(3), "min_num": inline.min_num, "fields": fields,
        });
        let head = bare(&head);
        let cell = |entry: Entry| (quoted(&entry.name), entry.source);
        InlineTold { head, cells: entries.into_iter().map(cell).collect() }
    }
}

/// The members of an object as text, without its braces.
fn bare(object: &Json) -> Vec<u8> {
    let mut out = Vec::new();
    text::value(&mut out, object);
    out[1..out.len() - 1].to_vec()
}

/// The names of a resource's inlines in bodies. Where two have foreign keys of one name, the second has the name of
/// its children appended.
pub(super) fn names(resource: &Resource) -> Vec<String> {
    let mut taken = HashSet::new();
    resource.inlines.iter().map(|child| free_name(child, &mut taken)).collect()
}

fn free_name(child: &Child, taken: &mut HashSet<String>) -> String {
    let usual = format!("{}_set", child.inline.fk_field);
    let longer = format!("{usual}_{}", child.resource.model.key.lower_name());
    let numbered = (2..).map(|number| format!("{longer}_{number}"));
    let free = [usual, longer.clone()].into_iter().chain(numbered).find(|name| !taken.contains(name));
    let free = free.unwrap_or(longer);
    taken.insert(free.clone());
    free
}

fn quoted(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    text::text(&mut out, name);
    out.push(b':');
    out
}

/// Which fields a child shows: the same for everybody.
fn layout(child: &Child) -> Layout {
    Layout::of(&child.resource, &Principal::anonymous(), None, redact::WORDS)
}

fn entries(site: &Site, child: &Child) -> Vec<Entry> {
    layout(child).names().map(|name| Entry::of(site, &child.resource, name)).collect()
}

fn field(child: &Child, entry: &Entry, layout: &Layout) -> Json {
    let field = entry.field(&child.resource.model);
    json!({
        "name": entry.name, "label": entry.title, "readonly": layout.is_read_only(&entry.name),
        "type": field.map_or("unsupported", base_type), "required": field.is_some_and(|field| !field.blank),
    })
}

/// Writes the inlines of a row for those who may do anything with the children.
pub(super) fn write(
    out: &mut Vec<u8>,
    site: &Site,
    who: &Principal,
    resource: &Resource,
    told: &[InlineTold],
    children: &[Children],
) {
    let all = resource.inlines.iter().zip(told).zip(children);
    let open = all.filter(|((child, _), _)| is_open(who, child));
    text::list(out, open, |out, ((child, told), children)| one(out, site, who, child, told, children));
}

/// Whether somebody may do anything with the children of an inline.
fn is_open(who: &Principal, child: &Child) -> bool {
    Verb::ALL.into_iter().any(|verb| request::may(who, &child.resource, verb, None))
}

fn one(out: &mut Vec<u8>, site: &Site, who: &Principal, child: &Child, told: &InlineTold, children: &Children) {
    let may = |verb| request::may(who, &child.resource, verb, None);
    let linked = child.inline.show_change_link && response::target(site, who, &child.resource.model.key).is_some();
    let most = if may(Verb::Add) { child.inline.max_num } else { Some(0) };
    out.push(b'{');
    out.extend_from_slice(&told.head);
    let rights = json!({
        "max_num": most, "can_view": may(Verb::View), "can_add": may(Verb::Add), "can_change": may(Verb::Change),
        "can_delete": may(Verb::Delete), "show_change_link": linked,
    });
    out.push(b',');
    out.extend_from_slice(&bare(&rights));
    out.extend_from_slice(b",\"rows\":");
    let shown = Shown::new(site, who, &child.resource);
    text::list(out, &children.records, |out, record| row(out, &shown, told, record, children));
    out.push(b'}');
}

fn row(out: &mut Vec<u8>, shown: &Shown<'_>, told: &InlineTold, record: &Record, children: &Children) {
    out.extend_from_slice(b"{\"pk\":");
    response::value(out, record.row.key());
    out.extend_from_slice(b",\"label\":");
    text::text(out, &record.label);
    out.extend_from_slice(b",\"fields\":{");
    for (at, (name, source)) in told.cells.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(name);
        shown.value(out, *source, record, &children.names, Files::Named);
    }
    out.extend_from_slice(b"}}");
}

/// The children that a body sends in its member `inlines`. `null` sends none. Who may do nothing with the children of
/// an inline does not know it.
pub(super) fn read(resource: &Resource, who: &Principal, sent: Option<Json>) -> Result<Vec<ChildForms>, Fault> {
    let blocks = match sent {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Object(blocks)) => blocks,
        Some(_) => return Err(malformed()),
    };
    let names = names(resource);
    let mut forms = Vec::with_capacity(blocks.len());
    for (name, block) in blocks {
        let known = |at: &usize| is_open(who, &resource.inlines[*at]);
        let inline = names.iter().position(|known| *known == name).filter(known).ok_or_else(malformed)?;
        let rows = items(block)?.into_iter().map(child).collect::<Result<Vec<_>, Fault>>()?;
        if !rows.is_empty() {
            forms.push(ChildForms { inline, rows });
        }
    }
    // Inlines are looked at in the order in which they are declared.
    forms.sort_by_key(|form| form.inline);
    Ok(forms)
}

fn malformed() -> Fault {
    error::bad_request("Malformed 'inlines' payload.")
}

fn items(block: Json) -> Result<Vec<Json>, Fault> {
    let Json::Object(mut block) = block else { return Err(malformed()) };
    match block.remove("items") {
        None => Ok(Vec::new()),
        Some(Json::Array(items)) => Ok(items),
        Some(_) => Err(malformed()),
    }
}

/// One child. Its values become text, as an HTML form would send them.
fn child(item: Json) -> Result<ChildForm, Fault> {
    let Json::Object(mut item) = item else { return Err(malformed()) };
    let fields = match item.remove("fields") {
        None | Some(Json::Null) => Map::new(),
        Some(Json::Object(fields)) => fields,
        Some(_) => return Err(malformed()),
    };
    let key = item.remove("pk").filter(|key| !key.is_null()).map(|key| Raw::Text(str_of(&key)));
    let delete = item.get("DELETE").is_some_and(is_true);
    let fields = fields.into_iter().map(|(name, value)| (name, raw(&value))).collect();
    Ok(ChildForm { key, delete, fields })
}

fn raw(value: &Json) -> Raw {
    Raw::Text(if value.is_null() { String::new() } else { str_of(value) })
}

/// What Python takes for true.
fn is_true(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(truth) => *truth,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

/// The flaws of children, by the name of their inline.
pub(super) fn flaws(resource: &Resource, errors: &FieldErrors) -> Json {
    let names = names(resource);
    let of_inline = |(at, flaws): &(usize, ChildErrors)| {
        let (child, name) = (resource.inlines.get(*at)?, names.get(*at)?);
        let model = Some(&*child.resource.model);
        let formset: Vec<Json> = flaws.rows.iter().map(|row| Json::Object(of_row(child, row))).collect();
        let non_form: Vec<String> = flaws.whole.iter().map(|flaw| error::words(flaw, model, None)).collect();
        Some((name.clone(), json!({ "formset": formset, "non_form": non_form })))
    };
    Json::Object(errors.children.iter().filter_map(of_inline).collect())
}

/// The flaws of one child: those of the whole have a name of their own here.
fn of_row(child: &Child, errors: &FieldErrors) -> Map<String, Json> {
    let mut fields = error::fields(errors, Some(&child.resource.model));
    if let Some(whole) = fields.shift_remove("") {
        fields.insert("__all__".to_owned(), whole);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_children_become_text() {
        let item = json!({ "pk": 3, "fields": { "a": null, "b": true, "c": [1], "d": "x" }, "DELETE": "no" });
        let read = child(item).expect("a child");
        assert_eq!((read.key, read.delete), (Some(Raw::Text("3".into())), true));
        let texts: Vec<&Raw> = read.fields.values().collect();
        assert_eq!(texts, ["", "True", "[1]", "x"].map(|text| Raw::Text(text.into())).iter().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_no_child_is_refused() {
        for item in [json!(1), json!([]), json!({ "fields": [] }), json!({ "fields": "x" })] {
            assert!(child(item).is_err());
        }
    }
}
