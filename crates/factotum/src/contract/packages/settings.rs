//! The settings of a site that publishes rows, as data: which collections there are, and what each row tells.

use factotum_engine::ModelKey;
use factotum_engine::model::Order;
use factotum_engine::query::Filter;

/// The packages contract with its settings: a public, hyperlinked, read-only API. The default is what the original
/// does, with nothing published yet.
///
/// ```
/// use factotum::ModelKey;
/// use factotum::contract::packages::{Collection, Field, Packages, When};
///
/// let authors = Collection::new("authors", ModelKey::new("db", "Author"))
///     .lookup("id", When::Integer)
///     .field(Field::of("name"))
///     .field(Field::links("books", "book", "books").ordered(&["title"]));
/// let books = Collection::new("books", ModelKey::new("db", "Book"))
///     .ordered(&["-id"])
///     .lookup("id", When::Digits)
///     .lookup("slug", When::Always)
///     .field(Field::of("title"))
///     .field(Field::link("author", "author", "authors"))
///     .field(Field::from("publisher", "imprint.publisher.name"));
/// let packages = Packages::new("Books").collection(authors).collection(books);
/// assert_eq!(packages.page_size, 20);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Packages {
    /// What the API is called, in its document and on its pages.
    pub title: String,
    /// What is published.
    pub collections: Vec<Collection>,
    /// The names of the collections that the index lists, in its order: all of them if not said, and no index if empty.
    pub index: Option<Vec<String>>,
    /// Rows on a page, when nobody says.
    pub page_size: u64,
    /// The most rows on a page; as many as somebody likes if not said.
    pub max_page_size: Option<u64>,
    /// Whether times are told as wall clocks of the site's zone, without an offset.
    pub naive_datetimes: bool,
    /// Whether `?format=` and suffixes such as `.json` choose the form of an answer.
    pub formats: bool,
    /// Whether the addresses in an answer ask for the form that the answer was asked in.
    pub formats_in_links: bool,
    /// Whether people with browsers get a page.
    pub html: bool,
    /// Whether the OpenAPI document is served, as `openapi.json`.
    pub document: bool,
    /// Whether answers have an `ETag`, and a request that knows it is told 304.
    pub etag: bool,
    /// What answers say in `Cache-Control`; nothing if not said.
    pub cache_control: Option<String>,
    /// The sites whose scripts may read answers: `https://app.example`, or `*` for all.
    pub cors_origins: Vec<String>,
    /// What answers over https say in `Strict-Transport-Security`; nothing if empty.
    pub strict_transport_security: String,
}

impl Packages {
    /// A site that publishes nothing yet.
    #[must_use]
    pub fn new(title: &str) -> Packages {
        Packages {
            title: title.to_owned(),
            collections: Vec::new(),
            index: None,
            page_size: 20,
            max_page_size: None,
            naive_datetimes: false,
            formats: true,
            formats_in_links: true,
            html: true,
            document: true,
            etag: false,
            cache_control: None,
            cors_origins: Vec::new(),
            strict_transport_security: "max-age=60; includeSubDomains".to_owned(),
        }
    }

    /// Publishes one thing more.
    #[must_use]
    pub fn collection(mut self, collection: Collection) -> Packages {
        self.collections.push(collection);
        self
    }

    /// The collection of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.name == name)
    }
}

/// Rows of a model under a path: a list of them, and each by itself. Or a search: the rows that an index finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The segment of its path: letters, digits, `-` and `_`.
    pub name: String,
    /// The model.
    pub model: ModelKey,
    /// What one of them is called: `No Book matches the given query.`
    pub singular: String,
    /// What the list is called where the server describes itself; `Book List` if not said.
    pub list_name: Option<String>,
    /// What it is, for the document and for pages.
    pub about: String,
    /// Which rows are published.
    pub rows: Filter,
    /// In which order; the model's own if empty.
    pub order: Vec<Order>,
    /// How one row is found, in this order: the first that a key fits is asked, and no other. The first one is also what
    /// addresses of rows are made of; the primary key if there is none.
    pub lookups: Vec<Lookup>,
    /// What each row tells, in order.
    pub fields: Vec<Field>,
    /// The index that is searched, where the collection is a search: it answers `?q=` and has no rows of its own.
    pub search: Option<String>,
}

impl Collection {
    /// All rows of a model, of which nothing is told yet.
    #[must_use]
    pub fn new(name: &str, model: ModelKey) -> Collection {
        Collection {
            name: name.to_owned(),
            singular: model.name.clone(),
            model,
            list_name: None,
            about: String::new(),
            rows: Filter::All,
            order: Vec::new(),
            lookups: Vec::new(),
            fields: Vec::new(),
            search: None,
        }
    }

    /// What one of them is called.
    #[must_use]
    pub fn singular(mut self, name: &str) -> Collection {
        name.clone_into(&mut self.singular);
        self
    }

    /// Publishes only some rows.
    #[must_use]
    pub fn rows(mut self, rows: Filter) -> Collection {
        self.rows = rows;
        self
    }

    /// The order of the list: fields or paths, with `-` in front for the greatest first.
    #[must_use]
    pub fn ordered(mut self, order: &[&str]) -> Collection {
        self.order = order.iter().map(|text| parse_order(text)).collect();
        self
    }

    /// One more way to find a row, by a field.
    #[must_use]
    pub fn lookup(mut self, field: &str, when: When) -> Collection {
        self.lookups.push(Lookup { field: field.to_owned(), when });
        self
    }

    /// One thing more that each row tells.
    #[must_use]
    pub fn field(mut self, field: Field) -> Collection {
        self.fields.push(field);
        self
    }

    /// The field that addresses of rows are made of.
    pub(super) fn address(&self) -> &str {
        self.lookups.first().map_or("pk", |lookup| lookup.field.as_str())
    }

    /// Whether a key may be any text, points included.
    pub(super) fn takes_any_key(&self) -> bool {
        self.lookups.is_empty() || self.lookups.iter().any(|lookup| lookup.when == When::Always)
    }

    /// What the list is called where the server describes itself.
    pub(super) fn list_name(&self) -> String {
        self.list_name.clone().unwrap_or_else(|| format!("{} List", self.singular))
    }
}

/// A way to find a row by a key in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The field that is compared.
    pub field: String,
    /// For which keys.
    pub when: When,
}

/// For which keys a row is looked up by a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Those of nothing but the digits 0 to 9.
    Digits,
    /// Whole numbers, a sign included.
    Integer,
    /// All of them.
    Always,
}

/// One thing that a row tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Under which name.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
}

/// Where something that a row tells comes from. Paths go across relations, `author__name` or `author.name`.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A field of the row or of a row that it points to; null where there is none.
    Path {
        /// The field.
        path: String,
        /// How it is told.
        shown: Shown,
    },
    /// The address of a row that the row points to; null where there is none.
    Link {
        /// The relation.
        path: String,
        /// The collection that has that row.
        to: String,
    },
    /// The addresses of rows that are linked to the row: one question for all rows of a page.
    Links {
        /// The relation, or a path to it over the rows that stand between.
        path: String,
        /// The collection that has those rows.
        to: String,
        /// Their order, by fields of what the first step of the path leads to.
        order: Vec<Order>,
    },
    /// A text in which `{name}` stands for a field of the row, as a part of an address.
    Template {
        /// The field whose value chooses the text; without one it is the first.
        by: Option<String>,
        /// Texts, each with the value that it is for. Where none fits it is empty.
        texts: Vec<(String, String)>,
    },
}

/// How a field is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Plain,
    /// A text that is JSON, as that.
    Json,
    /// A text cut into a list: trimmed pieces, and none that is empty.
    List {
        /// What divides the pieces.
        separator: String,
    },
    /// A text in which `:rocket:` and its like become what they name.
    Emoji,
}

impl Field {
    /// A field under its own name.
    #[must_use]
    pub fn of(name: &str) -> Field {
        Field::from(name, name)
    }

    /// A field under another name, or one of a row that the row points to.
    #[must_use]
    pub fn from(name: &str, path: &str) -> Field {
        Field::new(name, Source::Path { path: path.to_owned(), shown: Shown::Plain })
    }

    /// The address of a row of another collection.
    #[must_use]
    pub fn link(name: &str, path: &str, to: &str) -> Field {
        Field::new(name, Source::Link { path: path.to_owned(), to: to.to_owned() })
    }

    /// The addresses of rows of another collection.
    #[must_use]
    pub fn links(name: &str, path: &str, to: &str) -> Field {
        Field::new(name, Source::Links { path: path.to_owned(), to: to.to_owned(), order: Vec::new() })
    }

    /// A text made of the row's fields: `/books/{slug}/`.
    #[must_use]
    pub fn template(name: &str, text: &str) -> Field {
        Field::new(name, Source::Template { by: None, texts: vec![(String::new(), text.to_owned())] })
    }

    /// One of several such texts, chosen by the value of a field.
    #[must_use]
    pub fn templates(name: &str, by: &str, texts: &[(&str, &str)]) -> Field {
        let texts = texts.iter().map(|&(value, text)| (value.to_owned(), text.to_owned())).collect();
        Field::new(name, Source::Template { by: Some(by.to_owned()), texts })
    }

    /// Says how it is told. What is no field of a row is told in one way only.
    #[must_use]
    pub fn shown(mut self, as_what: Shown) -> Field {
        if let Source::Path { shown, .. } = &mut self.source {
            *shown = as_what;
        }
        self
    }

    /// Says in which order links are listed, by fields of what the first step of their path leads to.
    #[must_use]
    pub fn ordered(mut self, by: &[&str]) -> Field {
        if let Source::Links { order, .. } = &mut self.source {
            *order = by.iter().map(|text| parse_order(text)).collect();
        }
        self
    }

    fn new(name: &str, source: Source) -> Field {
        Field { name: name.to_owned(), source }
    }
}

/// The truth that a text means, in the spellings of files and of databases.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// A path as the engine spells it.
pub(super) fn spelled(path: &str) -> String {
    path.replace('.', "__")
}

fn parse_order(text: &str) -> Order {
    Order::parse(&spelled(text))
}
