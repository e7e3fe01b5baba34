//! Django's protection against requests that another site made a browser send.

use std::fmt;

use factotum_engine::accounts::random::{self, LETTERS_AND_DIGITS};
use subtle::ConstantTimeEq;

use crate::http::Head;

const SECRET_LETTERS: usize = 32;
const MASKED_LETTERS: usize = 2 * SECRET_LETTERS;

/// Why a request was taken for a forgery. `Display` gives Django's English sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `Origin` names a site that is neither this one nor trusted.
    BadOrigin {
        /// The header as sent.
        origin: String,
    },
    /// A secure request without `Origin` brought no `Referer` either.
    NoReferer,
    /// The `Referer` is not an address with a scheme and a host.
    MalformedReferer,
    /// The `Referer` is not secure while this site is.
    InsecureReferer,
    /// The `Referer` names a site that is neither this one nor trusted.
    BadReferer {
        /// The header as sent.
        referer: String,
    },
    /// The request has no CSRF cookie.
    NoCookie,
    /// The cookie cannot be a secret.
    BadCookie(Malformed),
    /// Neither form nor header brought a token.
    NoToken,
    /// The token cannot be one.
    BadToken(Source, Malformed),
    /// The token is that of another secret.
    WrongToken(Source),
}

impl Reason {
    /// Whether the token is at fault, and not where the request comes from or its cookie.
    #[must_use]
    pub fn is_of_token(&self) -> bool {
        matches!(self, Reason::NoToken | Reason::BadToken(..) | Reason::WrongToken(_))
    }
}

/// Where a token stood in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The form field `csrfmiddlewaretoken`.
    Form,
    /// The header `X-CSRFToken`.
    Header,
}

/// Why a text cannot be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// It has neither 32 nor 64 letters.
    Length,
    /// It holds something else than letters and digits.
    Characters,
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadOrigin { origin } => {
                write!(out, "Origin checking failed - {origin} does not match any trusted origins.")
            }
            Self::NoReferer => out.write_str("Referer checking failed - no Referer."),
            Self::MalformedReferer => out.write_str("Referer checking failed - Referer is malformed."),
            Self::InsecureReferer => {
                out.write_str("Referer checking failed - Referer is insecure while host is secure.")
            }
            Self::BadReferer { referer } => {
                write!(out, "Referer checking failed - {referer} does not match any trusted origins.")
            }
            Self::NoCookie => out.write_str("CSRF cookie not set."),
            Self::BadCookie(malformed) => write!(out, "CSRF cookie {malformed}."),
            Self::NoToken => out.write_str("CSRF token missing."),
            Self::BadToken(source, malformed) => {
                write!(out, "CSRF token from {source} {malformed}.")
            }
            Self::WrongToken(source) => write!(out, "CSRF token from {source} incorrect."),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Form => "POST",
            Self::Header => "the 'X-Csrftoken' HTTP header",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Length => "has incorrect length",
            Self::Characters => "has invalid characters",
        })
    }
}

/// What a request says that the check looks at. Absent headers and cookies are `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Whether the request came over HTTPS.
    pub secure: bool,
    /// The host and port that were asked, as in the header `Host`.
    pub host: &'a str,
    /// The header `Origin`.
    pub origin: Option<&'a str>,
    /// The header `Referer`.
    pub referer: Option<&'a str>,
    /// The cookie `csrftoken`.
    pub cookie: Option<&'a str>,
    /// The field `csrfmiddlewaretoken` of a form that was posted; `None` for any other body or method.
    pub form: Option<&'a str>,
    /// The header `X-CSRFToken`.
    pub header: Option<&'a str>,
}

/// Whether a method changes nothing, and needs no token.
pub fn is_safe(method: &http::Method) -> bool {
    matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
}

/// Checks a request that wants to change something.
pub fn check(asked: &Asked<'_>, trusted: &TrustedOrigins) -> Result<(), Reason> {
    check_sender(asked, trusted)?;
    let secret = match asked.cookie {
        None => return Err(Reason::NoCookie),
        Some(cookie) => secret(cookie).map_err(Reason::BadCookie)?,
    };
    let (source, token) = match (asked.form, asked.header) {
        (Some(token), _) if !token.is_empty() => (Source::Form, token),
        (_, Some(token)) => (Source::Header, token),
        (_, None) => return Err(Reason::NoToken),
    };
    let token = self::secret(token).map_err(|malformed| Reason::BadToken(source, malformed))?;
    if token.as_bytes().ct_eq(secret.as_bytes()).into() { Ok(()) } else { Err(Reason::WrongToken(source)) }
}

/// A fresh secret for the cookie.
pub fn new_secret() -> String {
    random::letters(LETTERS_AND_DIGITS, SECRET_LETTERS)
}

/// The secret in a form that differs each time, for pages that are sent compressed.
pub fn mask(secret: &str) -> String {
    mask_with(secret, &new_secret())
}

/// The secret that a cookie or a token holds, masked or not.
pub fn secret(text: &str) -> Result<String, Malformed> {
    let length = text.chars().count();
    if length != SECRET_LETTERS && length != MASKED_LETTERS {
        return Err(Malformed::Length);
    }
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Malformed::Characters);
    }
    if length == SECRET_LETTERS {
        return Ok(text.to_owned());
    }
    let (mask, cipher) = text.split_at(SECRET_LETTERS);
    Ok(shifted(cipher, mask, |cipher, mask| cipher + 62 - mask))
}

fn mask_with(secret: &str, mask: &str) -> String {
    let cipher = shifted(secret, mask, |secret, mask| secret + mask);
    format!("{mask}{cipher}")
}

fn shifted(text: &str, mask: &str, shift: fn(usize, usize) -> usize) -> String {
    text.bytes()
        .zip(mask.bytes())
        .map(|(letter, mask)| {
            let place = shift(place(letter), place(mask)) % LETTERS_AND_DIGITS.len();
            char::from(LETTERS_AND_DIGITS[place])
        })
        .collect()
}

fn place(letter: u8) -> usize {
    match letter {
        b'a'..=b'z' => usize::from(letter - b'a'),
        b'A'..=b'Z' => usize::from(letter - b'A') + 26,
        _ => usize::from(letter.saturating_sub(b'0')) + 52,
    }
}

/// Checks only where a request comes from: for cookies that go along with no token.
///
/// # Errors
/// The reason to refuse it.
pub fn check_where(head: &Head, trusted: &TrustedOrigins) -> Result<(), Reason> {
    let asked = Asked {
        secure: head.is_secure(),
        host: &head.host,
        origin: head.header("origin"),
        referer: head.header("referer"),
        cookie: None,
        form: None,
        header: None,
    };
    check_sender(&asked, trusted)
}

fn check_sender(asked: &Asked<'_>, trusted: &TrustedOrigins) -> Result<(), Reason> {
    match asked.origin {
        Some(origin) => check_origin(asked, trusted, origin),
        None if asked.secure => check_referer(asked, trusted),
        None => Ok(()),
    }
}

fn check_origin(asked: &Asked<'_>, trusted: &TrustedOrigins, origin: &str) -> Result<(), Reason> {
    let scheme = if asked.secure { "https" } else { "http" };
    let is_own = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://")) == Some(asked.host);
    if is_own || trusted.names_origin(origin) {
        return Ok(());
    }
    Err(Reason::BadOrigin { origin: origin.to_owned() })
}

fn check_referer(asked: &Asked<'_>, trusted: &TrustedOrigins) -> Result<(), Reason> {
    let referer = asked.referer.ok_or(Reason::NoReferer)?;
    let (scheme, host) = split_address(referer).ok_or(Reason::MalformedReferer)?;
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(Reason::InsecureReferer);
    }
    if trusted.names_host(host) || is_within(host, asked.host) {
        return Ok(());
    }
    Err(Reason::BadReferer { referer: referer.to_owned() })
}

/// Other sites that may send requests: `https://shop.example` or, with all below it, `https://*.example`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedOrigins(Vec<String>);

impl TrustedOrigins {
    /// The origins as they are written in the settings.
    pub fn new(origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(origins.into_iter().map(Into::into).collect())
    }

    fn names_origin(&self, origin: &str) -> bool {
        let sender = split_address(origin);
        self.0.iter().any(|trusted| match split_address(trusted) {
            Some((scheme, host)) if trusted.contains('*') => sender.is_some_and(|(sent, from)| {
                sent.eq_ignore_ascii_case(scheme) && is_within(from, host.trim_start_matches('*'))
            }),
            _ => trusted == origin,
        })
    }

    fn names_host(&self, host: &str) -> bool {
        self.0
            .iter()
            .filter_map(|trusted| split_address(trusted))
            .any(|(_, pattern)| is_within(host, pattern.trim_start_matches('*')))
    }
}

/// Whether a host is the one of `pattern`, or, when that begins with a dot, any below it.
fn is_within(host: &str, pattern: &str) -> bool {
    let (host, pattern) = (host.to_ascii_lowercase(), pattern.to_ascii_lowercase());
    match pattern.strip_prefix('.') {
        Some(domain) => host.ends_with(&pattern) || host == domain,
        None => !pattern.is_empty() && host == pattern,
    }
}

/// The scheme and the host with its port of an address; `None` when one of them is missing.
fn split_address(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.trim_start().split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    // An opened bracket that is not closed is no host, as in Python's reading of addresses.
    let is_host = !host.is_empty() && host.contains('[') == host.contains(']');
    (is_scheme && is_host).then_some((scheme, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "ZZZZZZZZZZZZZZZZcccccccccccccccc";
    const MASKED: &str = "0123456789abcdefghijABCDEFGHIJklPQRSTUVWXYZ01234ijklCDEFGHIJKLmn";

    fn asked() -> Asked<'static> {
        Asked { host: "shop.example", cookie: Some(SECRET), header: Some(SECRET), ..Asked::default() }
    }

    fn refusal(asked: &Asked<'_>, trusted: &[&str]) -> String {
        let trusted = TrustedOrigins::new(trusted.iter().copied());
        match check(asked, &trusted) {
            Ok(()) => "ok".to_owned(),
            Err(reason) => reason.to_string(),
        }
    }

    #[test]
    fn masks_follow_django() {
        assert_eq!(mask_with(SECRET, &MASKED[..32]), MASKED);
        assert_eq!(secret(MASKED).as_deref(), Ok(SECRET));
        let fresh = new_secret();
        assert_ne!(mask(&fresh), mask(&fresh));
        assert_eq!(secret(&mask(&fresh)), Ok(fresh));
    }

    #[test]
    fn cookie_and_token_may_both_be_masked() {
        for cookie in [SECRET, MASKED] {
            for token in [SECRET, MASKED, &mask(SECRET)] {
                let request = Asked { cookie: Some(cookie), header: Some(token), ..asked() };
                assert_eq!(refusal(&request, &[]), "ok");
            }
        }
    }

    #[test]
    fn the_cookie_is_judged_first() {
        let with = |cookie| refusal(&Asked { cookie, ..asked() }, &[]);
        assert_eq!(with(None), "CSRF cookie not set.");
        assert_eq!(with(Some("")), "CSRF cookie has incorrect length.");
        assert_eq!(with(Some("abc")), "CSRF cookie has incorrect length.");
        let odd = format!("{}!", &SECRET[1..]);
        assert_eq!(with(Some(&odd)), "CSRF cookie has invalid characters.");
        let wide = "é".repeat(32);
        assert_eq!(with(Some(&wide)), "CSRF cookie has invalid characters.");
    }

    #[test]
    fn then_the_token() {
        let with = |header: Option<&str>| refusal(&Asked { header, ..asked() }, &[]);
        assert_eq!(with(None), "CSRF token missing.");
        assert_eq!(with(Some("")), "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length.");
        assert_eq!(
            with(Some(&"-".repeat(64))),
            "CSRF token from the 'X-Csrftoken' HTTP header has invalid characters."
        );
        assert_eq!(with(Some(&"a".repeat(32))), "CSRF token from the 'X-Csrftoken' HTTP header incorrect.");
    }

    #[test]
    fn a_form_field_goes_before_the_header_unless_empty() {
        let with = |form: Option<&str>| refusal(&Asked { form, ..asked() }, &[]);
        assert_eq!(with(Some(SECRET)), "ok");
        assert_eq!(with(Some("")), "ok");
        assert_eq!(with(Some("x")), "CSRF token from POST has incorrect length.");
        assert_eq!(with(Some(&"a".repeat(32))), "CSRF token from POST incorrect.");
    }

    #[test]
    fn origins_must_be_ours_or_trusted() {
        let with = |origin, trusted: &[&str]| refusal(&Asked { origin: Some(origin), ..asked() }, trusted);
        assert_eq!(with("http://shop.example", &[]), "ok");
        assert_eq!(
            with("https://shop.example", &[]),
            "Origin checking failed - https://shop.example does not match any trusted origins."
        );
        assert_eq!(with("null", &[]), "Origin checking failed - null does not match any trusted origins.");
        assert_eq!(with("http://a.test:5173", &["http://a.test:5173"]), "ok");
        let wide = &["https://*.a.test"][..];
        for good in ["https://b.a.test", "https://c.b.a.test", "https://a.test"] {
            assert_eq!(with(good, wide), "ok");
        }
        for bad in ["http://b.a.test", "https://ba.test", "https://b.a.test.evil", "https://"] {
            assert_ne!(with(bad, wide), "ok", "{bad}");
        }
    }

    #[test]
    fn over_https_the_referer_stands_in_for_the_origin() {
        let with = |referer, trusted: &[&str]| refusal(&Asked { secure: true, referer, ..asked() }, trusted);
        assert_eq!(with(None, &[]), "Referer checking failed - no Referer.");
        for malformed in ["", "shop.example/x", "https:///x", "//shop.example/"] {
            assert_eq!(with(Some(malformed), &[]), "Referer checking failed - Referer is malformed.");
        }
        assert_eq!(
            with(Some("http://shop.example/"), &[]),
            "Referer checking failed - Referer is insecure while host is secure."
        );
        assert_eq!(
            with(Some("https://evil.test/a?b"), &[]),
            "Referer checking failed - https://evil.test/a?b does not match any trusted origins."
        );
        assert_eq!(with(Some("https://shop.example/a?b#c"), &[]), "ok");
        assert_eq!(with(Some("https://x.a.test/"), &["https://*.a.test"]), "ok");
    }

    #[test]
    fn safe_methods_are_four() {
        assert!(is_safe(&http::Method::GET) && is_safe(&http::Method::TRACE));
        assert!(!is_safe(&http::Method::POST) && !is_safe(&http::Method::DELETE));
    }
}
