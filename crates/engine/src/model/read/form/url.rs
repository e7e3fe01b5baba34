//! Web addresses as people type them: a scheme that is missing is put in front.

/// The address with a scheme; what has something like one is left as it is.
pub(super) fn with_scheme(text: &str) -> String {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    if scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !scheme.contains('/') {
        return text.to_owned();
    }
    let mark = if text.starts_with("//") { ":" } else { "://" };
    format!("http{mark}{text}")
}

#[cfg(test)]
mod tests {
    use super::with_scheme;

    #[test]
    fn a_missing_scheme_is_put_in_front() {
        for (typed, meant) in [
            ("example.com", "http://example.com"),
            ("example.com/a?b#c", "http://example.com/a?b#c"),
            ("//example.com", "http://example.com"),
            ("HTTPS://Example.com/", "HTTPS://Example.com/"),
            ("example.com:80/x", "example.com:80/x"),
            ("a/b:c", "http://a/b:c"),
            (":80", "http://:80"),
        ] {
            assert_eq!(with_scheme(typed), meant, "{typed}");
        }
    }
}
