//! Markup from people: what is not allowed goes, its text stays.

use std::collections::{HashMap, HashSet};

use ammonia::Builder;

/// The tags that are kept where none are said.
const TAGS: &str = "p h1 h2 h3 h4 h5 h6 blockquote pre code hr br div ul ol li a strong b em i u s strike sub sup span \
                    mark img table thead tbody tr th td";
/// Tags of which not even the text is kept.
const SILENT: [&str; 2] = ["script", "style"];
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "data"];
/// The attributes that tags may have.
const ATTRIBUTES: [(&str, &str); 29] = [
    ("a", "href title target"),
    ("img", "src alt title width height loading"),
    ("table", "border cellpadding cellspacing width"),
    ("td", "colspan rowspan width height align valign"),
    ("th", "colspan rowspan width height align valign scope"),
    ("tr", "align valign"),
    ("div", NAMED),
    ("span", NAMED),
    ("p", NAMED),
    ("h1", NAMED),
    ("h2", NAMED),
    ("h3", NAMED),
    ("h4", NAMED),
    ("h5", NAMED),
    ("h6", NAMED),
    ("ul", NAMED),
    ("ol", "class id start type"),
    ("li", "class id value"),
    ("pre", NAMED),
    ("code", NAMED),
    ("blockquote", "class id cite"),
    ("strong", ""),
    ("b", ""),
    ("em", ""),
    ("i", ""),
    ("u", ""),
    ("s", ""),
    ("hr", ""),
    ("br", ""),
];
const NAMED: &str = "class id";

/// The text with only these tags, or the usual ones if the list is empty.
pub(super) fn clean(text: &str, tags: &[String]) -> String {
    let allowed: HashSet<&str> = match tags {
        [] => TAGS.split_ascii_whitespace().collect(),
        tags => tags.iter().map(String::as_str).filter(|tag| !SILENT.contains(tag)).collect(),
    };
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.split_ascii_whitespace().collect())).collect();
    let mut builder = Builder::empty();
    builder
        .tags(allowed)
        .clean_content_tags(SILENT.into_iter().collect())
        .tag_attributes(attributes)
        .url_schemes(SCHEMES.into_iter().collect())
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true);
    builder.clean(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> String {
        clean(text, &["p".to_owned(), "b".to_owned(), "a".to_owned(), "script".to_owned()])
    }

    #[test]
    fn tags_go_and_their_text_stays() {
        let sent = "<p onclick=\"x()\">hi <script>alert(1)</script><b>bold</b><i>it</i><!-- c --></p>";
        assert_eq!(cleaned(sent), "<p>hi <b>bold</b>it</p>");
    }

    #[test]
    fn links_are_harmless() {
        let sent = "<a href=\"javascript:x\" title=\"t\">l</a>";
        assert_eq!(cleaned(sent), "<a title=\"t\" rel=\"noopener noreferrer\">l</a>");
        let sent = "<a href=\"https://a.example/\">l</a>";
        assert_eq!(cleaned(sent), "<a href=\"https://a.example/\" rel=\"noopener noreferrer\">l</a>");
    }

    #[test]
    fn without_tags_of_its_own_a_column_keeps_the_usual_ones() {
        assert_eq!(clean("<h1 class=\"x\" style=\"y\">a</h1><video>b</video>", &[]), "<h1 class=\"x\">a</h1>b");
    }
}
