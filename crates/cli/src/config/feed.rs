//! `[search.NAME.feed]`: how the table that a search is over is filled, as typed.

use super::node::{Entry, Kind, Node, Table};
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// A feed.
#[derive(Debug, Default)]
pub(crate) struct FeedWritten {
    pub(crate) key: Vec<String>,
    pub(crate) created: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) sources: Vec<SourceWritten>,
    pub(crate) place: Place,
}

/// A `[[search.NAME.feed.source]]`.
#[derive(Debug, Default)]
pub(crate) struct SourceWritten {
    pub(crate) name: String,
    pub(crate) table: Option<Said>,
    pub(crate) model: Option<Said>,
    pub(crate) rows: Option<Table>,
    pub(crate) columns: Vec<FilledWritten>,
    pub(crate) place: Place,
}

/// One of a source's `columns`.
#[derive(Debug, Default)]
pub(crate) struct FilledWritten {
    pub(crate) name: String,
    pub(crate) value: Option<Node>,
    pub(crate) from: Option<String>,
    pub(crate) count: Option<String>,
    pub(crate) join: Option<String>,
    pub(crate) separator: Option<String>,
    pub(crate) order: Vec<String>,
    pub(crate) rules: Option<Vec<RuleWritten>>,
    pub(crate) out_of: Option<f64>,
    pub(crate) scaled_to: Option<f64>,
    pub(crate) highest: Option<String>,
    pub(crate) otherwise: Option<f64>,
    pub(crate) place: Place,
}

/// One of a column's `rules`.
#[derive(Debug, Default)]
pub(crate) struct RuleWritten {
    pub(crate) from: Option<String>,
    pub(crate) count: Option<String>,
    pub(crate) is: Option<Said>,
    pub(crate) points: Option<f64>,
    pub(crate) part: Option<f64>,
    pub(crate) per: Option<f64>,
    pub(crate) most: Option<f64>,
    pub(crate) younger: Option<Vec<(f64, f64)>>,
    pub(crate) place: Place,
}

impl FeedWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> FeedWritten {
        FeedWritten {
            key: reader.plain("key"),
            created: reader.text("created"),
            modified: reader.text("modified"),
            sources: reader.sections("source", SourceWritten::of),
            place: reader.own_place(),
        }
    }
}

impl SourceWritten {
    fn of(reader: &mut Reader<'_>) -> SourceWritten {
        let source = SourceWritten {
            name: reader.text("name").unwrap_or_default(),
            table: reader.said("table"),
            model: reader.said("model"),
            rows: reader.table("rows"),
            columns: filled(reader.table("columns"), reader),
            place: reader.own_place(),
        };
        let missing = [
            ("name", source.name.is_empty(), "what others call it"),
            ("table", source.table.is_none() && source.model.is_none(), "or 'model': whose rows are fed"),
            ("columns", source.columns.is_empty(), "what of a row becomes what"),
        ];
        for (key, is_missing, words) in missing {
            if is_missing {
                reader.complain("C005", key, format!("a source of a feed needs '{key}': {words}"));
            }
        }
        source
    }
}

/// The columns of a source: a text is the short form of `from`.
fn filled(columns: Option<Table>, reader: &mut Reader<'_>) -> Vec<FilledWritten> {
    let mut all = Vec::new();
    for (name, Entry { key: place, node }) in columns.into_iter().flatten() {
        let plain = FilledWritten { name: name.clone(), place: place.clone(), ..FilledWritten::default() };
        match node.kind {
            Kind::Text(text) => all.push(FilledWritten { from: Some(text), ..plain }),
            Kind::Table(table) => {
                let filled = reader.inner(&format!("columns.{name}"), place.clone(), table, FilledWritten::of);
                all.push(FilledWritten { name, ..filled });
            }
            _ => {
                let words = format!("'columns.{name}' must be text or a table, not {}", node.kind.name());
                reader.complain_at("C004", &node.place, words);
            }
        }
    }
    all
}

impl FilledWritten {
    fn of(reader: &mut Reader<'_>) -> FilledWritten {
        let filled = FilledWritten {
            name: String::new(),
            value: reader.node("value"),
            from: reader.text("from"),
            count: reader.text("count"),
            join: reader.text("join"),
            separator: reader.text("separator"),
            order: reader.plain("order"),
            rules: reader.sections_if_any("rules", RuleWritten::of),
            out_of: reader.decimal("out_of"),
            scaled_to: reader.decimal("scaled_to"),
            highest: reader.text("highest"),
            otherwise: reader.decimal("otherwise"),
            place: reader.own_place(),
        };
        let said = [
            filled.value.is_some(),
            filled.from.is_some(),
            filled.count.is_some(),
            filled.join.is_some(),
            filled.rules.is_some(),
        ];
        if said.into_iter().filter(|said| *said).count() != 1 {
            let words = "a column is filled with one of 'value', 'from', 'count', 'join' and 'rules'";
            reader.complain_at("C005", &filled.place, words.to_owned());
        }
        if filled.out_of.is_some() != filled.scaled_to.is_some() {
            reader.complain_at("C005", &filled.place, "'out_of' and 'scaled_to' need each other".to_owned());
        }
        if filled.highest.is_some() != filled.otherwise.is_some() {
            reader.complain_at("C005", &filled.place, "'highest' and 'otherwise' need each other".to_owned());
        }
        filled
    }
}

impl RuleWritten {
    fn of(reader: &mut Reader<'_>) -> RuleWritten {
        let rule = RuleWritten {
            from: reader.text("from"),
            count: reader.text("count"),
            is: reader.said("is"),
            points: reader.decimal("points"),
            part: reader.decimal("part"),
            per: reader.decimal("per"),
            most: reader.decimal("most"),
            younger: reader.pairs("younger"),
            place: reader.own_place(),
        };
        let is_number = rule.per.is_some() || rule.most.is_some();
        let gives = [rule.points.is_some(), rule.part.is_some(), is_number, rule.younger.is_some()];
        let given = gives.into_iter().filter(|gives| *gives).count();
        let looks = rule.from.is_some() || rule.count.is_some();
        let problem = match (given, looks) {
            (0, false) => Some("a rule gives 'points', a 'part', the number itself or points for being 'younger'"),
            _ if rule.is.is_some() && (is_number || rule.younger.is_some()) => {
                Some("'is' goes with 'points' or a 'part', not with numbers and ages")
            }
            (0, true) if rule.is.is_some() => Some("'is' needs 'points' or a 'part' that it gives"),
            (2.., _) => Some("'points', 'part', 'most' (or 'per') and 'younger' exclude each other"),
            _ if rule.from.is_some() && rule.count.is_some() => {
                Some("a rule looks at 'from' or at 'count', not at both")
            }
            _ => None,
        };
        if let Some(words) = problem {
            reader.complain_at("C005", &rule.place, words.to_owned());
        }
        rule
    }
}
