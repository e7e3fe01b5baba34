//! What exists: models, their fields, rows. Plain data; nothing here asks who may do what.

pub mod build;
pub mod facts;
pub mod field;
pub mod flaw;
pub mod infer;
pub mod label;
pub mod read;
pub mod schema;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

pub use field::{Check, Field, FieldKind, Initial, OnDelete, Stamp, Storage, TextFormat, Through, Width};
pub use flaw::{DatePart, Flaw, FlawKind, Received};
pub use label::Label;
pub use read::{Reading, TermValue};
pub use schema::{Reverse, Schema};

use crate::value::Value;

/// The name of a model: application and model, as `shop.Product`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModelKey {
    /// The application (Django's `app_label`).
    pub app: String,
    /// The model's own name.
    pub name: String,
}

impl ModelKey {
    /// A key from its two parts.
    #[must_use]
    pub fn new(app: &str, name: &str) -> ModelKey {
        ModelKey { app: app.to_owned(), name: name.to_owned() }
    }

    /// Reads `app.Name`; `None` without exactly one point or with an empty part.
    ///
    /// ```
    /// use factotum_engine::model::ModelKey;
    /// assert_eq!(ModelKey::parse("shop.Product"), Some(ModelKey::new("shop", "Product")));
    /// assert_eq!(ModelKey::parse("Product"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<ModelKey> {
        let (app, name) = text.split_once('.')?;
        (!app.is_empty() && !name.is_empty() && !name.contains('.')).then(|| ModelKey::new(app, name))
    }

    /// The model's name in lower case: the part of a permission's codename and of a content type.
    #[must_use]
    pub fn lower_name(&self) -> String {
        self.name.to_lowercase()
    }

    /// The permission that a word stands for: `publish` for `shop.publish_product`.
    #[must_use]
    pub fn permission(&self, word: &str) -> String {
        format!("{}.{word}_{}", self.app, self.lower_name())
    }
}

impl fmt::Display for ModelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}

/// One step of an ordering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The field, or a path across relations (`category__name`).
    pub path: String,
    /// Whether the greatest come first.
    pub descending: bool,
}

impl Order {
    /// Reads Django's spelling: `name` or `-name`.
    #[must_use]
    pub fn parse(text: &str) -> Order {
        match text.strip_prefix('-') {
            Some(path) => Order { path: path.to_owned(), descending: true },
            None => Order { path: text.to_owned(), descending: false },
        }
    }
}

/// Django's spelling.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.path)
    }
}

/// Fields that no two rows may have alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The fields' names.
    pub fields: Vec<String>,
    /// Words that replace the usual message.
    pub words: Option<String>,
}

/// A model: a table and what is known of it.
#[derive(Debug, Clone)]
pub struct Model {
    /// The model's name.
    pub key: ModelKey,
    /// The table.
    pub table: String,
    /// The name for people (Django's `verbose_name`).
    pub singular: String,
    /// The name of many (Django's `verbose_name_plural`).
    pub plural: String,
    /// All fields, columns in order and then many-to-many.
    pub fields: Vec<Field>,
    /// The field that is the primary key.
    pub primary_key: String,
    /// How a row is called.
    pub label: Label,
    /// The order of rows when nobody says.
    pub ordering: Vec<Order>,
    /// Uniqueness across fields.
    pub unique_together: Vec<Unique>,
    /// The columns of the table's indexes, as far as somebody said ([`crate::site::Builder::facts`]).
    pub indexes: Vec<Vec<String>>,
    /// Whether the model stands only for the join table of a many-to-many field.
    pub auto_made: bool,
}

impl Model {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The primary key.
    ///
    /// # Panics
    /// If the primary key names no field; a built site has no such model.
    #[must_use]
    pub fn key_field(&self) -> &Field {
        self.field(&self.primary_key).expect("a model's primary key is one of its fields")
    }

    /// The fields that are columns of the table, in order.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_column())
    }

    /// Learns what indexes the table has; SQLite does not count the one of its own row number.
    pub(crate) fn know(&mut self, table: &facts::Table) {
        let indexes = table.indexes.iter().map(|index| index.columns.clone());
        self.indexes = indexes.chain([table.primary_key.clone()]).filter(|index| !index.is_empty()).collect();
        for field in &mut self.fields {
            let leads = |index: &facts::Index| index.any_case && index.columns.first() == Some(&field.column);
            field.found_by_start = matches!(field.kind, FieldKind::Text { .. })
                && table.column(&field.column).is_some_and(facts::Column::is_text)
                && table.indexes.iter().any(leads);
        }
    }

    /// The many-to-many fields, in order.
    pub fn many(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_column())
    }
}

/// So many bytes of a digest tell two versions of a row apart.
const VERSION_BYTES: usize = 18;

/// A row as it is stored: one value per field of its model, in the model's order of fields.
/// Many-to-many fields hold [`Value::Keys`] when they were asked for and [`Value::Null`] when not.
#[derive(Debug, Clone)]
pub struct Row {
    /// The model.
    pub model: Arc<Model>,
    /// A value per field.
    pub values: Vec<Value>,
}

impl Row {
    /// The value of a field; null for a name that the model does not have.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        const NOTHING: &Value = &Value::Null;
        self.model.fields.iter().position(|field| field.name == name).map_or(NOTHING, |at| &self.values[at])
    }

    /// Sets a field; a name that the model does not have is ignored.
    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(at) = self.model.fields.iter().position(|field| field.name == name) {
            self.values[at] = value;
        }
    }

    /// The primary key's value.
    #[must_use]
    pub fn key(&self) -> &Value {
        self.get(&self.model.primary_key)
    }

    /// The version of the row: a text that is another one as soon as anything in it is. Keys of several rows have no
    /// order, so theirs does not count.
    #[must_use]
    pub fn version(&self) -> String {
        let mut digest = Sha256::new();
        for (field, value) in self.pairs() {
            let text = match value {
                Value::Keys(keys) => {
                    let mut keys: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
                    keys.sort();
                    keys.join(",")
                }
                Value::Decimal(number) => format!("Decimal({})", number.normalized()),
                value => format!("{value:?}"),
            };
            for part in [field.name.as_bytes(), text.as_bytes()] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
        URL_SAFE_NO_PAD.encode(&digest.finalize()[..VERSION_BYTES])
    }

    /// Whether a text has the form of a version.
    #[must_use]
    pub fn is_version(text: &str) -> bool {
        URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == VERSION_BYTES)
    }

    /// Fields with their values, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&Field, &Value)> {
        self.model.fields.iter().zip(&self.values)
    }
}

/// A row with its name and the names of the rows it points to.
#[derive(Debug, Clone)]
pub struct Record {
    /// The row.
    pub row: Row,
    /// How the row is called.
    pub label: String,
    /// The names of related rows, by field.
    pub related: RelatedLabels,
    /// Computed columns, by name.
    pub computed: HashMap<String, Value>,
}

/// How the rows are called that a row points to. A field that points nowhere has no name.
#[derive(Debug, Clone)]
pub struct RelatedLabels {
    model: Arc<Model>,
    labels: Vec<(usize, String)>,
}

impl RelatedLabels {
    /// Names by the positions of fields.
    pub(crate) fn new(model: Arc<Model>, labels: Vec<(usize, String)>) -> RelatedLabels {
        RelatedLabels { model, labels }
    }

    /// The name that belongs to the field at a position.
    #[must_use]
    pub fn at(&self, field: usize) -> Option<&str> {
        self.labels.iter().find(|(at, _)| *at == field).map(|(_, label)| label.as_str())
    }

    /// The name that belongs to a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.at(self.model.fields.iter().position(|known| known.name == field)?)
    }
}
