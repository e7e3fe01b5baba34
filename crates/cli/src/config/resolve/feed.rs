//! `[search.NAME.feed]`: what was typed as a feed of the engine.

use std::sync::Arc;

use factotum::Value;
use factotum::feed::{Begin, Content, Feed, Gives, Joined, Part, Rule, Scale, Score, Source, State, Step};
use factotum::model::{FieldKind, Model, Order};
use factotum::query::Filter;

use super::{Workshop, packages, rows};
use crate::complaint::{Place, suggestion};
use crate::config::feed::{FeedWritten, FilledWritten, RuleWritten, SourceWritten};
use crate::config::node::{Kind, Node};

/// The feed with the sources whose models are known.
pub(super) fn feed(said: &FeedWritten, shop: &mut Workshop<'_>) -> Feed {
    Feed {
        key: said.key.clone(),
        created: said.created.clone(),
        modified: said.modified.clone(),
        sources: said.sources.iter().filter_map(|source| self::source(source, shop)).collect(),
    }
}

/// Where something of a feed was written, by the parts of its name: a source, and one of its columns.
pub(super) fn place<'p>(said: &FeedWritten, mut parts: impl Iterator<Item = &'p str>) -> Place {
    let source = parts.next().and_then(|name| said.sources.iter().find(|source| source.name == name));
    let column =
        source.zip(parts.next()).and_then(|(source, name)| source.columns.iter().find(|column| column.name == name));
    let own = || source.map(|source| source.place.clone());
    column.map(|column| column.place.clone()).or_else(own).unwrap_or_else(|| said.place.clone())
}

fn source(said: &SourceWritten, shop: &mut Workshop<'_>) -> Option<Source> {
    let model: Arc<Model> = packages::model_of(said.table.as_ref(), said.model.as_ref(), shop)?;
    let rows = said.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, &model, shop));
    let mut columns = Vec::new();
    for filled in &said.columns {
        columns.extend(content(filled, &model, shop).map(|content| (filled.name.clone(), content)));
    }
    Some(Source { name: said.name.clone(), model: model.key.clone(), rows, columns })
}

fn content(said: &FilledWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Content> {
    if let Some(value) = &said.value {
        return constant(value, shop).map(Content::Constant);
    }
    if let Some(path) = &said.join {
        let separator = said.separator.clone().unwrap_or_else(|| ", ".to_owned());
        let order = said.order.iter().map(|text| Order::parse(text)).collect();
        return Some(Content::Part(Part::Joined(Joined { path: path.clone(), separator, order })));
    }
    if let Some(part) = part(said.from.as_ref(), said.count.as_ref(), model, shop) {
        return Some(Content::Part(part));
    }
    let mut rules = Vec::new();
    for rule in said.rules.iter().flatten() {
        rules.extend(self::rule(rule, model, shop));
    }
    let begin = said.highest.as_ref().zip(said.otherwise);
    let scale = said.out_of.zip(said.scaled_to);
    Some(Content::Score(Score {
        begin: begin.map(|(source, otherwise)| Begin { source: source.clone(), otherwise }),
        rules,
        scale: scale.map(|(out_of, to)| Scale { out_of, to }),
    }))
}

fn part(from: Option<&String>, count: Option<&String>, model: &Model, shop: &Workshop<'_>) -> Option<Part> {
    let from = from.map(|path| Part::Path(path.clone()));
    from.or_else(|| count.map(|name| Part::Count(counted(name, model, shop))))
}

/// The relation whose rows are counted: of this name, or the only one over this table.
fn counted(name: &str, model: &Model, shop: &Workshop<'_>) -> String {
    let joins = |field: &&factotum::Field| match &field.kind {
        FieldKind::Many { through, .. } => through.table == name,
        _ => false,
    };
    let own = model.many().filter(joins).map(|field| field.name.as_str());
    let back = shop.schema.reverse(&model.key).iter().filter(|reverse| reverse.model.table == name);
    let back: Vec<&str> = back.map(|reverse| reverse.name.as_str()).collect();
    // The rows of a join table point here by themselves, too.
    let all: Vec<&str> = if let Some(own) = own.last() { vec![own] } else { back };
    if let [only] = all.as_slice() { (*only).to_owned() } else { name.to_owned() }
}

fn constant(node: &Node, shop: &mut Workshop<'_>) -> Option<Value> {
    match &node.kind {
        Kind::Text(text) => Some(Value::from(text.as_str())),
        Kind::Int(number) => Some(Value::Int(*number)),
        Kind::Float(number) => Some(Value::Float(*number)),
        Kind::Bool(truth) => Some(Value::Bool(*truth)),
        other => {
            let words = format!("'value' must be text, a number or a truth value, not {}", other.name());
            shop.complain("C004", &node.place, words);
            None
        }
    }
}

fn rule(said: &RuleWritten, model: &Model, shop: &mut Workshop<'_>) -> Option<Rule> {
    let of = part(said.from.as_ref(), said.count.as_ref(), model, shop);
    let state = match &said.is {
        None => State::Any,
        Some(word) => {
            let found = State::NAMED.into_iter().find(|(name, _)| *name == word.text);
            let Some((_, state)) = found else {
                let words = State::NAMED.map(|(name, _)| name);
                let near = suggestion(&word.text, words);
                let words = format!("'is' must be one of {}, not '{}'{near}", words.join(", "), word.text);
                shop.complain("C014", &word.place, words);
                return None;
            };
            state
        }
    };
    let gives = match (said.points, said.part, &said.younger) {
        (Some(points), ..) => Gives::Points(state, points),
        (_, Some(part), _) => Gives::Less(state, part),
        (.., Some(steps)) => {
            Gives::Age(steps.iter().map(|(days, points)| Step { days: *days, points: *points }).collect())
        }
        _ => Gives::Number { per: said.per, most: said.most },
    };
    Some(Rule { of, gives })
}
