//! Schemas with a title move to the document's components, once each; where they stood, a reference stays.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

/// Names that were given away, so that each is given once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name itself, or with a number if it is taken. Letters that such a name may not have become `_`.
    pub(super) fn take(&mut self, name: &str) -> String {
        let clean: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
        let free = (1..).map(|number| if number == 1 { clean.clone() } else { format!("{clean}_{number}") });
        let free = free.into_iter().find(|name| !self.0.contains(name)).unwrap_or(clean);
        self.0.insert(free.clone());
        free
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

/// Moves the schemas with a title out of these parts of a document; gives them by name.
pub(super) fn refer(parts: &mut [&mut Json]) -> Map<String, Json> {
    let mut shelf = Shelf::default();
    for part in parts {
        shelf.collect(part);
    }
    shelf.schemas
}

#[derive(Default)]
struct Shelf {
    names: Names,
    schemas: Map<String, Json>,
}

impl Shelf {
    fn collect(&mut self, json: &mut Json) {
        match json {
            Json::Array(items) => items.iter_mut().for_each(|item| self.collect(item)),
            Json::Object(members) => {
                let inner = members.iter_mut().filter(|(name, _)| !is_data(name));
                inner.for_each(|(_, member)| self.collect(member));
                if let Some(title) = members.get("title").and_then(Json::as_str).map(str::to_owned) {
                    let schema = json.take();
                    *json = json!({ "$ref": format!("#/components/schemas/{}", self.place(&title, schema)) });
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }

    /// The name under which a schema is kept. Two schemas with one title are kept apart.
    fn place(&mut self, title: &str, schema: Json) -> String {
        let same = self.schemas.iter().find(|(_, known)| **known == schema);
        if let Some((name, _)) = same {
            return name.clone();
        }
        let name = self.names.take(title);
        self.schemas.insert(name.clone(), schema);
        name
    }
}

/// Whether a member of a schema holds values instead of schemas.
fn is_data(name: &str) -> bool {
    matches!(name, "default" | "const" | "enum" | "example" | "examples")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_titled_schema_is_kept_once() {
        let tag = json!({ "title": "shop.Tag", "type": "object", "properties": { "title": { "type": "string" } } });
        let mut paths = json!([{ "schema": { "type": "array", "items": tag } }, { "schema": tag }]);
        let schemas = refer(&mut [&mut paths]);
        let there = json!({ "$ref": "#/components/schemas/shop.Tag" });
        assert_eq!(paths, json!([{ "schema": { "type": "array", "items": there } }, { "schema": there }]));
        assert_eq!(schemas.into_iter().collect::<Vec<_>>(), [("shop.Tag".to_owned(), tag)]);
    }

    #[test]
    fn names_are_clean_and_given_once() {
        let mut names = Names::default();
        assert_eq!(["a b", "a_b", "a.b-c"].map(|name| names.take(name)), ["a_b", "a_b_2", "a.b-c"]);
    }
}
