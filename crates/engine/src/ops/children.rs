//! Children that were sent with their parent, written in its transaction: all of it happens, or none.

use std::collections::HashMap;

use super::{delete, fetch, fetch_any, labelled, save};
use crate::admin::Event;
use crate::audit::{self, Deed, Entry};
use crate::context::Context;
use crate::error::{ChildErrors, Error, FieldErrors, Result};
use crate::form::{ChildForm, ChildForms, Clean, inline};
use crate::model::{FlawKind, Row};
use crate::permit;
use crate::principal::Verb;
use crate::query::{field, plan};
use crate::site::{Child, Resource};
use crate::value::{Raw, Value};

/// What is to be done with a child.
enum Task {
    /// Nothing: nobody meant it, or it is another parent's.
    Nothing,
    /// It is made.
    Add(Clean),
    /// It is changed.
    Change(Clean),
    /// It goes.
    Delete(Row),
}

/// Judges and then writes what was sent with a parent that is stored already. Each child asks for its own right and
/// leaves its own audit record.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`] with the flaws of all children, and what a hook or the database says.
pub(super) async fn write(cx: &mut Context, resource: &Resource, parent: &Row, forms: &[ChildForms]) -> Result<()> {
    let named = |form: &ChildForms| resource.inlines.get(form.inline);
    for form in forms {
        ask_rights(cx, named(form).ok_or_else(unknown)?, &form.rows)?;
    }
    let mut errors = FieldErrors::default();
    let mut work = Vec::with_capacity(forms.len());
    for form in forms {
        let child = named(form).ok_or_else(unknown)?;
        let (tasks, flaws) = judge(cx, child, parent, &form.rows).await?;
        if !flaws.is_empty() {
            errors.children.push((form.inline, flaws));
        }
        work.push((child, tasks));
    }
    errors.into_result()?;
    for (child, tasks) in work {
        carry_out(cx, resource, child, tasks).await?;
    }
    Ok(())
}

fn unknown() -> Error {
    Error::internal("children were sent for an inline that is not there")
}

/// Asks for the rights that the children need, before anything is looked at.
fn ask_rights(cx: &Context, child: &Child, rows: &[ChildForm]) -> Result<()> {
    for row in rows {
        permit::ask(cx, &child.resource, verb(row), None)?;
    }
    Ok(())
}

fn verb(row: &ChildForm) -> Verb {
    match (row.delete, &row.key) {
        (true, _) => Verb::Delete,
        (false, Some(_)) => Verb::Change,
        (false, None) => Verb::Add,
    }
}

/// Judges all children, those that are there first. Their flaws stand in the order in which they were judged; what goes
/// is not among them.
async fn judge(cx: &mut Context, child: &Child, parent: &Row, rows: &[ChildForm]) -> Result<(Vec<Task>, ChildErrors)> {
    let parent = child.value_of_parent(parent).clone();
    let known = known(cx, child, rows).await?;
    let (there, new): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.key.is_some());
    let (mut going, mut tasks, mut errors) = (Vec::new(), Vec::new(), ChildErrors::default());
    for row in there.into_iter().chain(new) {
        let (task, flaws) = judge_one(cx, child, &parent, row, &known).await?;
        if row.delete {
            going.push(task);
            continue;
        }
        tasks.push(task);
        errors.rows.push(flaws);
    }
    let cleared: Vec<(usize, &Clean)> = tasks.iter().enumerate().filter_map(cleared).collect();
    inline::find_repeated(child, &cleared, &mut errors);
    tasks.append(&mut going);
    Ok((tasks, errors))
}

fn cleared((at, task): (usize, &Task)) -> Option<(usize, &Clean)> {
    match task {
        Task::Add(clean) | Task::Change(clean) => Some((at, clean)),
        Task::Nothing | Task::Delete(_) => None,
    }
}

/// The rows that the children's keys name, by the text of their keys.
async fn known(cx: &mut Context, child: &Child, rows: &[ChildForm]) -> Result<HashMap<String, Row>> {
    let keys: Vec<Value> = rows.iter().filter_map(|row| key(cx, child, row)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let lock = cx.writes();
    let found = fetch(cx, &child.resource, field("pk").is_in(keys), lock).await?;
    Ok(found.into_iter().map(|row| (row.key().to_string(), row)).collect())
}

fn key(cx: &Context, child: &Child, row: &ChildForm) -> Option<Value> {
    plan::key(cx.site(), &child.resource.model, row.key.as_ref()?)
}

async fn judge_one(
    cx: &mut Context,
    child: &Child,
    parent: &Value,
    form: &ChildForm,
    known: &HashMap<String, Row>,
) -> Result<(Task, FieldErrors)> {
    let before = key(cx, child, form).and_then(|key| known.get(&key.to_string())).cloned();
    let ours = before.as_ref().is_some_and(|row| row.get(&child.inline.fk_field) == parent);
    if form.delete {
        let task = before.filter(|_| ours).map_or(Task::Nothing, Task::Delete);
        return Ok((task, FieldErrors::default()));
    }
    if form.key.is_none() && form.says_nothing(cx, child) {
        return Ok((Task::Nothing, FieldErrors::default()));
    }
    let verb = if ours { Verb::Change } else { verb(form) };
    let permit = permit::ask(cx, &child.resource, verb, before.as_ref().filter(|_| ours))?;
    let (clean, mut flaws) = match inline::judge(cx, &permit, child, parent, form, before).await {
        Ok(clean) => (Some(clean), FieldErrors::default()),
        Err(Error::Invalid(flaws)) => (None, flaws),
        Err(error) => return Err(error),
    };
    flaw_of_key(cx, child, form, known).into_iter().for_each(|flaw| flaws.add(&child.resource.model.primary_key, flaw));
    form.flaw_of_parent(child, parent).into_iter().for_each(|flaw| flaws.add(&child.inline.fk_field, flaw));
    let task = match clean.filter(|_| flaws.is_empty()) {
        Some(clean) if ours => Task::Change(clean),
        Some(clean) if form.key.is_none() => Task::Add(clean),
        Some(_) | None => Task::Nothing,
    };
    Ok((task, flaws))
}

/// What is wrong with the key of a child: it is empty, or no row has it.
fn flaw_of_key(cx: &Context, child: &Child, form: &ChildForm, known: &HashMap<String, Row>) -> Option<FlawKind> {
    let given = form.key.as_ref()?;
    if matches!(given, Raw::Text(text) if text.is_empty()) {
        return Some(FlawKind::Required);
    }
    let there = key(cx, child, form).is_some_and(|key| known.contains_key(&key.to_string()));
    (!there).then(|| FlawKind::NoTarget { key: crate::model::read::given(given) })
}

/// Writes what was judged: changes and new rows in order, then what goes.
async fn carry_out(cx: &mut Context, resource: &Resource, child: &Child, tasks: Vec<Task>) -> Result<()> {
    let mut written: Vec<(Value, Option<Row>)> = Vec::new();
    let mut going = Vec::new();
    for task in tasks {
        match task {
            Task::Nothing => {}
            Task::Add(clean) => {
                let permit = permit::ask(cx, &child.resource, Verb::Add, None)?;
                written.push((save::insert(cx, &permit, clean).await?, None));
            }
            Task::Change(clean) => {
                let permit = permit::ask(cx, &child.resource, Verb::Change, clean.before.as_ref())?;
                save::change(cx, &permit, &clean).await?;
                let before = clean.before.ok_or_else(|| Error::internal("a change of no row"))?;
                written.push((before.key().clone(), Some(before)));
            }
            Task::Delete(row) => going.push(row),
        }
    }
    remember(cx, resource, child, written).await?;
    if going.is_empty() {
        return Ok(());
    }
    let entries = gone(cx, resource, child, &going).await?;
    let plan = delete::plan_rows(cx, &child.resource, going).await?;
    delete::execute(cx, &child.resource, plan, &entries).await?;
    Ok(())
}

/// Keeps a record of what was written, and tells the hook.
async fn remember(
    cx: &mut Context,
    resource: &Resource,
    child: &Child,
    written: Vec<(Value, Option<Row>)>,
) -> Result<()> {
    if written.is_empty() {
        return Ok(());
    }
    let keys = written.iter().map(|(key, _)| key.clone()).collect();
    let rows = fetch_any(cx, &child.resource.model, &field("pk").is_in(keys), false).await?;
    let records = labelled(cx, &child.resource, rows).await?;
    let (mut entries, mut told) = (Vec::new(), Vec::new());
    for (key, before) in written {
        let Some(record) = records.iter().find(|record| *record.row.key() == key) else { continue };
        let (deed, event) = match before {
            Some(before) => (Deed::Changed(audit::diff(&child.resource, &before, &record.row)), Event::Changed),
            None => (Deed::Added, Event::Added),
        };
        entries.push(entry(resource, &record.row, record.label.clone(), deed));
        told.push((&record.row, event));
    }
    audit::record(cx, &entries).await?;
    for (row, event) in told {
        child.resource.admin.after(cx, row, event).await?;
    }
    Ok(())
}

/// The records of children that go.
async fn gone(cx: &mut Context, resource: &Resource, child: &Child, rows: &[Row]) -> Result<Vec<Entry>> {
    let records = labelled(cx, &child.resource, rows.to_vec()).await?;
    Ok(records.into_iter().map(|record| entry(resource, &record.row, record.label, Deed::Deleted)).collect())
}

fn entry(parent: &Resource, row: &Row, label: String, deed: Deed) -> Entry {
    Entry {
        model: row.model.key.clone(),
        key: Some(row.key().clone()),
        label,
        deed,
        within: Some(parent.model.key.clone()),
    }
}
