//! A text cut into tokens, as PostgreSQL's default parser does.

use std::sync::LazyLock;

use regex::{CaptureLocations, Regex};

/// A piece of a text that has a meaning of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Letters: brought to their stem.
    Word(&'t str),
    /// Anything else that is kept as it stands: numbers, versions, addresses, paths, words with digits.
    Plain(&'t str),
    /// Words joined by hyphens.
    Joined(&'t str),
    /// A web address without its scheme, and where its path begins.
    Address(&'t str, usize),
}

/// What may stand in a path behind its first slash or point, with a last sign that can end it.
const BODY: &str = r"(?:[A-Za-z0-9_.-]|/~?[A-Za-z0-9_.])*(?:[A-Za-z0-9_-]|/~?[A-Za-z0-9_])";

/// The kinds in the order in which they are tried at each place; a group stands around each whose tokens are kept.
///
/// What holds a dot or a slash comes first, since it would fall apart into words otherwise.
/// [`ADDRESS`], [`JOINED`] and [`WORD`] are the numbers of such groups.
static KINDS: LazyLock<Regex> = LazyLock::new(|| {
    let label = "[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?";
    // One letter is no end of a host: `quill.js` is one, and `amara.k` a path.
    let host = format!(r"(?:{label}\.)+[A-Za-z][A-Za-z0-9]+(?::[0-9]+)?");
    let mailbox = r"[A-Za-z0-9](?:\.?[A-Za-z0-9_-])*";
    let named = "[0-9]*[A-Za-z][A-Za-z0-9]*";
    let letter = r"[\p{L}\p{M}]";
    let part = format!(r"[0-9]*\p{{L}}(?:{letter}|[0-9])*");
    let kinds = [
        r"</?[A-Za-z][^<>]*>|<!--(?s:.*?)-->".to_owned(),
        "&(?:[A-Za-z]+|#[0-9]+|#[xX][0-9A-Fa-f]+);".to_owned(),
        format!("({mailbox}@{host})"),
        "[A-Za-z]+://".to_owned(),
        format!(r#"(({host})/[^\s<>"']*)"#),
        format!("({host})"),
        format!(r"({named}\.[A-Za-z0-9_](?:{BODY})?|(?:{named}|[0-9]+)?/~?(?:[A-Za-z0-9_](?:{BODY})?|\.{BODY}))"),
        r"[-+]?([0-9]+(?:\.[0-9]+){2,})".to_owned(),
        r"([-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]+)".to_owned(),
        format!("({part}(?:-{part})+)"),
        r"([-+]?[0-9]+\.[0-9]+)".to_owned(),
        format!(r"([0-9]+\p{{L}}(?:{letter}|[0-9])*|\p{{L}}{letter}*[0-9](?:{letter}|[0-9])*)"),
        r"([-+]?[0-9]+)".to_owned(),
        format!(r"(\p{{L}}{letter}*)"),
    ];
    Regex::new(&kinds.join("|")).expect("the kinds of tokens are a pattern")
});

/// A path that begins with a folder's sign. It is one at the beginning of a text, and `~` is also behind a token.
static BEGUN: LazyLock<Regex> = LazyLock::new(|| {
    let path = format!(r"\A(?:\.{{1,2}}/|~/?)(?:[A-Za-z0-9_](?:{BODY})?|\.{BODY})");
    Regex::new(&path).expect("such a path is a pattern")
});

/// The group of web addresses; the next one is that of their hosts.
const ADDRESS: usize = 2;
/// The group of words that are joined by hyphens.
const JOINED: usize = 8;
/// The group of words, which is the last.
const WORD: usize = 12;

/// The tokens of a text, in order. Marks, entities and schemes are none.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let (mut at, mut last, mut groups) = (0, 0, KINDS.capture_locations());
    std::iter::from_fn(move || {
        loop {
            if at == last
                && let Some(path) = begun(text, at)
            {
                (at, last) = (at + path.len(), at + path.len());
                return Some(Token::Plain(path));
            }
            at += text[at..].bytes().take_while(u8::is_ascii_whitespace).count();
            if let Some(word) = lone_word(&text[at..]) {
                (at, last) = (at + word.len(), at + word.len());
                return Some(Token::Word(word));
            }
            at = KINDS.captures_read_at(&mut groups, text, at)?.end();
            if let Some(token) = kept(text, &groups) {
                last = at;
                at += usize::from(matches!(token, Token::Joined(_)) && counts_on(&text[at..]));
                return Some(token);
            }
        }
    })
}

/// A path that begins with a folder's sign, directly behind a token or at the beginning.
fn begun(text: &str, at: usize) -> Option<&str> {
    let rest = &text[at..];
    let may = rest.starts_with('~') || (at == 0 && rest.starts_with('.'));
    may.then(|| BEGUN.find(rest))?.map(|found| found.as_str())
}

/// Whether words that were joined go on with a number, whose hyphen is then no sign.
fn counts_on(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Letters with nothing behind them that could make more of them: most tokens, found without the pattern.
fn lone_word(text: &str) -> Option<&str> {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",;!?()\"'".contains(byte);
    (end > 0 && text.as_bytes().get(end).is_none_or(ends)).then(|| &text[..end])
}

/// What is kept of what was found: the first group that is not empty says what it is.
fn kept<'t>(text: &'t str, groups: &CaptureLocations) -> Option<Token<'t>> {
    let of = |group: usize| groups.get(group).map(|(start, end)| &text[start..end]);
    let (group, found) = (1..=WORD).find_map(|group| Some((group, of(group)?)))?;
    Some(match group {
        ADDRESS => Token::Address(found, of(ADDRESS + 1).map_or(0, str::len)),
        JOINED => Token::Joined(found),
        WORD => Token::Word(found),
        _ => Token::Plain(found),
    })
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn a_text_falls_into_tokens() {
        let found: Vec<Token<'_>> = tokens("<b>See</b> &amp; https://a.org/x?y=1 v2.1 one-two 3_x").collect();
        let expected = [
            Token::Word("See"),
            Token::Address("a.org/x?y=1", 5),
            Token::Plain("v2.1"),
            Token::Joined("one-two"),
            Token::Plain("3"),
            Token::Word("x"),
        ];
        assert_eq!(found, expected);
    }
}
