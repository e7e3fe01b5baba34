//! Filters and searches become conditions. Paths that can reach several rows become `IN (SELECT …)`, so that each row
//! comes once; the others are joined. A negated test is true wherever the test is not, unknown values included.

use std::sync::Arc;

use crate::model::{Field, FieldKind, Model};
use crate::query::path::{self, Hop, Path};
use crate::query::{BadQuery, Filter, Search, SearchPlace, Term, Test};
use crate::store::statement::{Cell, Cond, Expr, Place, Select};

use super::Ground;
use super::tables::Tables;
use super::term::{self, Asked, Meets};

/// The alias of the first table of a select within a select.
const WITHIN: &str = "s";

/// A path's end, brought as near as possible: a foreign key or a join table often knows what is asked.
struct Leaf<'a> {
    hops: Vec<Hop>,
    column: String,
    meets: Meets<'a>,
    /// Whether the column may be null in its own table.
    null: bool,
    /// Whether the column is the far one of the last hop's join table.
    in_join_table: bool,
}

/// The condition that a filter means, for a row of the model under this alias.
pub(super) fn cond(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    alias: &str,
    filter: &Filter,
    negated: bool,
) -> Result<Cond, BadQuery> {
    let mut each = |filters: &[Filter]| -> Result<Vec<Cond>, BadQuery> {
        filters.iter().map(|filter| cond(ground, tables, model, alias, filter, negated)).collect()
    };
    match (filter, negated) {
        (Filter::All, false) | (Filter::Nothing, true) => Ok(Cond::True),
        (Filter::All, true) | (Filter::Nothing, false) => Ok(Cond::False),
        (Filter::And(all), false) => Ok(all_of(each(all)?)),
        (Filter::And(all), true) => Ok(any_of(each(all)?)),
        (Filter::Or(any), false) => Ok(any_of(each(any)?)),
        (Filter::Or(any), true) => Ok(all_of(each(any)?)),
        (Filter::Not(inner), _) => cond(ground, tables, model, alias, inner, !negated),
        (Filter::Test(one), _) => test(ground, tables, model, alias, one, negated),
        (Filter::Search(phrase), _) => search(ground, tables, model, alias, phrase, negated),
    }
}

/// All of these, without what is always so.
fn all_of(conds: Vec<Cond>) -> Cond {
    if conds.contains(&Cond::False) {
        return Cond::False;
    }
    let mut conds: Vec<Cond> = conds.into_iter().filter(|cond| *cond != Cond::True).collect();
    match conds.len() {
        0 => Cond::True,
        1 => conds.remove(0),
        _ => Cond::And(conds),
    }
}

/// Any of these, without what is never so.
fn any_of(conds: Vec<Cond>) -> Cond {
    if conds.contains(&Cond::True) {
        return Cond::True;
    }
    let mut conds: Vec<Cond> = conds.into_iter().filter(|cond| *cond != Cond::False).collect();
    match conds.len() {
        0 => Cond::False,
        1 => conds.remove(0),
        _ => Cond::Or(conds),
    }
}

fn test(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    alias: &str,
    test: &Test,
    negated: bool,
) -> Result<Cond, BadQuery> {
    let path = path::resolve(ground.schema(), model, &test.path)?;
    if matches!(test.term, Term::Raw(_) | Term::Raws(_)) {
        ground.refuse_hidden(&path, &test.path)?;
    }
    let leaf = leaf(ground, &path);
    let asked = term::read(ground, leaf.meets, test)?;
    Ok(reach(tables, alias, &leaf, &asked, negated))
}

fn search(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    alias: &str,
    search: &Search,
    negated: bool,
) -> Result<Cond, BadQuery> {
    let mut places = Vec::new();
    for (name, place) in &search.fields {
        let path = path::resolve(ground.schema(), model, name)?;
        if !ground.hides(&path) {
            places.push((path, *place));
        }
    }
    if places.is_empty() {
        return Ok(if negated { Cond::False } else { Cond::True });
    }
    if search.terms.len() > 1 && places.iter().any(|(path, _)| path.repeats() || is_many(path.field())) {
        let found = in_one_row(ground, model, alias, search)?;
        return Ok(if negated { Cond::Not(Box::new(found)) } else { found });
    }
    let leaves: Vec<(Leaf<'_>, SearchPlace)> =
        places.iter().map(|(path, place)| (leaf(ground, path), *place)).collect();
    let mut found = |term: &String| {
        let conds = leaves.iter().map(|(leaf, place)| {
            let asked = term::like(term, place_of(*place), leaf.meets, ground.dialect());
            reach(tables, alias, leaf, &asked, negated)
        });
        let conds = conds.collect();
        if negated { all_of(conds) } else { any_of(conds) }
    };
    let terms = search.terms.iter().map(&mut found).collect();
    Ok(if negated { any_of(terms) } else { all_of(terms) })
}

/// Several terms across a relation to several rows: all of them must be found in one and the same related row.
fn in_one_row(ground: &Ground<'_>, model: &Arc<Model>, alias: &str, search: &Search) -> Result<Cond, BadQuery> {
    let mut tables = Tables::new(WITHIN);
    let filter = joined(ground, &mut tables, model, search)?;
    let key = &model.key_field().column;
    let outputs = vec![super::output(WITHIN, key, Cell::Any)];
    let select = Select { joins: tables.joins, outputs, filter, ..Select::from(&model.table, WITHIN) };
    Ok(Cond::InSelect(Expr::column(alias, key), Box::new(select)))
}

/// A search with every relation joined: a row comes as often as there are related rows in which it was found.
pub(super) fn joined(
    ground: &Ground<'_>,
    tables: &mut Tables<'_>,
    model: &Arc<Model>,
    search: &Search,
) -> Result<Cond, BadQuery> {
    let mut places = Vec::new();
    for (name, place) in &search.fields {
        let path = path::resolve(ground.schema(), model, name)?;
        if ground.hides(&path) {
            continue;
        }
        let mut alias = tables.root().to_owned();
        let beyond = path::hop_over(ground.schema(), &path.model, path.field());
        for hop in path.hops.iter().chain(&beyond) {
            alias = tables.follow_each(&alias, hop);
        }
        let named = path.field();
        let column = beyond.as_ref().map_or(&named.column, |hop| &hop.to().key_field().column).clone();
        places.push((path.clone(), Expr::column(&alias, &column), *place));
    }
    let found = |term: &String| {
        let each = places.iter().map(|(path, expr, place)| {
            let named = path.field();
            let meets = Meets { named, valued: ground.key_behind(named), cell: ground.cell(named) };
            term::like(term, place_of(*place), meets, ground.dialect()).of(expr, meets.cell == Cell::Text)
        });
        any_of(each.collect())
    };
    Ok(if places.is_empty() { Cond::True } else { all_of(search.terms.iter().map(found).collect()) })
}

/// The place, and whether case counts.
fn place_of(place: SearchPlace) -> (Place, bool) {
    match place {
        SearchPlace::Anywhere => (Place::Anywhere, false),
        SearchPlace::Start => (Place::Start, false),
        SearchPlace::Whole => (Place::Whole, false),
        SearchPlace::End => (Place::End, false),
        SearchPlace::AnywhereExactly => (Place::Anywhere, true),
        SearchPlace::StartExactly => (Place::Start, true),
        SearchPlace::WholeExactly => (Place::Whole, true),
        SearchPlace::EndExactly => (Place::End, true),
    }
}

fn leaf<'a>(ground: &Ground<'a>, path: &'a Path) -> Leaf<'a> {
    let named = path.field();
    let valued = ground.key_behind(named);
    let meets = Meets { named, valued, cell: ground.cell(named) };
    let mut hops = path.hops.clone();
    hops.extend(path::hop_over(ground.schema(), &path.model, named));
    let leads_to_key = |to: &Model| named.target().is_some() && !named.is_column() || named.name == to.primary_key;
    match hops.last() {
        Some(Hop::Many { far, to, .. }) if leads_to_key(to) => {
            let column = far.clone();
            Leaf { hops, column, meets, null: false, in_join_table: true }
        }
        Some(Hop::One { column, to_column, .. }) if *to_column == named.column => {
            let column = column.clone();
            hops.pop();
            Leaf { hops, column, meets, null: true, in_join_table: false }
        }
        _ => Leaf { hops, column: named.column.clone(), meets, null: named.null, in_join_table: false },
    }
}

/// The condition on what a leaf reaches.
fn reach(tables: &mut Tables<'_>, alias: &str, leaf: &Leaf<'_>, asked: &Asked, negated: bool) -> Cond {
    let found = reached(tables, alias, &leaf.hops, leaf, asked);
    if !negated {
        return found.cond;
    }
    match found.cond {
        Cond::True => Cond::False,
        Cond::False => Cond::True,
        cond if found.sure => Cond::Not(Box::new(cond)),
        cond => Cond::Or(vec![Cond::Null(found.on), Cond::Not(Box::new(cond))]),
    }
}

/// A condition, whether it is never unknown, and the expression whose null makes it so.
struct Reached {
    cond: Cond,
    sure: bool,
    on: Expr,
}

fn reached(tables: &mut Tables<'_>, from: &str, hops: &[Hop], leaf: &Leaf<'_>, asked: &Asked) -> Reached {
    let mut alias = from.to_owned();
    for (at, hop) in hops.iter().enumerate() {
        match tables.follow(&alias, hop) {
            Some(joined) => alias = joined,
            None => return within(tables, &alias, hop, &hops[at + 1..], leaf, asked),
        }
    }
    let on = Expr::column(&alias, &leaf.column);
    let always_there = alias == tables.root() && !leaf.null;
    Reached { cond: asked.of(&on, leaf.meets.cell == Cell::Text), sure: always_there || asked.is_sure(), on }
}

/// A hop that can reach several rows, as a select within the select.
fn within(tables: &Tables<'_>, alias: &str, hop: &Hop, rest: &[Hop], leaf: &Leaf<'_>, asked: &Asked) -> Reached {
    let (column, table, near) = match hop {
        Hop::Many { column, table, near, .. } => (column, table, near),
        Hop::Back { to, to_column, column, .. } => (column, &to.table, to_column),
        Hop::One { column, to, to_column } => (column, &to.table, to_column),
    };
    let mut inner = Tables::new(WITHIN);
    let at_join_table = rest.is_empty() && leaf.in_join_table;
    let from = match hop {
        Hop::Many { far, to, .. } if !at_join_table => inner.join(WITHIN, far, &to.table, &to.key_field().column),
        _ => WITHIN.to_owned(),
    };
    let found = reached(&mut inner, &from, rest, leaf, asked).cond;
    let on = Expr::column(alias, column);
    let any = |filter: Cond, joins| {
        let points = Cond::Not(Box::new(Cond::Null(Expr::column(WITHIN, near))));
        let outputs = vec![super::output(WITHIN, near, Cell::Any)];
        let select = Select { joins, outputs, filter: all_of(vec![points, filter]), ..Select::from(table, WITHIN) };
        Cond::InSelect(on.clone(), Box::new(select))
    };
    let sure = alias == tables.root();
    if *asked != Asked::Null(true) {
        let cond = if found == Cond::False { Cond::False } else { any(found, inner.joins) };
        return Reached { cond, sure, on };
    }
    // Where nothing is reached, nothing is there: that is null too.
    let mut missing = vec![Cond::Not(Box::new(any(Cond::True, Vec::new())))];
    if !sure {
        missing.push(Cond::Null(on.clone()));
    }
    if !at_join_table {
        missing.push(any(found, inner.joins));
    }
    Reached { cond: any_of(missing), sure: true, on }
}

/// Whether a field's class is a relation to several rows.
pub(super) fn is_many(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Many { .. })
}
