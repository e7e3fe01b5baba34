//! Spots: what a path of this contract is about.

use super::settings::{Collection, Packages};

/// What a path is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spot<'c> {
    /// The index.
    Index,
    /// All of a collection.
    List(&'c Collection),
    /// One row of it.
    Item(&'c Collection),
    /// The OpenAPI document, or nothing at all.
    Other,
}

impl<'c> Spot<'c> {
    /// What a pattern of the endpoint table is about.
    pub(super) fn of(contract: &'c Packages, route: Option<&str>) -> Spot<'c> {
        let Some(path) = route.and_then(|route| route.strip_prefix('/')) else { return Spot::Other };
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let name = first.strip_suffix(".{format}").unwrap_or(first);
        match contract.find(name) {
            _ if name.is_empty() => Spot::Index,
            Some(collection) if rest.is_empty() => Spot::List(collection),
            Some(collection) => Spot::Item(collection),
            None => Spot::Other,
        }
    }

    /// The collection, if it is about one.
    pub(super) fn collection(self) -> Option<&'c Collection> {
        match self {
            Spot::List(collection) | Spot::Item(collection) => Some(collection),
            Spot::Index | Spot::Other => None,
        }
    }

    /// What it is called where the server describes itself.
    pub(super) fn name(self) -> String {
        match self {
            Spot::Index => "Api Root".to_owned(),
            Spot::List(collection) => collection.list_name(),
            Spot::Item(collection) => format!("{} Instance", collection.singular),
            Spot::Other => "OpenAPI".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use factotum_engine::ModelKey;

    use super::*;

    #[test]
    fn a_pattern_tells_what_it_is_about() {
        let contract = Packages::new("").collection(Collection::new("books", ModelKey::new("db", "Book")));
        let name = |route: &str| Spot::of(&contract, Some(route)).name();
        assert_eq!((name("/"), name("/.{format}/")), ("Api Root".to_owned(), "Api Root".to_owned()));
        assert_eq!((name("/books/"), name("/books.{format}")), ("Book List".to_owned(), "Book List".to_owned()));
        assert_eq!(name("/books/{!key}/"), "Book Instance");
        assert_eq!(name("/books/{!key}.{format}/"), "Book Instance");
        assert_eq!(Spot::of(&contract, Some("/openapi.json")), Spot::Other);
    }
}
