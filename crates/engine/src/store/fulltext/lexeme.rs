//! Tokens become lexemes: in small letters, without the words that say nothing, as stems.

use std::collections::HashSet;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::token::{Token, tokens};

/// Positions are not told apart behind this one.
const FARTHEST: u32 = 16_383;

/// How a text becomes lexemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Without words that say nothing, and as stems.
    English,
    /// In small letters, nothing else.
    Simple,
}

/// A lexeme and its place in the text, counted from 1 over words that were left out, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme {
    /// The lexeme.
    pub text: String,
    /// Its place.
    pub position: u32,
}

impl Language {
    /// The language of this name, as PostgreSQL calls its configurations.
    #[must_use]
    pub fn named(name: &str) -> Option<Language> {
        match name {
            "english" => Some(Language::English),
            "simple" => Some(Language::Simple),
            _ => None,
        }
    }

    /// The lexemes of a text, in order.
    #[must_use]
    pub fn lexemes(self, text: &str) -> Vec<Lexeme> {
        let mut list = List { language: self, lexemes: Vec::new(), position: 0 };
        for token in tokens(text) {
            match token {
                Token::Word(word) => list.word(word),
                Token::Plain(text) => list.plain(text),
                Token::Joined(whole) => list.joined(whole),
                Token::Address(whole, host) => {
                    [whole, &whole[..host], &whole[host..]].into_iter().for_each(|part| list.plain(part));
                }
            }
        }
        list.lexemes
    }

    /// The stem of a word in small letters.
    fn stem(self, word: &str) -> String {
        match self {
            Language::Simple => word.to_owned(),
            Language::English => STEMMER.stem(word).into_owned(),
        }
    }

    fn says_nothing(self, word: &str) -> bool {
        self == Language::English && STOP_WORDS.contains(word)
    }
}

/// The lexemes so far, and the last place that was taken.
struct List {
    language: Language,
    lexemes: Vec<Lexeme>,
    position: u32,
}

impl List {
    fn plain(&mut self, text: &str) {
        self.push(text.to_lowercase());
    }

    /// A word that says nothing takes its place all the same.
    fn word(&mut self, word: &str) {
        let word = word.to_lowercase();
        if self.language.says_nothing(&word) {
            self.position += 1;
        } else {
            self.push(self.language.stem(&word));
        }
    }

    /// Words joined by hyphens: all of them, and each.
    fn joined(&mut self, whole: &str) {
        let has_digits = |text: &str| text.contains(|letter: char| letter.is_ascii_digit());
        if has_digits(whole) {
            self.plain(whole);
        } else {
            self.push(self.language.stem(&whole.to_lowercase()));
        }
        for part in whole.split('-') {
            if has_digits(part) { self.plain(part) } else { self.word(part) }
        }
    }

    fn push(&mut self, text: String) {
        self.position += 1;
        self.lexemes.push(Lexeme { text, position: self.position.min(FARTHEST) });
    }
}

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// The English words that say nothing.
static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it \
     its itself they them their theirs themselves what which who whom this that these those am is are was were be been \
     being have has had having do does did doing a an the and but if or because as until while of at by for with about \
     against between into through during before after above below to from up down in out on off over under again \
     further then once here there when where why how all any both each few more most other some such no nor not only \
     own same so than too very s t can will just don should now"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

#[cfg(test)]
mod tests {
    use super::Language;

    fn told(text: &str) -> String {
        let mut words: Vec<(String, Vec<String>)> = Vec::new();
        for lexeme in Language::English.lexemes(text) {
            let position = lexeme.position.to_string();
            match words.iter_mut().find(|(known, _)| *known == lexeme.text) {
                Some((_, positions)) => positions.push(position),
                None => words.push((lexeme.text, vec![position])),
            }
        }
        words.sort_by(|one, other| (one.0.len(), &one.0).cmp(&(other.0.len(), &other.0)));
        words.sort_by(|one, other| one.0.as_bytes().cmp(other.0.as_bytes()));
        let told = words.iter().map(|(word, positions)| format!("'{word}':{}", positions.join(",")));
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_become_the_lexemes_that_postgresql_makes() {
        for line in include_str!("lexemes.txt").lines() {
            let (text, expected) = line.split_once(" => ").unwrap_or((line, ""));
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_simple_language_keeps_every_word() {
        let texts: Vec<String> = Language::Simple.lexemes("The Running").into_iter().map(|found| found.text).collect();
        assert_eq!(texts, ["the", "running"]);
        assert_eq!(Language::named("klingon"), None);
    }
}
