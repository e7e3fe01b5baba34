//! How a request becomes a question: which page, and which row a key means.

use factotum_engine::Raw;
use factotum_engine::model::{FieldKind, Model};
use factotum_engine::query::{Filter, Op, Term, Window, field};
use serde_json::json;

use super::settings::{Collection, Packages, When, spelled, truth};
use crate::http::{Head, address, python};

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paging {
    limit: u64,
    offset: u64,
}

impl Paging {
    /// Reads `limit` and `offset`. What is no number, or one that makes no sense, is as good as nothing.
    pub(super) fn read(head: &Head, contract: &Packages) -> Paging {
        let number = |name| head.asked(name).and_then(python::int).and_then(|number| u64::try_from(number).ok());
        let limit = number("limit").filter(|limit| *limit > 0).unwrap_or(contract.page_size.max(1));
        let limit = contract.max_page_size.map_or(limit, |most| limit.min(most.max(1)));
        Paging { limit, offset: number("offset").unwrap_or(0) }
    }

    /// The rows meant.
    pub(super) fn window(self) -> Window {
        Window { offset: self.offset, limit: Some(self.limit) }
    }

    /// The query string of the next page, if there is one.
    pub(super) fn next(self, head: &Head, count: u64) -> Option<String> {
        let offset = self.offset.saturating_add(self.limit);
        (offset < count).then(|| self.query(head, Some(offset)))
    }

    /// The query string of the page before, if this is not the beginning.
    pub(super) fn previous(self, head: &Head) -> Option<String> {
        (self.offset > 0).then(|| self.query(head, self.offset.checked_sub(self.limit).filter(|offset| *offset > 0)))
    }

    fn query(self, head: &Head, offset: Option<u64>) -> String {
        let (limit, offset) = (self.limit.to_string(), offset.map(|offset| offset.to_string()));
        address::query(&head.query, &[("limit", Some(&limit)), ("offset", offset.as_deref())])
    }
}

/// What a key in a path means.
#[derive(Debug, PartialEq)]
pub(super) enum Meant {
    /// A row, if there is one.
    Row(Filter),
    /// A key that no row can have.
    Nobody,
    /// Nothing: it is of no kind that is looked up.
    Nothing,
}

/// What a key means for a collection of a model's rows: the first way to look it up that it fits, and no other.
pub(super) fn meant(collection: &Collection, model: Option<&Model>, key: &str) -> Meant {
    if collection.lookups.is_empty() {
        return by("pk", Raw::Text(key.to_owned()));
    }
    let is_truth = |name: &str| {
        let field = model.and_then(|model| model.field(name));
        field.is_some_and(|field| matches!(field.kind, FieldKind::Bool))
    };
    for lookup in &collection.lookups {
        let number = || python::int(key).map(|number| Raw::Json(json!(number)));
        let raw = match lookup.when {
            When::Digits if key.bytes().all(|byte| byte.is_ascii_digit()) => number(),
            When::Digits => continue,
            When::Integer => match number() {
                None => continue,
                number => number,
            },
            // A filter takes whatever it does not know for false; a key that says nothing is none.
            When::Always if is_truth(&lookup.field) => match truth(key) {
                None => return Meant::Nothing,
                Some(truth) => Some(Raw::Json(json!(truth))),
            },
            When::Always => Some(Raw::Text(key.to_owned())),
        };
        return raw.map_or(Meant::Nobody, |raw| by(&lookup.field, raw));
    }
    Meant::Nothing
}

fn by(path: &str, raw: Raw) -> Meant {
    // No text in a database has it, and one of them would refuse the question.
    if matches!(&raw, Raw::Text(text) if text.contains('\0')) {
        return Meant::Nobody;
    }
    Meant::Row(field(&spelled(path)).test(Op::Is, Term::Raw(raw)))
}

#[cfg(test)]
mod tests {
    use factotum_engine::ModelKey;
    use http::{HeaderMap, Method};

    use super::*;
    use crate::http::head::pairs;

    fn head(query: &str) -> Head {
        Head {
            method: Method::GET,
            path: "/api/books/".to_owned(),
            query_text: Some(query.to_owned()),
            query: pairs(query),
            headers: HeaderMap::new(),
            ip: None,
            scheme: "http",
            host: "books.test".to_owned(),
            route: Some("/books/"),
            params: Vec::new(),
        }
    }

    fn paging(query: &str) -> (u64, u64) {
        let paging = Paging::read(&head(query), &Packages::new("Books"));
        (paging.limit, paging.offset)
    }

    #[test]
    fn what_makes_no_sense_is_as_good_as_nothing() {
        for (query, expected) in [
            ("", (20, 0)),
            ("limit=0&offset=-1", (20, 0)),
            ("limit=ten&offset=2.0", (20, 0)),
            ("limit=-3&offset=", (20, 0)),
            ("limit=+007&offset=%201_0%20", (7, 10)),
            ("limit=%2B7", (7, 0)),
            ("limit=5&limit=2", (2, 0)),
        ] {
            assert_eq!(paging(query), expected, "{query}");
        }
        assert_eq!(paging("limit=99999999999999999999"), (i64::MAX.unsigned_abs(), 0));
        let capped = Packages { max_page_size: Some(50), ..Packages::new("Books") };
        assert_eq!(Paging::read(&head("limit=1000"), &capped).limit, 50);
    }

    #[test]
    fn pages_are_linked_with_everything_that_was_asked() {
        let head = head("z=1&limit=2&a=x%20y%26z&b=&offset=2");
        let paging = Paging::read(&head, &Packages::new("Books"));
        assert_eq!(paging.next(&head, 45).as_deref(), Some("?a=x+y%26z&b=&limit=2&offset=4&z=1"));
        assert_eq!(paging.previous(&head).as_deref(), Some("?a=x+y%26z&b=&limit=2&z=1"));
        assert_eq!(paging.next(&head, 4), None);
    }

    #[test]
    fn the_first_lookup_that_fits_is_final() {
        let both = Collection::new("books", ModelKey::new("db", "Book"))
            .lookup("id", When::Digits)
            .lookup("slug", When::Always);
        let id = |number: i64| Meant::Row(field("id").test(Op::Is, Term::Raw(Raw::Json(json!(number)))));
        let slug = |text: &str| Meant::Row(field("slug").test(Op::Is, Term::Raw(Raw::Text(text.to_owned()))));
        assert_eq!(meant(&both, None, "007"), id(7));
        assert_eq!(meant(&both, None, "-5"), slug("-5"));
        assert_eq!(meant(&both, None, "²"), slug("²"));
        assert_eq!(meant(&both, None, "99999999999999999999"), id(i64::MAX));
        assert_eq!(meant(&both, None, "a\0"), Meant::Nobody);
        let told = Model::new("db", "Book").with(factotum_engine::model::Field::truth("told"));
        let by_truth = Collection::new("books", ModelKey::new("db", "Book")).lookup("told", When::Always);
        let truth = Meant::Row(field("told").test(Op::Is, Term::Raw(Raw::Json(json!(true)))));
        assert_eq!(meant(&by_truth, Some(&told), "True"), truth);
        assert_eq!(meant(&by_truth, Some(&told), "x"), Meant::Nothing);
        let alone = Collection::new("books", ModelKey::new("db", "Book")).lookup("id", When::Integer);
        assert_eq!(meant(&alone, None, "-1"), id(-1));
        assert_eq!(meant(&alone, None, "apps"), Meant::Nothing);
    }
}
