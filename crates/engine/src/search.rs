//! Searches as declared: which texts of a model are searched as one, what counts how much, and in which order what is
//! found comes.

mod upkeep;

use crate::feed::Feed;
use crate::model::{ModelKey, Order};
pub use crate::store::document::{Class, Sought, Weights};
pub use upkeep::{Made, Standing, rebuild, remove, standing};

/// A longer question finds nothing, in bytes.
const LONGEST: usize = 8_192;

/// A question with a longer word finds nothing: no database keeps such a word.
const LONGEST_WORD: usize = 2_000;

/// Whether a letter at either end of a question says nothing: white space, and the control characters that divide (as
/// Python's `strip` has it).
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}

/// A search over the rows of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchIndex {
    /// What the search is called: letters, digits and `_`.
    pub name: String,
    /// The model whose rows are found.
    pub model: ModelKey,
    /// How texts become words and these stems: `english` and `simple` everywhere, on PostgreSQL every configuration of
    /// the database.
    pub language: String,
    /// The texts in order, as fields or paths over relations to one row, each with its class.
    pub fields: Vec<(String, Class)>,
    /// What each class is worth: 0 to 1.
    pub weights: Weights,
    /// A number of the row that is added to its rank.
    pub boost: Option<Boost>,
    /// Texts that may also just be like what is looked for.
    pub alike: Option<Alike>,
    /// Which questions may be the beginning of a word.
    pub beginnings: Option<Beginnings>,
    /// The most rows that are found.
    pub limit: u64,
    /// The order of rows that answer equally well. Texts are compared byte by byte; the key comes last.
    pub order: Vec<Order>,
    /// How the model's table is filled, where it is a copy of others: by [`crate::feed::feed`], and by nothing else.
    pub feed: Option<Feed>,
}

/// A number that is added to the rank of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Boost {
    /// The field, or a path over relations to one row. Null counts as nothing.
    pub field: String,
    /// What it is multiplied by.
    pub factor: f64,
}

/// Texts that may be like what is looked for, letter by letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Fields or paths over relations to one row. The likest of them orders rows of one rank.
    pub fields: Vec<String>,
    /// How alike one must be: more than 0, at most 1.
    pub least: f64,
    /// Shorter questions are not compared, in characters.
    pub shortest: usize,
}

impl Alike {
    /// These fields, as alike as PostgreSQL asks when nobody says (0.3), to a question of three characters or more.
    #[must_use]
    pub fn new(fields: &[&str]) -> Alike {
        Alike { fields: fields.iter().map(|&field| field.to_owned()).collect(), least: 0.3, shortest: 3 }
    }
}

/// Which questions may be the beginning of a word: those of so many characters, all of them ASCII letters, digits, `_`
/// or `-`, the first a letter or a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginnings {
    /// The fewest characters.
    pub shortest: usize,
    /// The most characters.
    pub longest: usize,
}

impl Default for Beginnings {
    fn default() -> Beginnings {
        Beginnings { shortest: 3, longest: 5 }
    }
}

impl Beginnings {
    fn allow(self, text: &str) -> bool {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        (self.shortest..=self.longest).contains(&text.len())
            && text.bytes().all(plain)
            && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
    }
}

impl SearchIndex {
    /// A search that knows no text yet: English, at most 20 rows.
    ///
    /// ```
    /// use factotum_engine::ModelKey;
    /// use factotum_engine::search::{Class, SearchIndex};
    /// let books = SearchIndex::new("books", ModelKey::new("lib", "Book")).text("title", Class::A).text("words", Class::C);
    /// assert_eq!(books.sought(" whales ").map(|sought| sought.text).as_deref(), Some("whales"));
    /// assert_eq!(books.sought(" \0 "), None);
    /// ```
    #[must_use]
    pub fn new(name: &str, model: ModelKey) -> SearchIndex {
        SearchIndex {
            name: name.to_owned(),
            model,
            language: "english".to_owned(),
            fields: Vec::new(),
            weights: Weights::default(),
            boost: None,
            alike: None,
            beginnings: None,
            limit: 20,
            order: Vec::new(),
            feed: None,
        }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, field: &str, class: Class) -> SearchIndex {
        self.fields.push((field.to_owned(), class));
        self
    }

    /// Adds a number of the row to its rank.
    #[must_use]
    pub fn boost(mut self, field: &str, factor: f64) -> SearchIndex {
        self.boost = Some(Boost { field: field.to_owned(), factor });
        self
    }

    /// Finds rows whose texts are only like what is looked for, too.
    #[must_use]
    pub fn alike(mut self, alike: Alike) -> SearchIndex {
        self.alike = Some(alike);
        self
    }

    /// Takes short questions for beginnings of words, too.
    #[must_use]
    pub fn beginnings(mut self, beginnings: Beginnings) -> SearchIndex {
        self.beginnings = Some(beginnings);
        self
    }

    /// The order of rows that answer equally well, in Django's spelling.
    #[must_use]
    pub fn order_by(mut self, order: &[&str]) -> SearchIndex {
        self.order = order.iter().map(|text| Order::parse(text)).collect();
        self
    }

    /// Declares how the model's table is filled.
    #[must_use]
    pub fn fed_by(mut self, feed: Feed) -> SearchIndex {
        self.feed = Some(feed);
        self
    }

    /// What a text asks of this search; nothing for a text that is blank, or that no row can answer.
    #[must_use]
    pub fn sought(&self, text: &str) -> Option<Sought> {
        let text = text.replace('\0', " ");
        let text = text.trim_matches(is_blank);
        let too_long = text.len() > LONGEST || text.split_whitespace().any(|word| word.len() > LONGEST_WORD);
        if text.is_empty() || too_long {
            return None;
        }
        let begins = self.beginnings.is_some_and(|beginnings| beginnings.allow(text));
        Some(Sought { text: text.to_owned(), start: begins.then(|| text.to_owned()) })
    }

    /// The table or index that serves the search, where somebody had it made.
    #[must_use]
    pub fn table(&self) -> String {
        format!("factotum_search_{}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_questions_may_be_beginnings() {
        let index = SearchIndex::new("s", ModelKey::new("t", "Thing")).beginnings(Beginnings::default());
        let start = |text: &str| index.sought(text).and_then(|sought| sought.start);
        for text in ["djan", "fo-o", "abc", "12345", "a_b"] {
            assert_eq!(start(text).as_deref(), Some(text));
        }
        for text in ["ab", "django", "-ab", "_abc", "é-bc", "a b", "a'b"] {
            assert_eq!(start(text), None, "{text}");
        }
    }

    #[test]
    fn what_no_row_can_answer_is_not_asked() {
        let index = SearchIndex::new("s", ModelKey::new("t", "Thing"));
        assert_eq!(index.sought(" a\0b ").map(|sought| sought.text).as_deref(), Some("a b"));
        assert_eq!(index.sought("\u{1f}a\u{1c} ").map(|sought| sought.text).as_deref(), Some("a"));
        assert_eq!(index.sought(&"a".repeat(2_001)), None);
        assert_eq!(index.sought(&"a ".repeat(5_000)), None);
        assert!(index.sought(&"a ".repeat(500)).is_some());
    }
}
