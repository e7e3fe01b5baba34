//! Markup: texts that stay texts inside it.

/// A text as it stands between tags or quotes, escaped as Django escapes it.
///
/// ```
/// use factotum::http::markup::escaped;
/// assert_eq!(escaped("<b>\"it's\" & more"), "&lt;b&gt;&quot;it&#x27;s&quot; &amp; more");
/// ```
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            other => out.push(other),
        }
    }
    out
}
