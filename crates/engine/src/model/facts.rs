//! What a database says of itself, as plain facts; models are inferred from them.

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Whether a column holds only values of its declared type (PostgreSQL); SQLite takes the type as a hint.
    pub strict: bool,
    /// Tables and views that unqualified names reach, in the database's order.
    pub tables: Vec<Table>,
    /// What Django wrote down about its models, if Django's tables are there.
    pub django: Vec<DjangoModel>,
    /// The languages that its full text knows by names without a schema, in the order of their names.
    pub languages: Vec<String>,
}

/// A table or a view.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub view: bool,
    /// Whether every row has a number of its own that no column shows (SQLite's `rowid`).
    pub numbered: bool,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub primary_key: Vec<String>,
    /// Its foreign keys.
    pub foreign: Vec<Foreign>,
    /// Columns that are unique, alone or together; the primary key is not among them.
    pub uniques: Vec<Vec<String>>,
    /// Its indexes over all rows, those of keys and unique columns included.
    pub indexes: Vec<Index>,
    /// The texts of its check constraints (SQLite: of the whole definition).
    pub checks: Vec<String>,
}

impl Table {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// An index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// Its columns in order, up to the first expression.
    pub columns: Vec<String>,
    /// Whether its first column is in the order of letters of any case (SQLite's `NOCASE`).
    pub any_case: bool,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type as declared, with length and the like.
    pub declared: String,
    /// Whether it may be null.
    pub null: bool,
    /// Its default, as an expression.
    pub default: Option<String>,
    /// Whether the database counts it up by itself.
    pub identity: bool,
    /// Whether it is computed from other columns.
    pub generated: bool,
    /// The values of its enumeration type.
    pub labels: Vec<String>,
    /// The comment on it.
    pub comment: String,
}

impl Column {
    /// Whether SQLite keeps texts in it as texts, whatever they look like.
    pub(crate) fn is_text(&self) -> bool {
        let declared = self.declared.to_ascii_uppercase();
        !declared.contains("INT") && ["CHAR", "CLOB", "TEXT"].iter().any(|kind| declared.contains(kind))
    }
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreign {
    /// Its columns.
    pub columns: Vec<String>,
    /// The table pointed to.
    pub table: String,
    /// The columns pointed to; empty: the primary key.
    pub targets: Vec<String>,
    /// What the database does when the target goes.
    pub on_delete: Rule,
}

/// What the database itself does when the target of a foreign key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Refuses at the end of the statement or transaction. Also what Django writes for all its own rules.
    NoAction,
    /// Refuses at once.
    Restrict,
    /// Deletes.
    Cascade,
    /// Sets null.
    SetNull,
    /// Sets the default.
    SetDefault,
}

/// A model as Django's own tables know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DjangoModel {
    /// The application.
    pub app: String,
    /// The model's name in lower case.
    pub model: String,
    /// The name for people, as far as a permission tells it.
    pub title: Option<String>,
}
