//! Texts of a row that are searched as one, and what is looked for in them: parts of statements.

use super::statement::Expr;

/// How much a part of a document counts: what a class is worth is said where documents are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Usually the most.
    A,
    /// Less.
    B,
    /// Still less.
    C,
    /// Usually the least.
    D,
}

impl Class {
    /// All classes, in order.
    pub const ALL: [Class; 4] = [Class::A, Class::B, Class::C, Class::D];

    /// Its letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Class::A => 'A',
            Class::B => 'B',
            Class::C => 'C',
            Class::D => 'D',
        }
    }

    /// Reads a letter, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| text.len() == 1 && text.starts_with([class.letter(), class.small()]))
    }

    fn small(self) -> char {
        self.letter().to_ascii_lowercase()
    }
}

/// Texts of a row that are searched as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// How texts are cut into words and these brought to their stems: letters, digits and `_` only, since the name
    /// stands in the SQL.
    pub language: String,
    /// The texts in order, each with its class. Null is an empty text.
    pub parts: Vec<(Expr, Class)>,
}

impl Document {
    /// The letters of its parts, in order.
    #[must_use]
    pub fn classes(&self) -> String {
        self.parts.iter().map(|(_, class)| class.letter()).collect()
    }
}

/// What is looked for in documents, as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Words that must all be there; `"…"` is a phrase, `-` excludes, `or` between words asks for either.
    pub text: String,
    /// A word that may be the beginning of one: letters, digits, `_` and `-` only.
    pub start: Option<String>,
}

/// What each class is worth, A first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights(pub [f32; 4]);

impl Weights {
    /// What a class is worth.
    #[must_use]
    pub fn of(&self, class: Class) -> f32 {
        self.0[class as usize]
    }
}

impl Default for Weights {
    fn default() -> Weights {
        Weights([1.0, 0.4, 0.2, 0.1])
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn a_class_has_a_letter() {
        assert_eq!(Class::parse("a"), Some(Class::A));
        assert_eq!(Class::parse("D"), Some(Class::D));
        assert_eq!((Class::parse("E"), Class::parse(""), Class::parse("AA")), (None, None, None));
    }
}
