//! Relations: foreign keys, declared or guessed from names, and join tables.

use crate::model::facts::{Column, Facts, Foreign, Rule, Table};
use crate::model::{Field, FieldKind, Model, ModelKey, OnDelete, Through};

use super::{Inferred, Plan, Rules, name};

/// Everything that a foreign key can point to: the model of a table, and the column of its primary key.
pub(super) struct World<'f> {
    ends: Vec<End<'f>>,
}

struct End<'f> {
    table: String,
    model: ModelKey,
    key_column: String,
    /// The table's facts, if the model is being inferred.
    facts: Option<&'f Table>,
}

impl<'f> World<'f> {
    pub(super) fn new(plans: &[Plan<'f>], known: &[Model]) -> World<'f> {
        let inferred = plans.iter().filter(|plan| !plan.table.view).map(|plan| End {
            table: plan.table.name.clone(),
            model: plan.key.clone(),
            key_column: plan.key_column.clone(),
            facts: Some(plan.table),
        });
        let known = known.iter().map(|model| End {
            table: model.table.clone(),
            model: model.key.clone(),
            key_column: model.key_field().column.clone(),
            facts: None,
        });
        World { ends: known.chain(inferred).collect() }
    }

    fn end(&self, table: &str) -> Option<&End<'f>> {
        self.ends.iter().find(|end| end.table == table)
    }
}

/// A relation found in a column.
pub(super) struct Related {
    pub(super) kind: FieldKind,
    pub(super) guessed: bool,
}

/// Whether a known model has this table, or the join table of this name.
pub(super) fn owns(model: &Model, table: &str) -> bool {
    let joins = |field: &Field| matches!(&field.kind, FieldKind::Many { through, .. } if through.table == table);
    model.table == table || model.fields.iter().any(joins)
}

/// The relation that a column stands for, if it does.
pub(super) fn one(plan: &Plan<'_>, column: &Column, world: &World<'_>, strict: bool) -> Option<Related> {
    let table = plan.table;
    let declared = table.foreign.iter().find(|foreign| foreign.columns.as_slice() == [column.name.as_str()]);
    let (end, foreign) = match declared {
        Some(foreign) => (world.end(&foreign.table)?, Some(foreign)),
        None => (guess(table, column, world, strict)?, None),
    };
    let in_key = table.primary_key.as_slice() == [column.name.as_str()];
    let alone = in_key || table.uniques.iter().any(|unique| unique.as_slice() == [column.name.as_str()]);
    let rule = foreign.map_or(Rule::NoAction, |foreign| foreign.on_delete);
    let kind = FieldKind::One {
        to: end.model.clone(),
        to_field: foreign.and_then(|foreign| to_field(foreign, end)),
        unique: alone,
        on_delete: on_delete(rule, column.null, plan.django.is_some()),
    };
    Some(Related { kind, guessed: foreign.is_none() })
}

/// The field pointed to, where that is not the primary key.
fn to_field(foreign: &Foreign, end: &End<'_>) -> Option<String> {
    let target = foreign.targets.first().filter(|target| **target != end.key_column)?;
    let column = end.facts?.column(target)?;
    Some(name::field(end.facts?, column, false, &[]))
}

/// A database without a rule refuses. Django leaves the rule to itself, so of its tables this says nothing: there, what may
/// be null is set null, and the rest is protected.
fn on_delete(rule: Rule, null: bool, django: bool) -> OnDelete {
    match rule {
        Rule::Cascade => OnDelete::Cascade,
        Rule::Restrict => OnDelete::Restrict,
        Rule::SetNull => OnDelete::SetNull,
        Rule::SetDefault => OnDelete::SetDefault,
        Rule::NoAction if null && django => OnDelete::SetNull,
        Rule::NoAction => OnDelete::Protect,
    }
}

/// A column `customer_id` that no foreign key declares points to `customer` or `customers`, if there is one such table,
/// the types agree, and the column is not a key itself.
fn guess<'w, 'f>(table: &Table, column: &Column, world: &'w World<'f>, strict: bool) -> Option<&'w End<'f>> {
    let lower = column.name.to_lowercase();
    let stem = lower.strip_suffix("_id").filter(|stem| !stem.is_empty())?;
    let in_key = table.primary_key.as_slice() == [column.name.as_str()];
    let declared = table.foreign.iter().any(|foreign| foreign.columns.contains(&column.name));
    if in_key || declared || table.view || column.generated {
        return None;
    }
    let means = |name: &str| {
        let name = name.to_lowercase();
        name == stem || name::words(None, &name) == name::words(None, stem)
    };
    let mut ends = world.ends.iter().filter(|end| means(&end.table));
    let end = ends.next().filter(|_| ends.next().is_none())?;
    let target = end.facts?.column(&end.key_column)?;
    same_family(&column.declared, &target.declared, strict).then_some(end)
}

/// Whether two declared types can hold the same keys.
fn same_family(one: &str, other: &str, strict: bool) -> bool {
    let family = |declared: &str| {
        let lower = declared.to_lowercase();
        let bare = lower.split('(').next().unwrap_or_default().trim().to_owned();
        if bare.contains("int") || bare.contains("serial") {
            "int".to_owned()
        } else if bare.contains("char") || bare == "text" {
            "text".to_owned()
        } else {
            bare
        }
    };
    let (one, other) = (family(one), family(other));
    one == other || (!strict && (one.is_empty() || other.is_empty()))
}

/// A join table: which table's rows have the relation, and which it points to.
pub(super) struct Join {
    pub(super) table: String,
    near: (String, String),
    far: (String, String),
    /// The field's name.
    name: String,
}

/// Tables that are nothing but pairs: two foreign keys, unique together, and at most a number of their own.
pub(super) fn join_tables(facts: &Facts, rules: &Rules) -> Vec<Join> {
    let known = |name: &str| rules.known.iter().any(|model| owns(model, name));
    facts
        .tables
        .iter()
        .filter(|table| !table.view && !known(&table.name))
        .filter_map(|table| join(table, facts, known))
        .collect()
}

fn join(table: &Table, facts: &Facts, known: impl Fn(&str) -> bool) -> Option<Join> {
    let [first, second] = table.foreign.as_slice() else { return None };
    let ([one], [two]) = (first.columns.as_slice(), second.columns.as_slice()) else { return None };
    let is_pair = |columns: &[String]| columns.len() == 2 && columns.contains(one) && columns.contains(two);
    let unique = is_pair(&table.primary_key) || table.uniques.iter().any(|unique| is_pair(unique));
    let mut others = table.columns.iter().filter(|column| column.name != *one && column.name != *two);
    let only_number = others.all(|column| column.identity && table.primary_key.as_slice() == [column.name.as_str()]);
    if !unique || !only_number || column_is_key(first, facts).is_none() || column_is_key(second, facts).is_none() {
        return None;
    }
    let mut ends = [(first, one), (second, two)];
    let rest = |foreign: &Foreign| table.name.strip_prefix(&format!("{}_", foreign.table)).map(str::to_owned);
    // A known model gets no new fields, so the other end has the relation.
    let second_has_it = rest(first).is_none() && rest(second).is_some();
    if known(&first.table) || (second_has_it && !known(&second.table)) {
        ends.reverse();
    }
    let [(near, near_column), (far, far_column)] = ends;
    Some(Join {
        table: table.name.clone(),
        near: (near.table.clone(), near_column.clone()),
        far: (far.table.clone(), far_column.clone()),
        name: rest(near).filter(|rest| !rest.is_empty()).unwrap_or_else(|| far.table.clone()),
    })
}

/// A pair must point at primary keys: a many-to-many relation knows no other.
fn column_is_key(foreign: &Foreign, facts: &Facts) -> Option<()> {
    let target = facts.tables.iter().find(|table| table.name == foreign.table)?;
    let [key] = target.primary_key.as_slice() else { return None };
    foreign.targets.first().is_none_or(|column| column == key).then_some(())
}

/// Adds the relation of a join table to the model that has it.
pub(super) fn add_many(models: &mut [Inferred], join: &Join, world: &World<'_>) {
    let Some(far) = world.end(&join.far.0) else { return };
    let Some(near) = models.iter_mut().find(|inferred| inferred.model.table == join.near.0) else { return };
    let taken: Vec<&str> = near.model.fields.iter().map(|field| field.name.as_str()).collect();
    let plain = Column { name: join.name.clone(), ..Column::default() };
    let name = name::field(&Table::default(), &plain, false, &taken);
    let through = Through {
        table: join.table.clone(),
        near: join.near.1.clone(),
        far: join.far.1.clone(),
        model: None,
        symmetrical: false,
    };
    let kind = FieldKind::Many { to: far.model.clone(), through };
    near.model.fields.push(Field::new(&name, kind).blank());
}
