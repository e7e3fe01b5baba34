//! What a filled-in form asks the database, in one trip: which related rows there are to choose from, and what is
//! taken. A field that failed is not asked about, and neither is a rule that needs it.

use std::sync::Arc;

use indexmap::IndexSet;

use super::ask::{ROWS, cell, others, together_flaw};
use super::paper::Paper;
use super::unique_for;
use crate::admin::Draft;
use crate::context::Context;
use crate::error::{FieldErrors, Result};
use crate::model::{Field, FieldKind, FlawKind, Model, Row, Unique};
use crate::query::{Filter, plan};
use crate::site::Resource;
use crate::store::statement::{Arg, Cond, Expr, Output, Select, Statement};
use crate::value::Value;

/// The most values in one list.
const CHUNK: usize = 500;

/// What an answer means.
#[derive(Debug)]
enum Meaning {
    /// Each row: a key that can be chosen.
    Choices(usize),
    /// Any row: the field's value is taken.
    Taken(usize),
    /// Any row: the values of a rule are taken together.
    Together(usize),
    /// Each row: a day on which the field's value is taken.
    For(usize, usize),
}

/// The questions of a form.
#[derive(Debug, Default)]
pub(super) struct Inquiry {
    meanings: Vec<Meaning>,
    batch: Vec<Statement>,
    /// Keys that must be among the choices: as they were sent, and what they mean.
    wanted: Vec<(usize, Vec<(String, Value)>)>,
}

impl Inquiry {
    /// Gathers the questions.
    pub(super) fn of(cx: &Context, resource: &Resource, paper: &Paper, draft: &Draft) -> Result<Inquiry> {
        let model = &resource.model;
        let mut inquiry = Inquiry::default();
        let good =
            |at: &usize| !paper.flaws.contains_key(at) && !draft.errors.fields.contains_key(&model.fields[*at].name);
        for (at, keys) in paper.keys.iter().filter(|(at, _)| good(at)) {
            inquiry.ask_choices(cx, resource, *at, keys, draft)?;
        }
        let fields: IndexSet<usize> = paper.fields.iter().chain(&paper.given).copied().filter(good).collect();
        let except = kept_row(model, draft);
        for &at in &fields {
            let field = &model.fields[at];
            if field.unique || field.name == model.primary_key {
                inquiry.ask_taken(cx, model, at, draft, except);
            }
            inquiry.ask_days(cx, model, at, &fields, draft, except);
        }
        for (at, rule) in model.unique_together.iter().enumerate() {
            if let Some(select) = together(cx, model, rule, &fields, draft, except) {
                inquiry.ask(Meaning::Together(at), select);
            }
        }
        Ok(inquiry)
    }

    fn ask(&mut self, meaning: Meaning, select: Select) {
        self.meanings.push(meaning);
        self.batch.push(Statement::Select(select));
    }

    /// Asks which keys can be chosen. A key that was there before needs only be among the choices that the admin
    /// leaves, another one also among the rows that who asks may know of.
    fn ask_choices(
        &mut self,
        cx: &Context,
        resource: &Resource,
        at: usize,
        keys: &[(String, Value)],
        draft: &Draft,
    ) -> Result<()> {
        let field = &resource.model.fields[at];
        let Some(target) = field.target().and_then(|to| cx.site().schema().model(to)) else { return Ok(()) };
        let limit = resource.options.limit_choices_to.iter().find(|(name, _)| *name == field.name);
        let limit = limit.map_or(Filter::All, |(_, filter)| filter.clone());
        let had = |key: &Value| match draft.before().map(|before| before.get(&field.name)) {
            Some(Value::Keys(had)) => had.contains(key),
            Some(had) => had == key,
            None => false,
        };
        let (old, new): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(|(_, key)| had(key));
        let seen = match cx.site().resource(&target.key) {
            Ok(resource) => resource.admin.rows(cx.who()),
            Err(_) => Filter::All,
        };
        let old = if limit == Filter::All { Vec::new() } else { old };
        for (keys, filter) in [(old, limit.clone()), (new, limit.and(seen))] {
            if !keys.is_empty() {
                self.ask_keys(cx, field, at, target, keys, &filter)?;
            }
        }
        Ok(())
    }

    fn ask_keys(
        &mut self,
        cx: &Context,
        field: &Field,
        at: usize,
        target: &Arc<Model>,
        keys: Vec<(String, Value)>,
        filter: &Filter,
    ) -> Result<()> {
        let end = match &field.kind {
            FieldKind::One { to_field: Some(name), .. } => target.field(name).unwrap_or_else(|| target.key_field()),
            _ => target.key_field(),
        };
        let condition = plan::condition(cx.site(), target, filter, ROWS)?;
        let (expr, cell) = (Expr::column(ROWS, &end.column), cell(cx, end));
        for chunk in keys.chunks(CHUNK) {
            let args = chunk.iter().map(|(_, value)| Arg { value: value.clone(), cell }).collect();
            let mut select = Select::from(&target.table, ROWS);
            select.outputs = vec![Output { expr: expr.clone(), cell }];
            select.filter = Cond::In(expr.clone(), args).and(condition.clone());
            self.ask(Meaning::Choices(at), select);
        }
        self.wanted.push((at, keys));
        Ok(())
    }

    fn ask_taken(&mut self, cx: &Context, model: &Model, at: usize, draft: &Draft, except: Option<&Row>) {
        let field = &model.fields[at];
        let Some(value) = draft.value(&field.name).filter(|value| !value.is_null()) else { return };
        if except.is_some_and(|row| row.get(&field.name) == value) {
            return;
        }
        let same = Cond::is(Expr::column(ROWS, &field.column), value.clone(), cell(cx, field));
        self.ask(Meaning::Taken(at), Select { limit: Some(1), ..others(cx, model, except, same) });
    }

    fn ask_days(
        &mut self,
        cx: &Context,
        model: &Model,
        at: usize,
        fields: &IndexSet<usize>,
        draft: &Draft,
        except: Option<&Row>,
    ) {
        let field = &model.fields[at];
        let known = |name: &str| draft.value(name).is_some_and(|value| !value.is_null());
        for (rule, (_, date_field)) in field.unique_for.iter().enumerate() {
            let Some(date) = model.fields.iter().position(|field| field.name == *date_field) else { continue };
            if fields.contains(&date) && known(&field.name) && known(date_field) {
                let days = unique_for::days(cx, model, field, &model.fields[date], draft, except);
                self.ask(Meaning::For(at, rule), days);
            }
        }
    }

    /// Asks, and says what is wrong.
    pub(super) async fn answer(mut self, cx: &mut Context, model: &Model, draft: &Draft) -> Result<FieldErrors> {
        let mut found = FieldErrors::default();
        if self.batch.is_empty() {
            return Ok(found);
        }
        let answers = cx.run(std::mem::take(&mut self.batch)).await?;
        let answers: Vec<Vec<Value>> =
            answers.into_iter().map(|answer| answer.rows.into_iter().flatten().collect()).collect();
        self.name_missing(model, &answers, &mut found);
        let missing = found.clone();
        let failed = |name: &String| missing.fields.contains_key(name);
        for (meaning, rows) in self.meanings.iter().zip(&answers) {
            match meaning {
                Meaning::Taken(at) if !rows.is_empty() && !failed(&model.fields[*at].name) => {
                    found.add(&model.fields[*at].name, model.fields[*at].taken());
                }
                Meaning::Together(at) if !rows.is_empty() => {
                    let rule = &model.unique_together[*at];
                    if !rule.fields.iter().any(failed) {
                        found.add_whole(together_flaw(rule.fields.clone(), Some(rule)));
                    }
                }
                Meaning::For(at, rule) => {
                    let days = rows.iter().cloned();
                    if let Some(flaw) = unique_for::flaw(cx, &model.fields[*at], *rule, days, draft) {
                        found.add(&model.fields[*at].name, flaw);
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    fn name_missing(&self, model: &Model, answers: &[Vec<Value>], found: &mut FieldErrors) {
        let of = |at: usize| {
            let same = move |meaning: &Meaning| matches!(meaning, Meaning::Choices(known) if *known == at);
            self.meanings.iter().zip(answers).filter(move |(meaning, _)| same(meaning)).flat_map(|(_, keys)| keys)
        };
        for (at, keys) in &self.wanted {
            let name = &model.fields[*at].name;
            let gone = keys.iter().find(|(_, key)| !of(*at).any(|known| known == key));
            if let Some((given, _)) = gone.filter(|_| !found.fields.contains_key(name)) {
                found.add(name, FlawKind::NoTarget { key: given.clone() });
            }
        }
    }
}

/// The row that a form changes; none if it makes another one by giving it another key.
fn kept_row<'d>(model: &Model, draft: &'d Draft) -> Option<&'d Row> {
    let before = draft.before()?;
    draft.values.get(&model.primary_key).is_none_or(|key| key == before.key()).then_some(before)
}

/// The question of a rule across fields of the form: asked when no value is null, and of a row that is there only when
/// one of them changes.
fn together(
    cx: &Context,
    model: &Model,
    rule: &Unique,
    fields: &IndexSet<usize>,
    draft: &Draft,
    except: Option<&Row>,
) -> Option<Select> {
    let member = |name: &String| {
        let at = model.fields.iter().position(|field| field.name == *name)?;
        let value = draft.value(name).filter(|value| fields.contains(&at) && !value.is_null())?;
        Some((&model.fields[at], value.clone()))
    };
    let members: Vec<(&Field, Value)> = rule.fields.iter().map(member).collect::<Option<_>>()?;
    let changed = |(field, value): &(&Field, Value)| except.is_none_or(|row| row.get(&field.name) != value);
    if !members.iter().any(changed) {
        return None;
    }
    let same = members.into_iter().fold(Cond::True, |cond, (field, value)| {
        cond.and(Cond::is(Expr::column(ROWS, &field.column), value, cell(cx, field)))
    });
    Some(Select { limit: Some(1), ..others(cx, model, except, same) })
}
