//! Emoji codes: `:rocket:` for the emoji that Unicode calls "rocket", as chats write them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Emoji by their names, with underscores for blanks.
static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let toned = |emoji: &'static emojis::Emoji| emoji.skin_tones().into_iter().flatten();
    let all = emojis::iter().flat_map(|emoji| std::iter::once(emoji).chain(toned(emoji)));
    let parts = PARTS.map(|(name, part)| (name.to_owned(), part));
    all.map(|emoji| (code(emoji.name()), emoji.as_str())).chain(parts).collect()
});

/// What others are made of, and which stands for itself all the same.
const PARTS: [(&str, &str); 9] = [
    ("light_skin_tone", "\u{1f3fb}"),
    ("medium-light_skin_tone", "\u{1f3fc}"),
    ("medium_skin_tone", "\u{1f3fd}"),
    ("medium-dark_skin_tone", "\u{1f3fe}"),
    ("dark_skin_tone", "\u{1f3ff}"),
    ("red_hair", "\u{1f9b0}"),
    ("curly_hair", "\u{1f9b1}"),
    ("bald", "\u{1f9b2}"),
    ("white_hair", "\u{1f9b3}"),
];

/// A name as codes spell it: `flag: Norway` is `Norway`, and what only divides is left out.
fn code(name: &str) -> String {
    let name = name.strip_prefix("flag: ").unwrap_or(name);
    name.chars()
        .filter(|letter| !matches!(letter, ':' | ',' | '“' | '”' | '⊛'))
        .collect::<String>()
        .trim()
        .replace(" - ", "-")
        .replace(' ', "_")
}

/// A text with its codes turned into what they name; unknown ones stay as they are.
pub(super) fn expanded(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(':') {
        out.push_str(before);
        let end = after.find(|letter: char| !is_of_name(letter)).unwrap_or(after.len());
        let name = &after[..end];
        match after[end..].strip_prefix(':').filter(|_| !name.is_empty()) {
            Some(behind) => {
                match BY_NAME.get(name) {
                    Some(emoji) => out.push_str(emoji),
                    None => out.extend([":", name, ":"]),
                }
                rest = behind;
            }
            None => {
                out.push(':');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_-&.’()!#*+/".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn codes_are_names_of_unicode() {
        let check = |text: &str, expected: &str| assert_eq!(expanded(text), expected, "{text}");
        check(":fire: Firefly", "\u{1f525} Firefly");
        check("a:red_heart:b", "a\u{2764}\u{fe0f}b");
        check(":thumbs_up: :sparkles:", "\u{1f44d} \u{2728}");
        check(":tada: :+1: :Rocket: :heart:", ":tada: :+1: :Rocket: :heart:");
        check("10:30: :rocket:", "10:30: \u{1f680}");
        check("http://a:80/ ::", "http://a:80/ ::");
        check(":unknown:rocket:", ":unknown:rocket:");
        check(":Congo-Kinshasa: :dark_skin_tone: :red_hair:", "\u{1f1e8}\u{1f1e9} \u{1f3ff} \u{1f9b0}");
        check(":Norway:", "\u{1f1f3}\u{1f1f4}");
    }
}
