//! Items that are all at hand: searched, filtered and sorted as they are asked for, and told apart by their keys.

use std::cmp::Ordering;

use factotum_engine::error::{Error, Missing, Result};
use factotum_engine::model::Flaw;
use serde_json::Value as Json;
use uuid::Uuid;

use super::super::custom::Column;
use super::{Item, ItemsAsked, ItemsPage};

/// The most items that are kept.
const MOST: usize = 10_000;

/// What of the columns matters to items that are all at hand.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// The column that tells items apart.
    key: String,
    /// Whether that holds whole numbers.
    counted: bool,
    /// The columns that a search looks at.
    searched: Vec<String>,
}

impl Rules {
    pub(super) fn of(key: &str, columns: &[Column]) -> Rules {
        let counted = |column: &Column| column.name == key && column.kind.as_deref() == Some("integer");
        let searched = columns.iter().filter(|column| column.searchable);
        Rules {
            key: key.to_owned(),
            counted: columns.iter().any(counted),
            searched: searched.map(|column| column.name.clone()).collect(),
        }
    }

    /// The page that was asked for. Without a searchable column a search finds everything.
    pub(super) fn page(&self, items: &[Item], asked: &ItemsAsked) -> ItemsPage {
        let mut found: Vec<&Item> = items.iter().filter(|item| self.finds(item, asked)).collect();
        if let Some(by) = &asked.sort_by {
            found.sort_by(|one, other| {
                let order = compare(value(one, by), value(other, by));
                if asked.descending { order.reverse() } else { order }
            });
        }
        asked.page_of_those(&found)
    }

    fn finds(&self, item: &Item, asked: &ItemsAsked) -> bool {
        let search = asked.search.as_ref().filter(|_| !self.searched.is_empty()).map(|search| search.to_lowercase());
        let holds = |search: String| self.searched.iter().any(|name| text(value(item, name)).contains(&search));
        let filters = asked.filters.as_ref().and_then(Json::as_object);
        search.is_none_or(holds)
            && filters.into_iter().flatten().all(|(name, filter)| passes(value(item, name), filter))
    }

    /// Where an item is.
    pub(super) fn place(&self, items: &[Item], id: &str) -> Option<usize> {
        items.iter().position(|item| key_text(value(item, &self.key)).is_some_and(|key| key == id))
    }

    /// Adds an item; where no key was sent, one that is new.
    pub(super) fn add(&self, items: &mut Vec<Item>, mut sent: Item) -> Result<Item> {
        if items.len() >= MOST {
            return Err(Error::TooMany { most: MOST as u64 });
        }
        if is_empty(value(&sent, &self.key)) {
            sent.insert(self.key.clone(), self.new_key(items));
        }
        let Some(id) = key_text(value(&sent, &self.key)) else {
            return Err(self.flaw("must be a text or a number".to_owned()));
        };
        if self.place(items, &id).is_some() {
            return Err(self.flaw(format!("Item with {}='{id}' already exists", self.key)));
        }
        items.push(sent.clone());
        Ok(sent)
    }

    fn new_key(&self, items: &[Item]) -> Json {
        if !self.counted {
            return Json::from(Uuid::new_v4().to_string());
        }
        let greatest = items.iter().filter_map(|item| value(item, &self.key).as_i64()).max().unwrap_or(0);
        Json::from(greatest.saturating_add(1))
    }

    /// Changes what was sent of an item. Its key stays: by that it is known elsewhere.
    pub(super) fn change(&self, items: &mut [Item], id: &str, mut sent: Item) -> Result<Item> {
        let place = self.place(items, id).ok_or(Error::NotFound(Missing::Row))?;
        if let Some(key) = sent.shift_remove(&self.key)
            && key_text(&key).is_none_or(|key| key != id)
        {
            return Err(self.flaw("cannot be changed".to_owned()));
        }
        items[place].extend(sent);
        Ok(items[place].clone())
    }

    fn flaw(&self, words: String) -> Error {
        Error::flaw(&self.key, Flaw::custom(words))
    }
}

impl ItemsAsked {
    /// The page that was asked for, of all that were found.
    fn page_of_those(&self, found: &[&Item]) -> ItemsPage {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let before = whole(self.page.saturating_sub(1)).saturating_mul(whole(self.page_size));
        let items = found.iter().skip(before).take(whole(self.page_size)).map(|&item| item.clone());
        ItemsPage { items: items.collect(), total: found.len() as u64 }
    }
}

fn value<'i>(item: &'i Item, name: &str) -> &'i Json {
    item.get(name).unwrap_or(&Json::Null)
}

/// A value as a search sees it.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.to_lowercase(),
        other => other.to_string().to_lowercase(),
    }
}

/// A key as it stands in addresses.
fn key_text(key: &Json) -> Option<String> {
    match key {
        Json::String(text) if !text.is_empty() => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is_empty(value: &Json) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Whether a value passes a filter: what it must be, or `{"operator": …, "value": …}`.
fn passes(value: &Json, filter: &Json) -> bool {
    let Some(operator) = filter.get("operator").and_then(Json::as_str) else { return is_same(value, filter) };
    let wanted = filter.get("value").unwrap_or(&Json::Null);
    match operator {
        "isEmpty" => is_empty(value),
        "isNotEmpty" => !is_empty(value),
        _ if wanted.is_null() => true,
        _ if value.is_null() => false,
        "contains" => text(value).contains(&text(wanted)),
        "startsWith" => text(value).starts_with(&text(wanted)),
        "endsWith" => text(value).ends_with(&text(wanted)),
        "gt" | "greaterThan" => beside(value, wanted).is_gt(),
        "gte" | "greaterThanOrEqual" => beside(value, wanted).is_ge(),
        "lt" | "lessThan" => beside(value, wanted).is_lt(),
        "lte" | "lessThanOrEqual" => beside(value, wanted).is_le(),
        "notEquals" => !is_same_text(value, wanted),
        _ => is_same_text(value, wanted),
    }
}

fn is_same(one: &Json, other: &Json) -> bool {
    one == other || one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one == other)
}

/// Forms send texts for numbers, too.
fn is_same_text(one: &Json, other: &Json) -> bool {
    is_same(one, other) || plain(one) == plain(other)
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Two values as numbers if both can be read so, else as texts.
fn beside(one: &Json, other: &Json) -> Ordering {
    let number = |value: &Json| plain(value).trim().parse::<f64>().ok().filter(|number| !number.is_nan());
    match number(one).zip(number(other)) {
        Some((one, other)) => one.total_cmp(&other),
        None => text(one).cmp(&text(other)),
    }
}

/// The order of values in a column: what is nothing comes last, and kinds do not mix.
fn compare(one: &Json, other: &Json) -> Ordering {
    let kind = |value: &Json| match value {
        Json::Bool(_) => 0,
        Json::Number(_) => 1,
        Json::String(_) => 2,
        Json::Array(_) | Json::Object(_) => 3,
        Json::Null => 4,
    };
    let same_kind = || match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            one.as_f64().unwrap_or_default().total_cmp(&other.as_f64().unwrap_or_default())
        }
        (Json::String(one), Json::String(other)) => one.cmp(other),
        _ => one.to_string().cmp(&other.to_string()),
    };
    kind(one).cmp(&kind(other)).then_with(same_kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(json: Json) -> Item {
        if let Json::Object(item) = json { item } else { Item::new() }
    }

    fn rules(kind: &str) -> Rules {
        let key = Column { kind: Some(kind.to_owned()), ..Column::new("id") };
        Rules::of("id", &[key, Column { searchable: true, ..Column::new("name") }])
    }

    fn three() -> Vec<Item> {
        vec![
            item(json!({ "id": 1, "name": "Ann", "age": 30, "mail": null })),
            item(json!({ "id": 2, "name": "Bob", "age": 4, "mail": "b@x" })),
            item(json!({ "id": 3, "name": "Annette", "age": null, "mail": "" })),
        ]
    }

    fn found(asked: &ItemsAsked) -> Vec<i64> {
        let asked = ItemsAsked { page: asked.page.max(1), page_size: 25, ..asked.clone() };
        let page = rules("integer").page(&three(), &asked);
        page.items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
    }

    #[test]
    fn items_are_searched_filtered_and_sorted() {
        let search = |text: &str| found(&ItemsAsked { search: Some(text.to_owned()), ..ItemsAsked::default() });
        assert_eq!((search("ANN"), search("30")), (vec![1, 3], vec![]), "only searchable columns are looked at");
        let sorted = |by: &str, descending| {
            found(&ItemsAsked { sort_by: Some(by.to_owned()), descending, ..ItemsAsked::default() })
        };
        assert_eq!((sorted("age", false), sorted("age", true)), (vec![2, 1, 3], vec![3, 1, 2]));
        assert_eq!(sorted("nothing", true), [1, 2, 3]);
        let by = |operator: &str, value: Json| json!({ "operator": operator, "value": value });
        for (filters, expected) in [
            (json!({ "age": 30.0 }), vec![1]),
            (json!({ "name": "Bob", "age": 4 }), vec![2]),
            (json!({ "nothing": 1 }), vec![]),
            (json!({ "name": by("contains", json!("NN")) }), vec![1, 3]),
            (json!({ "name": by("startsWith", json!("ann")) }), vec![1, 3]),
            (json!({ "name": by("endsWith", json!("te")) }), vec![3]),
            (json!({ "age": by("gt", json!("4")) }), vec![1]),
            (json!({ "age": by("lessThanOrEqual", json!(4)) }), vec![2]),
            (json!({ "age": by("equals", json!("30")) }), vec![1]),
            (json!({ "age": by("notEquals", json!(30)) }), vec![2]),
            (json!({ "mail": by("isEmpty", json!(null)) }), vec![1, 3]),
            (json!({ "mail": by("isNotEmpty", json!(true)) }), vec![2]),
            (json!({ "age": by("gt", json!(null)) }), vec![1, 2, 3]),
        ] {
            assert_eq!(
                found(&ItemsAsked { filters: Some(filters.clone()), ..ItemsAsked::default() }),
                expected,
                "{filters}"
            );
        }
    }

    #[test]
    fn items_are_told_apart_by_their_keys() {
        let (counted, named) = (rules("integer"), rules("string"));
        let mut items = three();
        assert_eq!(counted.add(&mut items, item(json!({ "name": "Cid" }))).unwrap()["id"], 4);
        assert_eq!(named.add(&mut items, item(json!({ "id": "" }))).unwrap()["id"].as_str().unwrap().len(), 36);
        for key in [json!(4), json!("4"), json!([4]), json!(true)] {
            let refused = counted.add(&mut items, item(json!({ "id": key })));
            assert!(matches!(refused, Err(Error::Invalid(_))), "{key}");
        }
        assert_eq!(counted.change(&mut items, "4", item(json!({ "id": 4, "age": 1 }))).unwrap()["name"], "Cid");
        assert!(matches!(counted.change(&mut items, "4", item(json!({ "id": 5 }))), Err(Error::Invalid(_))));
        assert!(matches!(counted.change(&mut items, "9", Item::new()), Err(Error::NotFound(_))));
        assert_eq!((counted.place(&items, "4"), counted.place(&items, "")), (Some(3), None));
    }
}
