//! One row with its form, and the form for a new row.

use factotum_engine::admin::Fieldset;
use factotum_engine::form::layout::Layout;
use factotum_engine::ops::{self, Names, Whole};
use factotum_engine::{Error, Principal, Record, Resource, Row, Site, Verb};
use http::StatusCode;
use indexmap::IndexMap;
use jiff::tz::Offset;
use serde_json::{Map, Value as Json, json};

use super::descriptor::{Piece, Standing};
use super::forms::Form;
use super::shown::Shown;
use super::{Call, actions, blank, inlines, redact, request, response, views, write};
use crate::http::{Fault, Reply, json as text};

/// `GET <app>/<model>/<pk>/`
pub(super) async fn show(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let mut cx = call.read().await?;
    let whole = ops::whole(&mut cx, &resource.model.key, &request::key(&call)).await?;
    let version = whole.record.row.version();
    Ok(write::versioned(Reply::json(StatusCode::OK, body(&call, resource, &whole, IndexMap::new())), &version))
}

/// `GET <app>/<model>/add/`
pub(super) async fn add_form(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    permit_add(&call, resource)?;
    let mut cx = call.read().await?;
    let (record, offsets) = blank::record(&mut cx, &call, resource).await?;
    let mut sheet = Sheet::new(&call.site, &call.who, resource, call.contract.forms.of(&call.site, resource), None);
    sheet.shown = sheet.shown.with_offsets(offsets);
    let mut out = Vec::with_capacity(4096);
    sheet.open(&mut out);
    sheet.members(&mut out, &record, &Names::default());
    member(&mut out, "permissions", &response::permissions(&call.who, resource));
    member(&mut out, "save_options", &save_options(&call.who, resource, None));
    member(&mut out, "prepopulated_fields", &sheet.prepopulated());
    out.push(b'}');
    Ok(Reply::json(StatusCode::OK, out))
}

/// Asks whether somebody may make rows of a model.
pub(super) fn permit_add(call: &Call, resource: &Resource) -> Result<(), Fault> {
    if request::may(&call.who, resource, Verb::Add, None) {
        return Ok(());
    }
    Err(Error::Forbidden { verb: Verb::Add, model: resource.model.key.clone() }.into())
}

/// The body of a row; instants whose fields have an offset are told with it.
pub(super) fn body(call: &Call, resource: &Resource, whole: &Whole, offsets: IndexMap<String, Offset>) -> Vec<u8> {
    let (who, row) = (&call.who, &whole.record.row);
    let form = call.contract.forms.of(&call.site, resource);
    let mut sheet = Sheet::new(&call.site, who, resource, form, Some(row));
    sheet.shown = sheet.shown.with_offsets(offsets);
    let mut out = Vec::with_capacity(8192);
    sheet.open(&mut out);
    sheet.members(&mut out, &whole.record, &whole.names);
    out.extend_from_slice(b",\"pk\":");
    response::value(&mut out, row.key());
    out.extend_from_slice(b",\"label\":");
    text::text(&mut out, &whole.record.label);
    out.extend_from_slice(b",\"inlines\":");
    inlines::write(&mut out, &call.site, who, resource, &form.inlines, &whole.children);
    let changes = request::may(who, resource, Verb::Change, Some(row));
    let has_password = ops::has_password(&call.site, resource);
    member(&mut out, "permissions", &response::permissions(who, resource));
    member(&mut out, "save_options", &save_options(who, resource, Some(row)));
    member(&mut out, "password_change", &json!({ "supported": has_password && changes }));
    member(&mut out, "view_on_site_url", &json!(resource.admin.view_on_site(row)));
    member(&mut out, "object_actions", &Json::Array(actions::specs(call, resource)));
    member(&mut out, "custom_views", &Json::Array(views::of(&call.contract, resource, Some(row.key()))));
    let empty = resource.options.empty_value_display.as_deref().unwrap_or("-");
    member(&mut out, "empty_value_display", &json!(empty));
    out.push(b'}');
    out
}

/// Writes a member of an object that has members already.
pub(super) fn member(out: &mut Vec<u8>, name: &str, value: &Json) {
    out.push(b',');
    text::text(out, name);
    out.push(b':');
    text::value(out, value);
}

/// Which buttons a form has.
fn save_options(who: &Principal, resource: &Resource, row: Option<&Row>) -> Json {
    let options = &resource.options;
    let (adds, sees) = (request::may(who, resource, Verb::Add, None), request::may(who, resource, Verb::View, row));
    let changes = row.is_some() && request::may(who, resource, Verb::Change, row);
    let saves = if row.is_some() { changes } else { adds };
    json!({
        "show_save": saves,
        "show_save_and_continue": saves && sees,
        "show_save_and_add_another": adds && saves && (!options.save_as || row.is_none()),
        "show_save_as_new": changes && options.save_as,
        "save_as": options.save_as,
        "save_as_continue": options.save_as_continue.unwrap_or(true),
        "save_on_top": options.save_on_top,
    })
}

/// A form for somebody: what it shows, in which order, and what of it can be filled in.
pub(super) struct Sheet<'a> {
    site: &'a Site,
    resource: &'a Resource,
    form: &'a Form,
    pub(super) layout: Layout,
    shown: Shown<'a>,
    /// Whether who asks may fill it in at all.
    open: bool,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        site: &'a Site,
        who: &Principal,
        resource: &'a Resource,
        form: &'a Form,
        row: Option<&Row>,
    ) -> Sheet<'a> {
        let verb = if row.is_some() { Verb::Change } else { Verb::Add };
        let open = request::may(who, resource, verb, row);
        let layout = Layout::of(resource, who, row, redact::WORDS);
        Sheet { site, resource, form, layout, shown: Shown::new(site, who, resource), open }
    }

    /// Writes the start of the object: which model it is of.
    fn open(&self, out: &mut Vec<u8>) {
        let key = &self.resource.model.key;
        out.extend_from_slice(b"{\"app_label\":");
        text::text(out, &key.app);
        out.extend_from_slice(b",\"model_name\":");
        text::text(out, &key.lower_name());
    }

    fn members(&self, out: &mut Vec<u8>, record: &Record, names: &Names) {
        member(out, "fieldsets", &self.fieldsets());
        out.extend_from_slice(b",\"fields\":{");
        self.fields(out, |out, piece, standing| {
            piece.describe(out, standing, |out| self.shown.entry(out, &piece.entry, record, names));
        });
        out.push(b'}');
    }

    /// Writes the visible fields as entries of a form spec.
    pub(super) fn specify(&self, out: &mut Vec<u8>, record: &Record, names: &Names) {
        self.fields(out, |out, piece, standing| {
            piece.specify(out, standing, |out| self.shown.entry(out, &piece.entry, record, names));
        });
    }

    fn fields(&self, out: &mut Vec<u8>, write: impl Fn(&mut Vec<u8>, &Piece, Standing)) {
        let mut told: Vec<&str> = Vec::new();
        for name in self.layout.names() {
            if told.contains(&name) {
                continue;
            }
            if !told.is_empty() {
                out.push(b',');
            }
            told.push(name);
            let read_only = self.layout.is_read_only(name);
            match self.form.pieces.get(name) {
                Some(piece) => write(out, piece, self.standing(piece, read_only)),
                // A name that only a hook knows.
                None => {
                    let piece = Piece::of(self.site, self.resource, name);
                    write(out, &piece, self.standing(&piece, read_only));
                }
            }
        }
    }

    /// What is no field, or cannot be set at all, is never filled in.
    fn standing(&self, piece: &Piece, read_only: bool) -> Standing {
        let settable = piece.entry.field(&self.resource.model).is_some_and(factotum_engine::form::layout::is_settable);
        let read_only = read_only || piece.entry.input.is_none();
        Standing { open: self.open && settable && !read_only, read_only }
    }

    /// Whether the form lets somebody set a name.
    pub(super) fn sets(&self, name: &str) -> bool {
        let shown = self.layout.names().any(|shown| shown == name);
        let standing = |piece| self.standing(piece, self.layout.is_read_only(name));
        shown && self.form.pieces.get(name).map(standing).is_some_and(|standing| standing.open)
    }

    /// The groups of the form.
    pub(super) fn fieldsets(&self) -> Json {
        let groups: Vec<Json> = self.layout.groups.iter().map(group).collect();
        if groups.is_empty() {
            return json!([{ "title": null, "fields": [], "field_rows": [] }]);
        }
        Json::Array(groups)
    }

    /// Which fields are filled from others while somebody types, as far as all of them are shown.
    pub(super) fn prepopulated(&self) -> Json {
        let names: Vec<&str> = self.layout.names().collect();
        let target = |(name, sources): &(String, Vec<String>)| {
            let there: Vec<&String> = sources.iter().filter(|source| names.contains(&source.as_str())).collect();
            let shown = names.contains(&name.as_str()) && !self.layout.is_read_only(name);
            (shown && !there.is_empty()).then(|| (name.clone(), json!(there)))
        };
        let told: Map<String, Json> = self.resource.options.prepopulated_fields.iter().filter_map(target).collect();
        Json::Object(told)
    }
}

fn group(group: &Fieldset) -> Json {
    let names: Vec<&String> = group.fields.iter().flatten().collect();
    json!({
        "title": group.title, "fields": names, "field_rows": group.fields, "classes": group.classes,
        "description": group.description,
    })
}
