//! How a query string becomes an engine question: filters, search, order and pages, in this contract's grammar.

use std::collections::BTreeMap;

use factotum_engine::error::{Missing, Result};
use factotum_engine::model::{FieldKind, Flaw, FlawKind, Order};
use factotum_engine::query::path::{self, Path};
use factotum_engine::query::{BadQuery, Filter, Op, Query, Search, SearchPlace, Term, Test, Window};
use factotum_engine::{Error, FieldErrors, Raw, Resource, Site, Value};

use super::Conjure;
use crate::http::address;
use crate::http::python::repr;

/// Parameters that are no filters.
pub(super) const RESERVED: [&str; 5] = ["page", "page_size", "ordering", "search", "format"];

/// Parameters in the order sent, names and values decoded.
pub(super) type Parameters = [(String, String)];

/// The last value of a parameter.
pub(super) fn last<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p str> {
    parameters.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Which page was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageNumber {
    /// This one, counted from 1.
    Number(u64),
    /// The last one.
    Last,
}

/// A page of so many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    pub(super) number: PageNumber,
    pub(super) size: u64,
}

impl Paging {
    /// Reads `page` and `page_size`; a size that is no number falls back silently, a page that is none does not exist.
    pub(super) fn read(parameters: &Parameters, settings: &Conjure) -> Result<Paging> {
        let size =
            last(parameters, "page_size").and_then(|text| text.trim().parse::<u64>().ok()).filter(|&size| size > 0);
        let size = size.map_or(settings.page_size, |size| size.min(settings.max_page_size));
        let number = match last(parameters, "page").filter(|text| !text.is_empty()) {
            None => PageNumber::Number(1),
            Some("last") => PageNumber::Last,
            Some(text) => match text.trim().parse::<u64>() {
                Ok(number) if number > 0 => PageNumber::Number(number),
                _ => return Err(Error::NotFound(Missing::Page)),
            },
        };
        Ok(Paging { number, size })
    }

    /// The window of a page.
    pub(super) fn window(self, number: u64) -> Result<Window> {
        let offset = (number - 1).checked_mul(self.size).filter(|&offset| i64::try_from(offset).is_ok());
        Ok(Window { offset: offset.ok_or(Error::NotFound(Missing::Page))?, limit: Some(self.size) })
    }

    /// The number of pages of so many rows; an empty list has one.
    pub(super) fn pages(self, total: u64) -> u64 {
        total.div_ceil(self.size).max(1)
    }
}

/// The question that a list's parameters ask, its page aside.
pub(super) fn query(site: &Site, resource: &Resource, parameters: &Parameters) -> Query {
    Query {
        filter: filter(site, resource, parameters),
        search: search(resource, last(parameters, "search")),
        order: ordering(resource, last(parameters, "ordering").unwrap_or_default()),
        count: true,
        ..Query::all(resource.model.key.clone())
    }
}

/// A search for the whole phrase; blank or without search fields there is none.
pub(super) fn search(resource: &Resource, phrase: Option<&str>) -> Option<Search> {
    let phrase = phrase.unwrap_or_default().trim();
    let fields: Vec<(String, SearchPlace)> = resource
        .search_fields()
        .iter()
        .map(|name| (name.trim_start_matches(['^', '=', '@']).to_owned(), SearchPlace::Anywhere))
        .collect();
    (!phrase.is_empty() && !fields.is_empty()).then(|| Search { fields, terms: vec![phrase.to_owned()] })
}

/// The local fields that an order names; others are dropped.
fn ordering(resource: &Resource, text: &str) -> Vec<Order> {
    let known = |order: &Order| {
        let field = resource.model.field(&order.path);
        field.is_some_and(|field| field.is_column()) && !resource.hides(&order.path)
    };
    text.trim().split(',').map(Order::parse).filter(known).collect()
}

/// One filter of the query string, taken apart.
struct Asked<'p> {
    path: Path,
    name: &'p str,
    lookup: &'p str,
    value: &'p str,
}

/// All filters of the query string, and nothing that is none.
pub(super) fn filter(site: &Site, resource: &Resource, parameters: &Parameters) -> Filter {
    asked(site, resource, parameters).iter().map(test).fold(Filter::All, Filter::and)
}

fn asked<'p>(site: &Site, resource: &Resource, parameters: &'p Parameters) -> Vec<Asked<'p>> {
    let latest: BTreeMap<&str, (usize, &str)> =
        parameters.iter().enumerate().map(|(at, (name, value))| (name.as_str(), (at, value.as_str()))).collect();
    let mut latest: Vec<(usize, &str, &str)> =
        latest.into_iter().map(|(name, (at, value))| (at, name, value)).collect();
    latest.sort_unstable();
    latest
        .into_iter()
        .filter(|(_, name, value)| !value.is_empty() && !RESERVED.contains(name))
        .filter_map(|(_, name, value)| ask(site, resource, name, value))
        .collect()
}

fn ask<'p>(site: &Site, resource: &Resource, parameter: &'p str, value: &'p str) -> Option<Asked<'p>> {
    let (name, lookup) = parts(parameter)?;
    let declared = resource.list_filter().iter().any(|path| path == name);
    let local = resource.model.field(name).is_some();
    if !(declared || local) || resource.hides(name) {
        return None;
    }
    let path = path::resolve(site.schema(), &resource.model, name).ok()?;
    Some(Asked { path, name, lookup, value })
}

/// The path and the lookup of a parameter. A lone word that says how to compare has no path, even where a field is
/// called so.
fn parts(parameter: &str) -> Option<(&str, &str)> {
    match parameter.rsplit_once("__") {
        Some((path, lookup)) if is_lookup(lookup) => Some((path, lookup)),
        _ if is_lookup(parameter) => None,
        _ => Some((parameter, "exact")),
    }
}

fn is_lookup(word: &str) -> bool {
    matches!(word, "exact" | "in" | "gte" | "lte" | "gt" | "lt" | "isnull" | "icontains" | "date")
}

/// The truth that a text means to this contract: what is not clearly yes is no.
fn truth(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "true" | "1" | "yes")
}

fn test(asked: &Asked<'_>) -> Filter {
    let boolean = asked.path.field().kind == FieldKind::Bool;
    let raw = |text: &str| Raw::Text(text.to_owned());
    let parts = || asked.value.split(',').filter(|part| !part.is_empty());
    let (op, term) = match asked.lookup {
        "isnull" => (Op::IsNull, Term::Value(Value::Bool(truth(asked.value)))),
        "in" if boolean => (Op::In, Term::Values(parts().map(|part| Value::Bool(truth(part))).collect())),
        "in" => (Op::In, Term::Raws(parts().map(raw).collect())),
        lookup => {
            let typed = boolean && matches!(lookup, "exact" | "gt" | "gte" | "lt" | "lte");
            let term = if typed { Term::Value(Value::Bool(truth(asked.value))) } else { Term::Raw(raw(asked.value)) };
            (comparison(lookup), term)
        }
    };
    Filter::Test(Test { path: asked.name.to_owned(), op, term })
}

fn comparison(lookup: &str) -> Op {
    match lookup {
        "gte" => Op::Gte,
        "lte" => Op::Lte,
        "gt" => Op::Gt,
        "lt" => Op::Lt,
        "icontains" => Op::Contains,
        "date" => Op::OnDay,
        _ => Op::Is,
    }
}

/// Says of a bad filter which parameter it was: the engine knows only the path.
pub(super) fn blame(parameters: &Parameters, error: Error) -> Error {
    let Error::BadQuery(bad) = &error else { return error };
    let culprit = |path: &str, fits: &dyn Fn(&str, &str) -> bool| {
        parameters.iter().rev().find(|(name, value)| {
            let (bare, lookup) = name.rsplit_once("__").filter(|(_, word)| is_lookup(word)).unwrap_or((name, "exact"));
            bare == path && fits(lookup, value)
        })
    };
    let found = match bad {
        BadQuery::UnknownPath { .. } => None,
        BadQuery::UnsupportedOp { path, op, class } => {
            culprit(path, &|lookup, _| op_of(lookup) == *op).map(|(name, _)| (name, unsupported(name, class)))
        }
        BadQuery::BadTerm { path, field, flaw, given } => culprit(path, &|_, value| value.contains(given.as_str()))
            .map(|(name, _)| (name, bad_term(field, flaw, given))),
    };
    match found {
        Some((parameter, words)) => {
            let mut errors = FieldErrors::default();
            errors.add(parameter, Flaw::custom(format!("Invalid filter value: {words}")));
            Error::Invalid(errors)
        }
        None => error,
    }
}

fn op_of(lookup: &str) -> Op {
    match lookup {
        "in" => Op::In,
        "isnull" => Op::IsNull,
        other => comparison(other),
    }
}

fn unsupported(parameter: &str, class: &str) -> String {
    let lookup = parameter.rsplit_once("__").map_or("exact", |(_, lookup)| lookup);
    format!("Unsupported lookup '{lookup}' for {class}.")
}

fn bad_term(field: &str, flaw: &Flaw, given: &str) -> String {
    match flaw.kind {
        FlawKind::NotInt { .. } | FlawKind::NotNumber | FlawKind::TextTooLarge | FlawKind::BadKeyType { .. } => {
            format!("Field '{field}' expected a number but got {}.", repr(given))
        }
        _ => super::error::words(flaw, None),
    }
}

/// The query string of another page: every parameter kept, sorted by name, `page` replaced.
pub(super) fn page_query(parameters: &Parameters, page: Option<u64>) -> String {
    let number = page.map(|number| number.to_string());
    address::query(parameters, &[("page", number.as_deref())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn links_sort_parameters_and_replace_the_page() {
        let sent = pairs(&[("search", "a, é~"), ("page", "2"), ("b", ""), ("a", "2"), ("a", "1")]);
        assert_eq!(page_query(&sent, Some(3)), "?a=2&a=1&b=&page=3&search=a%2C+%C3%A9~");
        assert_eq!(page_query(&pairs(&[("page", "2")]), None), "");
    }

    #[test]
    fn page_sizes_fall_back_and_pages_do_not() {
        let settings = Conjure::default();
        let read = |name: &str, value: &str| Paging::read(&pairs(&[(name, value)]), &settings);
        for bad in ["0", "-1", "x", ""] {
            assert_eq!(read("page_size", bad).map(|paging| paging.size).ok(), Some(settings.page_size), "{bad}");
        }
        assert_eq!(read("page_size", "9999").map(|paging| paging.size).ok(), Some(settings.max_page_size));
        assert_eq!(read("page", " 2 ").map(|paging| paging.number).ok(), Some(PageNumber::Number(2)));
        for bad in ["0", "-1", "1.5", "x", "99999999999999999999999"] {
            assert!(read("page", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_parameter_is_a_path_and_a_lookup() {
        assert_eq!(parts("date__gte"), Some(("date", "gte")));
        assert_eq!(parts("author__name"), Some(("author__name", "exact")));
        assert_eq!(parts("date"), None);
    }
}
