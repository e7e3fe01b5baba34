//! What `export` and `import` have in common: the model that is named, what is said of errors, how far it is.

use std::io::IsTerminal;
use std::sync::Arc;

use factotum::contract::conjure;
use factotum::error::{Conflict, FieldErrors};
use factotum::model::Field;
use factotum::{Error, Model, ModelKey, Principal, Resource, Site};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::complaint::suggestion;
use crate::stop::Stop;

/// Whoever may type commands on this machine may do everything.
pub(super) fn operator() -> Arc<Principal> {
    Arc::new(Principal { active: true, staff: true, superuser: true, ..Principal::anonymous() })
}

/// The model that is meant: by its whole name, by its own name, or by its table, in any case.
pub(super) fn resource<'s>(site: &'s Site, name: &str) -> Result<&'s Resource, Stop> {
    if let Some(found) = ModelKey::parse(name).and_then(|key| site.find(&key).ok()) {
        return Ok(found);
    }
    let is_meant = |resource: &&Resource| {
        let model = &resource.model;
        model.key.name.eq_ignore_ascii_case(name) || model.table.eq_ignore_ascii_case(name)
    };
    let found: Vec<&Resource> = site.resources().filter(is_meant).collect();
    let names = |resources: &[&Resource]| {
        resources.iter().map(|resource| resource.model.key.to_string()).collect::<Vec<_>>().join(", ")
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let known: Vec<String> = site
                .resources()
                .flat_map(|resource| [resource.model.key.to_string(), resource.model.key.name.clone()])
                .collect();
            let near = suggestion(name, known.iter().map(String::as_str));
            Err(Stop::Usage(format!("there is no model '{name}'{near}")))
        }
        several => Err(Stop::Usage(format!("'{name}' may be any of these: {}", names(several)))),
    }
}

/// The field that is meant, by its name or by that of its column, among those that are not hidden.
pub(super) fn field<'m>(resource: &'m Resource, name: &str) -> Option<&'m Field> {
    let shown = || resource.model.fields.iter().filter(|field| !resource.hides(&field.name));
    let exact = |field: &&Field| field.name == name || (field.is_column() && field.column == name);
    let alike = |field: &&Field| {
        field.name.eq_ignore_ascii_case(name) || (field.is_column() && field.column.eq_ignore_ascii_case(name))
    };
    shown().find(exact).or_else(|| shown().find(alike))
}

/// What a field is called in a file.
pub(super) fn title(field: &Field) -> &str {
    if field.is_column() { &field.column } else { &field.name }
}

/// Why a row was refused.
pub(super) fn reason(model: &Model, error: &Error) -> String {
    match error {
        Error::Invalid(errors) => flaws(model, errors),
        Error::Conflict(Conflict::Rule(rule)) => format!("the database refuses it: {rule}"),
        Error::Forbidden { .. } => "not permitted".to_owned(),
        Error::Internal(source) => {
            tracing::error!(error = %source, "a row failed");
            "it failed; the log says why".to_owned()
        }
        other => other.to_string(),
    }
}

fn flaws(model: &Model, errors: &FieldErrors) -> String {
    let of_field = |(name, flaws): (&String, &Vec<_>)| {
        let of = model.field(name).map(|field| (model, field));
        let title = model.field(name).map_or(name.as_str(), title).to_owned();
        flaws.iter().map(|flaw| format!("{title}: {}", conjure::words(flaw, of))).collect::<Vec<_>>()
    };
    let mut all: Vec<String> = errors.fields.iter().flat_map(of_field).collect();
    all.extend(errors.whole.iter().map(|flaw| conjure::words(flaw, None)));
    all.join("; ")
}

/// A bar that says how far it is, where somebody can see it; `busy` where the same terminal shows something else.
pub(super) fn bar(total: u64, busy: bool) -> ProgressBar {
    if busy || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len} rows, {per_sec}, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A number of rows, in words.
pub(super) fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
