//! How what somebody types into a search box becomes terms: Django's splitting, quotes and all.

use factotum_engine::query::{Search, SearchPlace};

/// The search for a phrase in these fields; nothing if there is nothing to search for or in.
pub(super) fn search(fields: &[(String, SearchPlace)], phrase: &str) -> Option<Search> {
    let terms: Vec<String> = split(phrase).map(unquoted).collect();
    (!fields.is_empty() && !terms.is_empty()).then(|| Search { fields: fields.to_vec(), terms })
}

/// The pieces of a phrase: runs without blanks, in which what stands in quotes may hold blanks.
fn split(phrase: &str) -> impl Iterator<Item = &str> {
    let mut rest = phrase.trim_start();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let run = || rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(with_quotes(rest).unwrap_or_else(run));
        rest = after.trim_start();
        Some(piece)
    })
}

/// Where a piece ends that begins here and has something in quotes; nothing if it has not, or its quote stays open.
fn with_quotes(text: &str) -> Option<usize> {
    let plain = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '\'' | '"')).unwrap_or(rest.len())
    };
    let mut at = plain(0);
    let mut end = None;
    while let Some(closed) = quoted(&text[at..]) {
        at = plain(at + closed);
        end = Some(at);
    }
    end
}

/// Where the quotes close that open here; a backslash takes its meaning from the letter behind it.
fn quoted(text: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    let (_, quote) = letters.next().filter(|(_, letter)| matches!(letter, '\'' | '"'))?;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next()?;
            }
            letter if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn unquoted(piece: &str) -> String {
    let Some(quote) = piece.chars().next().filter(|letter| matches!(letter, '\'' | '"')) else {
        return piece.to_owned();
    };
    if !piece.ends_with(quote) {
        return piece.to_owned();
    }
    let inner = piece.get(1..piece.len() - 1).unwrap_or_default();
    inner.replace(&format!("\\{quote}"), &quote.to_string()).replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(phrase: &str, expected: &[&str]) {
        assert_eq!(split(phrase).map(unquoted).collect::<Vec<_>>(), expected, "{phrase}");
    }

    #[test]
    fn a_phrase_is_split_as_django_splits_it() {
        check("amber  anvil", &["amber", "anvil"]);
        check("\"amber anvil\" x", &["amber anvil", "x"]);
        check("'it is' a\"b c\"d", &["it is", "a\"b c\"d"]);
        check("\"amber anvil", &["\"amber", "anvil"]);
        check("it's", &["it's"]);
        check(r#""a\"b \\ c""#, &[r#"a"b \ c"#]);
        check("\"", &[""]);
        check("   ", &[]);
    }
}
