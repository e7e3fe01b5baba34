//! `[contracts.packages]`: the packages contract as typed, with everything that it publishes.

use super::node::Table;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// The settings of the packages contract.
#[derive(Debug, Default)]
pub(crate) struct PackagesSection {
    pub(crate) enabled: Option<bool>,
    pub(crate) mount: Option<Said>,
    pub(crate) docs: Option<Said>,
    pub(crate) title: Option<String>,
    pub(crate) time_zone: Option<Said>,
    pub(crate) naive_datetimes: Option<bool>,
    pub(crate) index: Option<Vec<Said>>,
    pub(crate) page_size: Option<u64>,
    pub(crate) max_page_size: Option<u64>,
    pub(crate) formats: Option<bool>,
    pub(crate) formats_in_links: Option<bool>,
    pub(crate) html: Option<bool>,
    pub(crate) openapi: Option<bool>,
    pub(crate) etag: Option<bool>,
    pub(crate) cache_control: Option<String>,
    pub(crate) cors_origins: Option<Vec<Said>>,
    pub(crate) strict_transport_security: Option<String>,
    pub(crate) collections: Vec<CollectionWritten>,
}

/// A `[[contracts.packages.collection]]`.
#[derive(Debug, Default)]
pub(crate) struct CollectionWritten {
    pub(crate) name: Said,
    pub(crate) table: Option<Said>,
    pub(crate) model: Option<Said>,
    pub(crate) singular: Option<String>,
    pub(crate) list_name: Option<String>,
    pub(crate) about: Option<String>,
    pub(crate) rows: Option<Table>,
    pub(crate) order: Vec<Said>,
    pub(crate) lookup: Option<Vec<PublishedLookupWritten>>,
    pub(crate) search: Option<Said>,
    pub(crate) fields: Vec<PublishedFieldWritten>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// One of a collection's `lookup`.
#[derive(Debug, Default)]
pub(crate) struct PublishedLookupWritten {
    pub(crate) field: Said,
    pub(crate) when: Option<Said>,
}

/// One of a collection's `fields`.
#[derive(Debug, Default)]
pub(crate) struct PublishedFieldWritten {
    pub(crate) name: Said,
    pub(crate) from: Option<Said>,
    pub(crate) how: Option<Said>,
    pub(crate) separator: Option<String>,
    pub(crate) link: Option<Said>,
    pub(crate) links: Option<Said>,
    pub(crate) through: Option<Said>,
    pub(crate) order: Vec<Said>,
    pub(crate) template: Option<Said>,
    pub(crate) templates: Option<Table>,
    pub(crate) by: Option<Said>,
}

impl PackagesSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> PackagesSection {
        let section = PackagesSection {
            enabled: reader.truth("enabled"),
            mount: reader.said("mount"),
            docs: reader.said("docs"),
            title: reader.text("title"),
            time_zone: reader.said("time_zone"),
            naive_datetimes: reader.truth("naive_datetimes"),
            index: reader.texts("index"),
            page_size: reader.number("page_size"),
            max_page_size: reader.number("max_page_size"),
            formats: reader.truth("formats"),
            formats_in_links: reader.truth("formats_in_links"),
            html: reader.truth("html"),
            openapi: reader.truth("openapi"),
            etag: reader.truth("etag"),
            cache_control: reader.text("cache_control"),
            cors_origins: reader.texts("cors_origins"),
            strict_transport_security: reader.text("strict_transport_security"),
            collections: reader.sections("collection", CollectionWritten::of),
        };
        section.judge(reader);
        section
    }

    /// What could never be meant.
    fn judge(&self, reader: &mut Reader<'_>) {
        for (key, size) in [("page_size", self.page_size), ("max_page_size", self.max_page_size)] {
            if size == Some(0) {
                reader.complain("C004", key, format!("'{key}' must be at least 1"));
            }
        }
        let headers = [
            ("cache_control", self.cache_control.as_deref()),
            ("strict_transport_security", self.strict_transport_security.as_deref()),
        ];
        for (key, text) in headers {
            if text.is_some_and(|text| !text.bytes().all(|byte| (b' '..=b'~').contains(&byte))) {
                reader.complain("C004", key, format!("'{key}' is said in a header: ASCII, on one line"));
            }
        }
        let origins = self.cors_origins.iter().flatten();
        for said in origins.filter(|said| said.text != "*" && !is_origin(&said.text)) {
            let words =
                format!("'{}' is no origin: write \"*\", or a scheme and a host as \"https://app.example\"", said.text);
            reader.complain_at("C004", &said.place, words);
        }
    }
}

/// Whether a text is what a browser sends as `Origin`: a scheme and a host, perhaps a port, and nothing behind.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    let of_host = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]_".contains(&byte);
    !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || b"+-.".contains(&byte) || byte.is_ascii_digit())
        && !host.is_empty()
        && host.bytes().all(of_host)
}

impl CollectionWritten {
    fn of(reader: &mut Reader<'_>) -> CollectionWritten {
        let collection = CollectionWritten {
            name: reader.said("name").unwrap_or_default(),
            table: reader.said("table"),
            model: reader.said("model"),
            singular: reader.text("singular"),
            list_name: reader.text("list_name"),
            about: reader.text("about"),
            rows: reader.table("rows"),
            order: reader.texts("order").unwrap_or_default(),
            lookup: reader.mixed("lookup", PublishedLookupWritten::plain, PublishedLookupWritten::of),
            search: reader.said("search"),
            fields: reader.mixed("fields", PublishedFieldWritten::plain, PublishedFieldWritten::of).unwrap_or_default(),
            place: reader.own_place(),
        };
        let missing = [
            ("name", collection.name.text.is_empty(), "the segment of its path"),
            ("table", collection.table.is_none() && collection.model.is_none(), "or 'model': whose rows it has"),
            ("fields", collection.fields.is_empty(), "what each row tells; nothing is published that is not named"),
        ];
        for (key, is_missing, words) in missing {
            if is_missing {
                reader.complain("C005", key, format!("a collection needs '{key}': {words}"));
            }
        }
        let of_rows = [("order", !collection.order.is_empty()), ("lookup", collection.lookup.is_some())];
        for (key, is_there) in of_rows {
            if is_there && collection.search.is_some() {
                let words =
                    format!("'{key}' means nothing for a search: it has an order of its own, and no single rows");
                reader.complain("C005", key, words);
            }
        }
        collection
    }
}

impl PublishedLookupWritten {
    fn plain(field: Said) -> PublishedLookupWritten {
        PublishedLookupWritten { field, when: None }
    }

    fn of(reader: &mut Reader<'_>) -> PublishedLookupWritten {
        let lookup =
            PublishedLookupWritten { field: reader.said("field").unwrap_or_default(), when: reader.said("when") };
        if lookup.field.text.is_empty() {
            reader.complain("C005", "field", "a lookup needs 'field': what a key is compared with".to_owned());
        }
        lookup
    }
}

impl PublishedFieldWritten {
    fn plain(name: Said) -> PublishedFieldWritten {
        PublishedFieldWritten { name, ..PublishedFieldWritten::default() }
    }

    fn of(reader: &mut Reader<'_>) -> PublishedFieldWritten {
        let field = PublishedFieldWritten {
            name: reader.said("name").unwrap_or_default(),
            from: reader.said("from"),
            how: reader.said("as"),
            separator: reader.text("separator"),
            link: reader.said("link"),
            links: reader.said("links"),
            through: reader.said("through"),
            order: reader.texts("order").unwrap_or_default(),
            template: reader.said("template"),
            templates: reader.table("templates"),
            by: reader.said("by"),
        };
        if field.name.text.is_empty() {
            reader.complain("C005", "name", "a field needs 'name': the key under which it is told".to_owned());
        }
        field.kinds(reader);
        field
    }

    /// A field is of one kind, and has only the keys of that.
    fn kinds(&self, reader: &mut Reader<'_>) {
        let (links, templates) = (self.links.is_some(), self.templates.is_some());
        let kinds = [self.link.is_some(), links, self.template.is_some(), templates];
        if kinds.iter().filter(|kind| **kind).count() > 1 {
            let words = "a field has only one of 'link', 'links', 'template' and 'templates'";
            reader.complain("C005", "name", words.to_owned());
        }
        let is_value = !kinds.contains(&true);
        let is_list = self.how.as_ref().is_some_and(|how| !["value", "json", "emoji"].contains(&how.text.as_str()));
        if self.separator.as_ref().is_some_and(String::is_empty) {
            reader.complain("C004", "separator", "'separator' must have at least one character".to_owned());
        }
        let belongs = [
            ("separator", self.separator.is_some(), is_list, "`as = \"list\"`"),
            ("as", self.how.is_some(), is_value, "a value that is neither a link nor a template"),
            ("through", self.through.is_some(), links, "'links'"),
            ("order", !self.order.is_empty(), links, "'links'"),
            ("by", self.by.is_some(), templates, "'templates'"),
        ];
        for (key, is_there, fits, owner) in belongs {
            if is_there && !fits {
                reader.complain("C005", key, format!("'{key}' means something only for {owner}"));
            }
        }
        if templates && self.by.is_none() {
            let words = "'templates' needs 'by': the field whose value chooses among them";
            reader.complain("C005", "templates", words.to_owned());
        }
    }
}
