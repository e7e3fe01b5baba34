//! A question as people type it into a search field of the web, read as PostgreSQL's `websearch_to_tsquery` reads it.

use std::collections::BTreeMap;

use super::lexeme::{Language, Lexeme};
use crate::store::document::Sought;

/// What stands between words and means nothing.
const BETWEEN: [char; 6] = ['&', '|', '!', '(', ')', '<'];

/// A question: what a document must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// These lexemes, at these distances.
    Phrase(Phrase),
    /// Not this.
    Not(Box<Asked>),
    /// All of these.
    And(Vec<Asked>),
    /// Any of these.
    Or(Vec<Asked>),
}

/// Lexemes that stand in a document as they stand here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The lexemes: their positions tell how far each is from the others. Never empty.
    pub lexemes: Vec<Lexeme>,
    /// Whether they may be the beginnings of what is found.
    pub starts: bool,
}

impl Asked {
    /// Reads what is looked for; nothing where no word is left that says anything.
    #[must_use]
    pub fn of(language: Language, sought: &Sought) -> Option<Asked> {
        let whole = Asked::read(language, &sought.text);
        let start = sought.start.as_deref().and_then(|text| phrase(language, text, true));
        one_or(whole.into_iter().chain(start).collect(), Asked::Or)
    }

    /// Reads words, phrases, exclusions and alternatives.
    fn read(language: Language, text: &str) -> Option<Asked> {
        let mut reader = Reader { language, either: Vec::new(), all: Vec::new(), rest: text };
        reader.read();
        reader.close();
        one_or(reader.either, Asked::Or)
    }

    /// Every lexeme that is spoken of, excluded ones too, and whether it may be a beginning.
    #[must_use]
    pub fn lexemes(&self) -> BTreeMap<&str, bool> {
        let mut lexemes = BTreeMap::new();
        self.gather(&mut lexemes);
        lexemes
    }

    fn gather<'a>(&'a self, lexemes: &mut BTreeMap<&'a str, bool>) {
        match self {
            Asked::Phrase(phrase) => {
                for lexeme in &phrase.lexemes {
                    *lexemes.entry(&lexeme.text).or_default() |= phrase.starts;
                }
            }
            Asked::Not(inner) => inner.gather(lexemes),
            Asked::And(parts) | Asked::Or(parts) => parts.iter().for_each(|part| part.gather(lexemes)),
        }
    }

    /// Whether several lexemes must stand together in a document.
    #[must_use]
    pub fn joins(&self) -> bool {
        match self {
            Asked::Phrase(phrase) => phrase.lexemes.len() > 1,
            Asked::And(_) => true,
            Asked::Not(_) | Asked::Or(_) => false,
        }
    }
}

/// The only part, or all of them put together.
fn one_or(mut parts: Vec<Asked>, together: fn(Vec<Asked>) -> Asked) -> Option<Asked> {
    if parts.len() > 1 { Some(together(parts)) } else { parts.pop() }
}

fn phrase(language: Language, words: &str, starts: bool) -> Option<Asked> {
    let lexemes = language.lexemes(words);
    (!lexemes.is_empty()).then_some(Asked::Phrase(Phrase { lexemes, starts }))
}

/// What is read, and what was read: alternatives, and the parts of the last one.
struct Reader<'t> {
    language: Language,
    either: Vec<Asked>,
    all: Vec<Asked>,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn read(&mut self) {
        let (mut after_operand, mut excluded) = (false, false);
        loop {
            self.rest =
                self.rest.trim_start_matches(|letter: char| letter.is_whitespace() || BETWEEN.contains(&letter));
            if self.rest.is_empty() {
                return;
            }
            if after_operand && is_or(self.rest) {
                self.rest = &self.rest[2..];
                self.close();
                (after_operand, excluded) = (false, false);
            } else if let Some(rest) = self.rest.strip_prefix('-') {
                self.rest = rest;
                (after_operand, excluded) = (false, !excluded);
            } else {
                let words = self.operand();
                let found = phrase(self.language, words, false);
                let found = found.map(|found| if excluded { Asked::Not(Box::new(found)) } else { found });
                self.all.extend(found);
                (after_operand, excluded) = (true, false);
            }
        }
    }

    /// Takes a phrase in quotes, of which the last may be missing, or a run of letters: a colon begins one or ends it.
    fn operand(&mut self) -> &'t str {
        let (words, rest) = match self.rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => {
                let ends =
                    |letter: char| letter.is_whitespace() || matches!(letter, '"' | ':') || BETWEEN.contains(&letter);
                let end = self.rest.char_indices().skip(1).find(|(_, letter)| ends(*letter));
                self.rest.split_at(end.map_or(self.rest.len(), |(at, _)| at))
            }
        };
        self.rest = rest;
        words
    }

    /// Ends an alternative; one of which nothing is left is none.
    fn close(&mut self) {
        self.either.extend(one_or(std::mem::take(&mut self.all), Asked::And));
    }
}

/// Whether a text begins with the word `or`, and something comes behind it.
fn is_or(text: &str) -> bool {
    let Some((word, behind)) = text.split_at_checked(2) else { return false };
    let mut letters = behind.chars();
    let ends = letters.next().is_some_and(|letter| !letter.is_alphanumeric() && !matches!(letter, '-' | '_'));
    word.eq_ignore_ascii_case("or") && ends && letters.any(|letter| !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As PostgreSQL prints it.
    fn told(asked: &Asked, within: u8) -> String {
        let (own, text) = match asked {
            Asked::Phrase(phrase) => {
                let mut text = String::new();
                let mut last = None;
                for lexeme in &phrase.lexemes {
                    match last.map(|last| lexeme.position - last) {
                        None => {}
                        Some(1) => text.push_str(" <-> "),
                        Some(far) => text.push_str(&format!(" <{far}> ")),
                    }
                    last = Some(lexeme.position);
                    text.push_str(&format!("'{}'{}", lexeme.text, if phrase.starts { ":*" } else { "" }));
                }
                (if phrase.lexemes.len() > 1 { 3 } else { 5 }, text)
            }
            Asked::Not(inner) => (4, format!("!{}", told(inner, 4))),
            Asked::And(all) => (2, all.iter().map(|part| told(part, 2)).collect::<Vec<_>>().join(" & ")),
            Asked::Or(any) => (1, any.iter().map(|part| told(part, 1)).collect::<Vec<_>>().join(" | ")),
        };
        if own < within { format!("( {text} )") } else { text }
    }

    fn read(text: &str, start: Option<&str>) -> String {
        let sought = Sought { text: text.to_owned(), start: start.map(str::to_owned) };
        Asked::of(Language::English, &sought).map(|asked| told(&asked, 0)).unwrap_or_default()
    }

    #[test]
    fn questions_are_read_as_postgresql_reads_them() {
        for line in include_str!("questions.txt").lines() {
            let (text, expected) = line.split_once(" =>").expect("a question and what it means");
            assert_eq!(read(text, None), expected.trim_start(), "{text}");
        }
    }

    #[test]
    fn beginnings_are_read_as_postgresql_reads_them() {
        for line in include_str!("beginnings.txt").lines() {
            let (text, expected) = line.split_once(" =>").expect("a beginning and what it means");
            assert_eq!(read("", Some(text)), expected.trim_start(), "{text}");
        }
    }

    #[test]
    fn a_word_may_be_whole_or_a_beginning() {
        assert_eq!(read("rest", Some("rest")), "'rest' | 'rest':*");
        assert_eq!(read("--rest -", None), "'rest'");
        assert_eq!(read("a,or,b", None), "'b'");
    }
}
