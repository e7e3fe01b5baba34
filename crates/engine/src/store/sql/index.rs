//! Indexes that somebody may want: never made by the program itself, only told.

/// A column of an index.
#[derive(Debug, Clone, Copy)]
pub enum Key<'c> {
    /// In its own order.
    Ascending(&'c str),
    /// Against its order.
    Descending(&'c str),
    /// In the order of letters of any case (SQLite).
    AnyCase(&'c str),
}

/// The statement that makes an index; its name says what it is for.
///
/// ```
/// use factotum_engine::store::sql::{Key, create_index};
/// let made = create_index("book", &[Key::Descending("bought"), Key::Ascending("title")]);
/// assert_eq!(made, r#"CREATE INDEX "book_bought_desc_title" ON "book" ("bought" DESC, "title")"#);
/// ```
#[must_use]
pub fn create_index(table: &str, keys: &[Key<'_>]) -> String {
    let words = |key: &Key<'_>| match key {
        Key::Ascending(column) => (quoted(column), ""),
        Key::Descending(column) => (quoted(column), " DESC"),
        Key::AnyCase(column) => (quoted(column), " COLLATE NOCASE"),
    };
    let columns: Vec<String> = keys.iter().map(words).map(|(column, how)| format!("{column}{how}")).collect();
    let name = columns.join("_").replace('"', "").replace(' ', "_").to_lowercase();
    format!("CREATE INDEX {} ON {} ({})", quoted(&format!("{table}_{name}")), quoted(table), columns.join(", "))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
