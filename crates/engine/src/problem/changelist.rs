//! What can be wrong with the options of a changelist.

use super::Desk;
use crate::model::{FieldKind, Schema};
use crate::query::{path, search};
use crate::site::Resource;

pub(super) fn check(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource) {
    paths(desk, schema, resource);
    columns(desk, schema, resource);
    links(desk, resource);
    editable(desk, resource);
    date_hierarchy(desk, schema, resource);
}

fn paths(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource) {
    let options = &resource.options;
    let lists = [
        ("search_fields", &options.search_fields),
        ("list_filter", &options.list_filter),
        ("autocomplete_search_fields", &options.autocomplete_search_fields),
    ];
    let named = lists.into_iter().flat_map(|(option, names)| names.iter().flatten().map(move |name| (option, name)));
    let named = named.filter(|(option, name)| *option != "list_filter" || resource.filter(name).is_none());
    for (option, name) in named {
        let known = match option {
            "list_filter" => path::resolve(schema, &resource.model, name).is_ok(),
            _ => search::field(schema, &resource.model, name).is_ok(),
        };
        if !known {
            desk.complain("F010", option, format!("'{name}' is neither a field nor a path across relations"));
        }
    }
    for order in options.ordering.iter().flatten() {
        if path::resolve(schema, &resource.model, &order.path).is_err() {
            let words = format!("'{}' is neither a field nor a path across relations", order.path);
            desk.complain("F012", "ordering", words);
        }
    }
}

fn columns(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource) {
    for name in resource.options.list_display.iter().flatten() {
        match resource.model.field(name) {
            // Django has no room for several rows in a cell; a contract without its rules may have.
            Some(field) if resource.change_shows && matches!(field.kind, FieldKind::Many { .. }) => {
                desk.complain("F015", "list_display", format!("'{name}' is many-to-many and cannot be a column"));
            }
            Some(_) => {}
            None if name == "__str__" || resource.column(name).is_some() => {}
            None if path::resolve(schema, &resource.model, name).is_ok_and(|path| !path.repeats()) => {}
            None => {
                desk.complain("F011", "list_display", format!("'{name}' is neither a field nor a computed column"));
            }
        }
    }
}

fn links(desk: &mut Desk<'_>, resource: &Resource) {
    let shown = resource.list_display();
    for name in resource.options.list_display_links.iter().flatten().filter(|name| !shown.contains(name)) {
        desk.complain("F017", "list_display_links", format!("'{name}' is not in list_display"));
    }
}

fn editable(desk: &mut Desk<'_>, resource: &Resource) {
    let shown = resource.list_display();
    let links = &resource.options.list_display_links;
    for name in &resource.options.list_editable {
        let field = resource.model.field(name);
        let (code, words) = if field.is_none() {
            ("F018", format!("'{name}' is no field"))
        } else if !shown.contains(name) {
            ("F019", format!("'{name}' is not in list_display"))
        } else if links.as_ref().is_some_and(|links| links.contains(name)) {
            ("F020", format!("'{name}' is in list_display_links, too"))
        } else if links.is_none() && shown.first() == Some(name) {
            ("F021", format!("'{name}' is the first column and so the link: say another in list_display_links"))
        } else if field.is_some_and(|field| !field.takes_input() || field.name == resource.model.primary_key) {
            ("F022", format!("'{name}' is set by no form"))
        } else {
            continue;
        };
        desk.complain(code, "list_editable", words);
    }
}

fn date_hierarchy(desk: &mut Desk<'_>, schema: &Schema, resource: &Resource) {
    let Some(name) = &resource.options.date_hierarchy else { return };
    match path::resolve(schema, &resource.model, name) {
        Err(_) => desk.complain("F023", "date_hierarchy", format!("'{name}' is neither a field nor a path")),
        Ok(path) if !matches!(path.field().kind, FieldKind::Date | FieldKind::DateTime) => {
            let class = path.field().class_name();
            desk.complain("F024", "date_hierarchy", format!("'{name}' is a {class} and no date"));
        }
        Ok(_) => {}
    }
}
