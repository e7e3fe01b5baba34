//! A document as its lexemes with their places: what PostgreSQL calls a text vector.

use std::collections::BTreeMap;

use super::asked::{Asked, Phrase};
use super::lexeme::Language;
use crate::store::document::Class;

/// Where a lexeme stands, and how much it counts there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: u32,
    pub(super) class: Class,
}

/// The lexemes of a document, each with its places in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vector(BTreeMap<String, Vec<Place>>);

impl Vector {
    /// The lexemes of several texts, one behind the other.
    pub fn of<'t>(language: Language, parts: impl IntoIterator<Item = (Class, &'t str)>) -> Vector {
        let mut vector = Vector::default();
        let mut before = 0;
        for (class, text) in parts {
            let mut last = before;
            for lexeme in language.lexemes(text) {
                let position = before + lexeme.position;
                last = position;
                vector.0.entry(lexeme.text).or_default().push(Place { position, class });
            }
            before = last;
        }
        vector
    }

    /// The places of a lexeme; of each that it begins, where it may be a beginning.
    pub(super) fn entries<'v>(&'v self, lexeme: &'v str, starts: bool) -> impl Iterator<Item = &'v [Place]> {
        let from = self.0.range::<str, _>((std::ops::Bound::Included(lexeme), std::ops::Bound::Unbounded));
        let fits = move |known: &str| if starts { known.starts_with(lexeme) } else { known == lexeme };
        from.take_while(move |(known, _)| fits(known)).map(|(_, places)| places.as_slice())
    }

    /// Whether the document is what was asked for.
    #[must_use]
    pub fn meets(&self, asked: &Asked) -> bool {
        match asked {
            Asked::Phrase(phrase) => self.holds(phrase),
            Asked::Not(inner) => !self.meets(inner),
            Asked::And(all) => all.iter().all(|part| self.meets(part)),
            Asked::Or(any) => any.iter().any(|part| self.meets(part)),
        }
    }

    /// Whether somewhere all lexemes of a phrase stand at their distances.
    fn holds(&self, phrase: &Phrase) -> bool {
        let Some((first, others)) = phrase.lexemes.split_first() else { return false };
        let stands = |lexeme: &str, at: u32| {
            self.entries(lexeme, phrase.starts).any(|places| places.iter().any(|place| place.position == at))
        };
        let begins = |at: u32| others.iter().all(|next| stands(&next.text, at + next.position - first.position));
        self.entries(&first.text, phrase.starts).any(|places| places.iter().any(|place| begins(place.position)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::document::Sought;

    fn firefly() -> Vector {
        let parts = [
            (Class::A, ":fire: Firefly"),
            (Class::B, "firefly"),
            (Class::C, "Hot reload for templates :sparkles:"),
            (Class::D, "Service client"),
        ];
        Vector::of(Language::English, parts)
    }

    #[test]
    fn parts_stand_one_behind_the_other() {
        let told = |(lexeme, places): (&String, &Vec<Place>)| {
            let places = places.iter().map(|place| format!("{}{}", place.position, place.class.letter()));
            format!("{lexeme}:{}", places.collect::<Vec<_>>().join(","))
        };
        let told: Vec<String> = firefly().0.iter().map(told).collect();
        let expected = "client:10D fire:1A firefli:2A,3B hot:4C reload:5C servic:9D sparkl:8C templat:7C";
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn a_document_meets_what_is_asked() {
        let cases = [
            ("firefly", true),
            ("hot \"reload for templates\"", true),
            ("\"reload templates\"", false),
            ("-firefly", false),
            ("missing or client", true),
            ("client -missing", true),
        ];
        for (text, expected) in cases {
            let sought = Sought { text: text.to_owned(), start: None };
            let asked = Asked::of(Language::English, &sought).expect("a question");
            assert_eq!(firefly().meets(&asked), expected, "{text}");
        }
        let start = Sought { text: String::new(), start: Some("temp".to_owned()) };
        assert!(firefly().meets(&Asked::of(Language::English, &start).expect("a beginning")));
    }
}
