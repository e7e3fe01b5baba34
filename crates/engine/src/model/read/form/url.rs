//! Web addresses as people type them: a missing scheme is put in front, the way Python takes addresses apart.

/// The parts of an address.
#[derive(Debug, Default)]
struct Parts {
    scheme: String,
    network: String,
    path: String,
    query: String,
    fragment: String,
}

/// The address with a scheme; `None` for brackets that do not match.
pub(super) fn with_scheme(text: &str) -> Option<String> {
    let mut parts = split(text)?;
    if parts.scheme.is_empty() {
        parts.scheme = "http".to_owned();
    }
    if parts.network.is_empty() {
        parts.network = std::mem::take(&mut parts.path);
        parts = split(&join(&parts))?;
    }
    Some(join(&parts))
}

fn split(text: &str) -> Option<Parts> {
    let text: String = text.trim_start_matches(|letter: char| letter <= ' ').replace(['\t', '\r', '\n'], "");
    let mut parts = Parts::default();
    let mut rest = text.as_str();
    if let Some((scheme, after)) = rest.split_once(':')
        && scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        parts.scheme = scheme.to_ascii_lowercase();
        rest = after;
    }
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        parts.network = after[..end].to_owned();
        rest = &after[end..];
        if parts.network.contains('[') != parts.network.contains(']') {
            return None;
        }
    }
    if let Some((before, fragment)) = rest.split_once('#') {
        (rest, parts.fragment) = (before, fragment.to_owned());
    }
    if let Some((before, query)) = rest.split_once('?') {
        (rest, parts.query) = (before, query.to_owned());
    }
    parts.path = rest.to_owned();
    Some(parts)
}

/// Schemes whose addresses name a host even when it is empty.
const WITH_HOST: [&str; 6] = ["http", "https", "ftp", "ftps", "file", "ws"];

fn join(parts: &Parts) -> String {
    let Parts { scheme, network, path, query, fragment } = parts;
    let mut out = String::new();
    if !scheme.is_empty() {
        out.push_str(scheme);
        out.push(':');
    }
    if !network.is_empty() || (WITH_HOST.contains(&scheme.as_str()) && !path.starts_with("//")) {
        out.push_str("//");
        out.push_str(network);
        if !path.is_empty() && !path.starts_with('/') {
            out.push('/');
        }
    }
    out.push_str(path);
    for (mark, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            out.push(mark);
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn a_missing_scheme_is_put_in_front() {
        for (typed, meant) in [
            ("example.com", Some("http://example.com")),
            ("example.com/a?b#c", Some("http://example.com/a?b#c")),
            ("//example.com", Some("http://example.com")),
            ("HTTPS://Example.com/", Some("https://Example.com/")),
            ("example.com:80/x", Some("example.com://80/x")),
            ("http://[::1", None),
            ("ftp://a.de/?", Some("ftp://a.de/")),
        ] {
            assert_eq!(with_scheme(typed).as_deref(), meant, "{typed}");
        }
    }
}
