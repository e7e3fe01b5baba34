//! What narrows a question for an index of SQLite (FTS5) that knows nothing of stems: every document that is what was
//! asked for answers the narrower question, and so do others, which are told apart afterwards.

use std::collections::BTreeSet;

use super::asked::Asked;
use super::lexeme::{Language, Lexeme};

/// The most bytes of a question for the index, which keeps trees of questions small.
const LONGEST: usize = 4_096;

/// The question for an index of plain words; `None` where nothing narrows it, since what is excluded may be anywhere.
#[must_use]
pub fn narrowed(language: Language, asked: &Asked) -> Option<String> {
    let question = wanted(language, asked)?;
    (question.len() <= LONGEST).then_some(question)
}

fn wanted(language: Language, asked: &Asked) -> Option<String> {
    match asked {
        Asked::Not(_) => None,
        Asked::Phrase(phrase) => {
            let words = phrase.lexemes.iter().filter_map(|lexeme| word(language, lexeme, phrase.starts));
            joined(words.collect(), " AND ")
        }
        Asked::And(all) => joined(all.iter().filter_map(|part| wanted(language, part)).collect(), " AND "),
        Asked::Or(any) => {
            let each: Option<BTreeSet<String>> = any.iter().map(|part| wanted(language, part)).collect();
            joined(each?, " OR ")
        }
    }
}

/// Questions put together; each once.
fn joined(each: BTreeSet<String>, by: &str) -> Option<String> {
    let each: Vec<String> = each.into_iter().collect();
    match each.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(format!("({})", several.join(by))),
    }
}

/// Words that may have become a lexeme; nothing for one without a letter, since the index knows only letters: a word may
/// begin directly behind a number (`3.5kg`). A lone letter is one of its own: as a beginning it would be nearly every word.
fn word(language: Language, lexeme: &Lexeme, starts: bool) -> Option<String> {
    let text = lexeme.text.as_str();
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    if !starts && text.chars().count() == 1 {
        return Some(format!("\"{text}\""));
    }
    let beginning = if language == Language::English { beginning(text) } else { text };
    Some(format!("\"{}\"*", beginning.replace('"', "\"\"")))
}

/// With what every word of an English stem begins: a last `y` may have become `i`, and `e` and `le` are put back.
fn beginning(stem: &str) -> &str {
    if matches!(stem, "die" | "lie" | "tie") {
        return &stem[..1];
    }
    stem.strip_suffix(['e', 'i', 'l', 'y']).filter(|beginning| !beginning.is_empty()).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::document::Sought;

    fn narrowed_text(text: &str, start: Option<&str>) -> Option<String> {
        let sought = Sought { text: text.to_owned(), start: start.map(str::to_owned) };
        narrowed(Language::English, &Asked::of(Language::English, &sought)?)
    }

    #[test]
    fn a_question_becomes_one_for_words() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(narrowed_text(text, None).as_deref(), expected);
        check("django rest", Some("(\"django\"* AND \"rest\"*)"));
        check("\"lantern of the shop\"", Some("(\"lantern\"* AND \"shop\"*)"));
        check("rest or queries", Some("(\"quer\"* OR \"rest\"*)"));
        check("caching -redis", Some("\"cach\"*"));
        check("rest -1", Some("\"rest\"*"));
        check("-redis", None);
        check("rest or -redis", None);
        check("c++", Some("\"c\""));
        check("2.0.1", None);
        check("python 3.12", Some("\"python\"*"));
        check("rest rest", Some("\"rest\"*"));
        assert_eq!(narrowed_text("res", Some("res")).as_deref(), Some("\"res\"*"));
    }

    #[test]
    fn every_word_begins_as_its_stem_says() {
        let texts = [include_str!("lexemes.txt"), include_str!("questions.txt"), WORDS];
        for word in texts.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphabetic())) {
            let word = word.to_lowercase();
            for lexeme in Language::English.lexemes(&word) {
                let (stem, beginning) = (&lexeme.text, beginning(&lexeme.text));
                assert!(word.starts_with(beginning), "{word} became {stem}: {beginning}");
            }
        }
    }

    /// Words that become something else than their beginnings.
    const WORDS: &str = "skis skies sky dying lying tying dies lies ties idly gently ugly early only singly news inning \
        outing canning proceed succeed exceed cries cried cry by say hoping hoped hope hopping rating rate sized sizing \
        conflated troubled falling hissing fizzed failing filing happy relational conditional rational valenci valency \
        hesitancy digitizer conformably radically differently vilely analogously vietnamization predication operator \
        feudalism decisiveness hopefulness callousness formality sensitivity sensibility ability apology geology arsenal \
        commune generate generically university agreed feed plastered bled motoring sing enjoyed boyed oed ied ies \
        possibly possible possibility able ably angrily angry rationally electricity electrical hopeful goodness revival \
        allowance inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent adoption \
        homologou communism activate angularity homologous effective bowdlerize probate cease control roll";
}
