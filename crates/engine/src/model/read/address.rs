//! E-mail addresses and URLs, judged as Django does but label by label instead of by one long pattern.

use std::net::Ipv4Addr;
use std::sync::LazyLock;

use regex::Regex;

use super::ip;
use super::python::is_space;

static USER: LazyLock<Regex> = LazyLock::new(|| {
    let atom = r"[-!#$%&'*+/=?^_`{}|~0-9a-zA-Z\x{131}\x{130}\x{17f}\x{212a}]+";
    let quoted = r#""(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*""#;
    Regex::new(&format!(r"^(?:{atom}(?:\.{atom})*|{quoted})$")).expect("the pattern is right")
});

/// Whether a text is an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    if text.chars().take(321).count() > 320 {
        return false;
    }
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    USER.is_match(user) && (domain == "localhost" || is_domain(domain) || is_literal(domain))
}

/// An address in brackets instead of a name.
fn is_literal(domain: &str) -> bool {
    let inner = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| inner.parse::<Ipv4Addr>().is_ok() || is_v6_text(inner) && ip::parse_v6(inner).is_some())
}

/// A letter of a domain name: ASCII, or almost any other of the basic plane.
fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&letter)
}

fn is_label(label: &str) -> bool {
    let fits = (1..=63).contains(&label.chars().count());
    let plain = label.chars().all(|letter| is_name_letter(letter) || letter == '-');
    fits && plain && !label.starts_with('-') && !label.ends_with('-')
}

/// The last label: no digits, unless it is a coded one.
fn is_top(label: &str) -> bool {
    let bare = label.get(..4).filter(|start| start.eq_ignore_ascii_case("xn--")).map(|_| &label[4..]);
    let coded = bare
        .is_some_and(|rest| (1..=59).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    coded || is_label(label) && label.chars().count() >= 2 && !label.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text is a domain name of at least two labels.
fn is_domain(text: &str) -> bool {
    match text.rsplit_once('.') {
        Some((rest, top)) => is_top(top) && rest.split('.').all(is_label),
        None => false,
    }
}

const SCHEMES: [&str; 4] = ["http", "https", "ftp", "ftps"];
/// Letters that turn into `/ ? # @ :` when an address is normalised; they may not hide in a host.
const TREACHEROUS: &str = "\u{2047}\u{2048}\u{2049}\u{2100}\u{2101}\u{2105}\u{2106}\u{2a74}\u{fe13}\u{fe16}\u{fe55}\u{fe56}\u{fe5f}\u{fe6b}\u{ff03}\u{ff0f}\u{ff1a}\u{ff1f}\u{ff20}";

/// Whether a text is a URL of an allowed scheme.
pub(super) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let short = text.chars().take(2049).count() <= 2048;
    if !short || !SCHEMES.contains(&scheme.to_lowercase().as_str()) || text.chars().any(is_space) {
        return false;
    }
    let network = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if network.chars().any(|letter| TREACHEROUS.contains(letter)) {
        return false;
    }
    (is_place(rest) || after_login(rest).is_some_and(is_place)) && is_short_host(network)
}

/// What follows `user:password@`.
fn after_login(rest: &str) -> Option<&str> {
    let (login, after) = rest.split_once('@')?;
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    let plain = |part: &str| !part.contains([':', '/']);
    (!user.is_empty() && plain(user) && plain(password)).then_some(after)
}

/// A host, perhaps a port, perhaps a path.
fn is_place(text: &str) -> bool {
    let end = match text.strip_prefix('[') {
        Some(inner) => match inner.find(']') {
            Some(end) if is_v6_text(&inner[..end]) && ip::parse_v6(&inner[..end]).is_some() => end + 2,
            _ => return false,
        },
        None => {
            let end = text.find([':', '/', '?', '#']).unwrap_or(text.len());
            if !is_host(&text[..end]) {
                return false;
            }
            end
        }
    };
    let tail = &text[end..];
    let tail = match tail.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=5).contains(&digits) {
                return false;
            }
            &port[digits..]
        }
        None => tail,
    };
    tail.is_empty() || tail.starts_with(['/', '?', '#'])
}

fn is_v6_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.')
}

fn is_host(host: &str) -> bool {
    host.parse::<Ipv4Addr>().is_ok()
        || host.eq_ignore_ascii_case("localhost")
        || is_domain(host.strip_suffix('.').unwrap_or(host))
}

/// No name in the network has more than 253 characters.
fn is_short_host(network: &str) -> bool {
    let host = network.rsplit_once('@').map_or(network, |(_, host)| host);
    let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    !host.is_empty() && host.chars().count() <= 253
}
