//! A JSON document as YAML, in blocks; every text that is not a plain word stands in quotation marks.

use std::fmt::Write;

use serde_json::Value as Json;

/// The document as YAML.
pub(super) fn print(document: &Json) -> String {
    let mut out = String::new();
    member(&mut out, document, 0);
    out.trim_start().to_owned()
}

/// A value after what introduces it: on the same line, or below it and further in.
fn member(out: &mut String, value: &Json, depth: usize) {
    match value {
        Json::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let _ = write!(out, "\n{:1$}{2}:", "", depth * 2, key(name));
                member(out, value, depth + 1);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "\n{:1$}-", "", depth * 2);
                member(out, item, depth + 1);
            }
        }
        // What is left is written as JSON writes it: YAML reads that, too.
        scalar => {
            let _ = write!(out, " {scalar}");
        }
    }
    if depth == 0 {
        out.push('\n');
    }
}

fn key(name: &str) -> String {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_-/.$".contains(letter);
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/' || letter == '$');
    let is_meant_otherwise =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&name.to_ascii_lowercase().as_str());
    if starts && name.chars().all(is_letter) && !is_meant_otherwise {
        name.to_owned()
    } else {
        Json::from(name).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::print;

    #[test]
    fn blocks_are_indented_and_texts_are_quoted() {
        let document = json!({
            "a": { "200": "OK: \"yes\"", "no": null, "/x/{y}": [], "$ref": "#/a" },
            "list": [1, { "b": true, "c": [[2], {}] }],
        });
        let expected = r##"a:
  "200": "OK: \"yes\""
  "no": null
  "/x/{y}": []
  $ref: "#/a"
list:
  - 1
  -
    b: true
    c:
      -
        - 2
      - {}
"##;
        assert_eq!(print(&document), expected);
        assert_eq!(print(&json!({})), "{}\n");
    }
}
