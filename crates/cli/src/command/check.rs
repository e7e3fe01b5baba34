//! `check`: every problem of the configuration on the live database, numbered; else what would be served.

use std::fmt::Write;

use factotum::Resource;
use factotum::admin::Target;
use factotum::model::facts::{Facts, Table};
use factotum::model::{Field, FieldKind, Model};
use factotum::problem;

use super::{say, search};
use crate::Program;
use crate::complaint::{Complaint, Place};
use crate::config::Written;
use crate::config::resolve::{self, Door, Ground, Mounted, Resolved, Settings};
use crate::ground::{self, Access};
use crate::stop::Stop;

/// Lists what is wrong, or what would be served if nothing is.
pub(super) async fn check(written: &Written, program: &dyn Program) -> Result<(), Stop> {
    let mut complaints = Vec::new();
    complaints.extend(resolve::secret(written).err().into_iter().flatten());
    complaints.extend(resolve::edge(written).err().into_iter().flatten());
    let ground = ground::ground(written, Access::Look).await?;
    if let Err(Stop::Config(more)) = ground::people(written, &ground) {
        complaints.extend(more);
    }
    let mut text = String::new();
    match resolve::resolve(written, &ground, program) {
        Ok(resolved) => {
            complaints.extend(against_tables(written, &resolved, &ground));
            text = resolved.contracts.iter().map(summary).collect();
            complaints.extend(search::complaints(written, &resolved).await?);
            text.push_str(&advice(&resolved.contracts));
            let doubts: String = doubts(&resolved).iter().map(|doubt| format!("  {doubt}\n")).collect();
            text.push_str(&if doubts.is_empty() { doubts } else { format!("doubtful:\n{doubts}") });
            text.push_str(&search::advice(&resolved).await?);
        }
        Err(more) => complaints.extend(more),
    }
    if complaints.is_empty() {
        return say(&format!("{text}OK: no problems\n"));
    }
    Err(Stop::Config(complaints))
}

/// What is doubtful, and keeps nothing from being served.
pub(super) fn doubts(resolved: &Resolved) -> Vec<String> {
    let of_contract = |mounted: &Mounted| match &mounted.settings {
        Settings::Packages(contract) => contract.doubts(&mounted.site),
        _ => Vec::new(),
    };
    resolved.contracts.iter().flat_map(of_contract).collect()
}

/// A contract with its models, in the order of their names, and how many actions each has.
fn summary(mounted: &Mounted) -> String {
    let mut lines: Vec<String> = mounted.site.resources().map(|resource| line(mounted.door, resource)).collect();
    lines.sort();
    let mut text = String::new();
    let _ = writeln!(text, "{} at {}/, {} models:", mounted.door.name(), mounted.mount, lines.len());
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn line(door: Door, resource: &Resource) -> String {
    let one = resource.actions.iter().filter(|action| action.target == Target::One).count();
    // Django's own action is everybody's, unless the model says no.
    let own = usize::from(door == Door::DjangoAdmin && resource.options.delete_selected != Some(false));
    let batch = resource.actions.len() - one + own;
    let all = batch + one;
    let actions = if all == 1 { "action" } else { "actions" };
    format!("{} ({all} {actions}: {batch} batch, {one} detail)", resource.model.key)
}

/// The indexes that large tables would miss, each told once.
fn advice(contracts: &[Mounted]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for Mounted { site, .. } in contracts {
        let dialect = site.store().dialect();
        let advice = site.resources().flat_map(|resource| problem::advice(site.schema(), resource, dialect));
        for line in advice.map(|problem| format!("  {problem}\n")) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    format!("advice for large tables:\n{}", lines.concat())
}

/// What models say that their tables do not bear out.
fn against_tables(written: &Written, resolved: &Resolved, ground: &Ground) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for model in resolved.site(Door::Conjure).schema().models().filter(|model| !model.auto_made) {
        let name = model.key.to_string();
        let said = written.models.iter().find(|said| said.name.as_ref().is_some_and(|said| said.text == name));
        for (field, words) in differences(model, &ground.facts) {
            let of_field = said.and_then(|said| said.fields.iter().find(|written| written.name == field));
            let of_model = || said.map_or(Place::Nowhere, |said| said.place.clone());
            let place = of_field.map_or_else(of_model, |field| field.place.clone());
            complaints.push(Complaint::new("C040", &place, format!("{name}.{field}: {words}")));
        }
    }
    complaints
}

fn differences(model: &Model, facts: &Facts) -> Vec<(String, String)> {
    let Some(table) = facts.tables.iter().find(|table| table.name == model.table) else {
        return vec![(model.primary_key.clone(), format!("the database has no table '{}'", model.table))];
    };
    let columns = model.columns().filter_map(|field| Some((field.name.clone(), difference(model, field, table)?)));
    let joins = model.many().filter_map(|field| {
        let FieldKind::Many { through, .. } = &field.kind else { return None };
        let there = facts.tables.iter().any(|table| table.name == through.table);
        (!there).then(|| (field.name.clone(), format!("the database has no table '{}'", through.table)))
    });
    columns.chain(joins).collect()
}

fn difference(model: &Model, field: &Field, table: &Table) -> Option<String> {
    let Some(column) = table.column(&field.column) else {
        let is_row_number = table.numbered && field.column == "rowid";
        return (!is_row_number).then(|| format!("the table '{}' has no column '{}'", table.name, field.column));
    };
    if field.null && !column.null && field.name != model.primary_key {
        return Some("may be null here, but not in the table".to_owned());
    }
    let FieldKind::Text { max: Some(max), .. } = field.kind else { return None };
    let most = most_characters(&column.declared).filter(|most| max > *most)?;
    Some(format!("may have {max} characters here, but {most} in the table"))
}

/// The characters that a declared type holds: `varchar(20)`, `character varying(20)`.
fn most_characters(declared: &str) -> Option<u32> {
    let (words, rest) = declared.split_once('(')?;
    let is_text = words.to_lowercase().contains("char");
    rest.split(')').next().filter(|_| is_text)?.trim().parse().ok()
}
