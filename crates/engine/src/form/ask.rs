//! What only the database knows: whether a value is taken, whether related rows exist. All is asked in one trip.

use super::sheet::Sheet;
use super::unique_for;
use crate::admin::Draft;
use crate::context::Context;
use crate::error::{FieldErrors, Result};
use crate::model::{Field, FieldKind, Flaw, FlawKind, Model, Row, Unique};
use crate::query::plan;
use crate::store::spelling::spelling;
use crate::store::statement::{Arg, Compare, Cond, Expr, Output, Select, Statement};
use crate::value::Value;

/// The alias of every table asked.
pub(super) const ROWS: &str = "t";
/// The most values in one list.
const CHUNK: usize = 500;

/// What an answer means.
#[derive(Debug)]
enum Meaning {
    /// Any row: the field's value is taken.
    Unique(usize),
    /// Any row: the values of the rule are taken together.
    Together(usize),
    /// Each row: a day on which the field's value is taken.
    For(usize, usize),
    /// Each row: a key that exists.
    Targets(usize),
}

/// The questions of a form.
#[derive(Debug, Default)]
pub(super) struct Asked {
    meanings: Vec<Meaning>,
    batch: Vec<Statement>,
    /// Keys of related rows that must exist, by field: as sent, and what they mean.
    targets: Vec<(usize, Vec<(String, Value)>)>,
    /// What is already known to be wrong.
    found: FieldErrors,
}

impl Asked {
    /// Gathers the questions. Rules across fields are left out when a field has failed already.
    pub(super) fn gather(cx: &Context, model: &Model, sheet: &Sheet, draft: &Draft) -> Result<Asked> {
        let mut asked = Asked::default();
        for (at, field) in model.fields.iter().enumerate() {
            let hopeless = sheet.lines.get(&at).is_some_and(|line| line.late.iter().any(is_unstorable));
            if (field.unique || field.name == model.primary_key) && !hopeless {
                asked.ask_unique(cx, model, at, draft);
            }
            if let Some(line) = sheet.lines.get(&at) {
                asked.ask_targets(cx, field, at, &line.keys, draft)?;
            }
        }
        if sheet.is_fine() && draft.errors.fields.is_empty() {
            asked.ask_across(cx, model, draft);
        }
        Ok(asked)
    }

    fn ask(&mut self, meaning: Meaning, select: Select) {
        self.meanings.push(meaning);
        self.batch.push(Statement::Select(select));
    }

    fn ask_unique(&mut self, cx: &Context, model: &Model, at: usize, draft: &Draft) {
        let field = &model.fields[at];
        let Some(value) = draft.values.get(&field.name).filter(|value| !value.is_null()) else { return };
        if draft.before().is_some_and(|before| before.get(&field.name) == value) {
            return;
        }
        let same = Cond::is(Expr::column(ROWS, &field.column), value.clone(), cell(cx, field));
        self.ask(Meaning::Unique(at), Select { limit: Some(1), ..others(cx, model, draft.before(), same) });
    }

    /// Asks for the rows that keys point at, among those that who asks may know of. Keys that were there before are
    /// believed.
    fn ask_targets(
        &mut self,
        cx: &Context,
        field: &Field,
        at: usize,
        keys: &[(String, Value)],
        draft: &Draft,
    ) -> Result<()> {
        let known = |key: &Value| match draft.before().map(|before| before.get(&field.name)) {
            Some(Value::Keys(had)) => had.contains(key),
            Some(had) => had == key,
            None => false,
        };
        let new: Vec<(String, Value)> = keys.iter().filter(|(_, key)| !known(key)).cloned().collect();
        let (Some(target), false) = (field.target().and_then(|to| cx.site().schema().model(to)), new.is_empty()) else {
            return Ok(());
        };
        let end = match &field.kind {
            FieldKind::One { to_field: Some(name), .. } => target.field(name).unwrap_or_else(|| target.key_field()),
            _ => target.key_field(),
        };
        let seen = match cx.site().resource(&target.key) {
            Ok(resource) => plan::condition(cx.site(), target, &resource.admin.rows(cx.who()), ROWS)?,
            Err(_) => Cond::True,
        };
        let (expr, cell) = (Expr::column(ROWS, &end.column), cell(cx, end));
        for chunk in new.chunks(CHUNK) {
            let args = chunk.iter().map(|(_, value)| Arg { value: value.clone(), cell }).collect();
            let mut select = Select::from(&target.table, ROWS);
            select.outputs = vec![Output { expr: expr.clone(), cell }];
            select.filter = Cond::In(expr.clone(), args).and(seen.clone());
            self.ask(Meaning::Targets(at), select);
        }
        self.targets.push((at, new));
        Ok(())
    }

    /// Asks the rules across fields: unique together, unique within a day, month or year.
    fn ask_across(&mut self, cx: &Context, model: &Model, draft: &Draft) {
        for (at, rule) in model.unique_together.iter().enumerate() {
            if let Some(select) = together(cx, model, rule, draft) {
                self.ask(Meaning::Together(at), select);
            }
        }
        for (at, field) in model.fields.iter().enumerate() {
            for (rule, (_, date_field)) in field.unique_for.iter().enumerate() {
                match unique_for::question(cx, model, field, date_field, draft) {
                    unique_for::Question::Missing(names) => {
                        for name in names {
                            self.found.fields.insert(name, vec![FlawKind::Required.into()]);
                        }
                    }
                    unique_for::Question::Ask(select) => self.ask(Meaning::For(at, rule), *select),
                    unique_for::Question::Nothing => {}
                }
            }
        }
    }

    /// Asks, and says what is wrong.
    pub(super) async fn answer(mut self, cx: &mut Context, model: &Model, draft: &Draft) -> Result<FieldErrors> {
        if self.batch.is_empty() {
            return Ok(self.found);
        }
        let answers = cx.run(std::mem::take(&mut self.batch)).await?;
        let mut across = std::mem::take(&mut self.found);
        let mut found = FieldErrors::default();
        let mut present: Vec<(usize, Value)> = Vec::new();
        for (meaning, answer) in self.meanings.iter().zip(answers) {
            let taken = !answer.rows.is_empty();
            match meaning {
                Meaning::Unique(at) if taken => found.add(&model.fields[*at].name, model.fields[*at].taken()),
                Meaning::Together(at) if taken => {
                    let rule = &model.unique_together[*at];
                    across.add_whole(together_flaw(rule.fields.clone(), Some(rule)));
                }
                Meaning::For(at, rule) => {
                    let days = answer.rows.into_iter().flatten();
                    if let Some(flaw) = unique_for::flaw(cx, &model.fields[*at], *rule, days, draft) {
                        across.add(&model.fields[*at].name, flaw);
                    }
                }
                Meaning::Targets(at) => present.extend(answer.rows.into_iter().flatten().map(|key| (*at, key))),
                Meaning::Unique(_) | Meaning::Together(_) => {}
            }
        }
        self.add_missing(model, &present, &mut found);
        Ok(if found.is_empty() { across } else { found })
    }

    fn add_missing(&self, model: &Model, present: &[(usize, Value)], found: &mut FieldErrors) {
        for (at, keys) in &self.targets {
            let exists = |key: &Value| present.iter().any(|(field, known)| field == at && known == key);
            if let Some((given, _)) = keys.iter().find(|(_, key)| !exists(key)) {
                found.add(&model.fields[*at].name, FlawKind::NoTarget { key: given.clone() });
            }
        }
    }
}

/// Whether a value cannot even be compared with what the database holds.
fn is_unstorable(flaw: &Flaw) -> bool {
    matches!(flaw.kind, FlawKind::TooLow { .. } | FlawKind::TooHigh { .. } | FlawKind::NulCharacter)
}

pub(super) fn cell(cx: &Context, field: &Field) -> crate::store::Cell {
    spelling(field, cx.site().schema(), cx.site().store().dialect())
}

/// The keys of rows that meet a condition, one row left out.
pub(super) fn others(cx: &Context, model: &Model, except: Option<&Row>, cond: Cond) -> Select {
    let key = model.key_field();
    let (expr, cell) = (Expr::column(ROWS, &key.column), cell(cx, key));
    let mut select = Select::from(&model.table, ROWS);
    select.outputs = vec![Output { expr: expr.clone(), cell }];
    select.filter = match except {
        Some(before) => cond.and(Cond::Compare(expr, Compare::IsNot, Expr::arg(before.key().clone(), cell))),
        None => cond,
    };
    select
}

/// The question of a rule: asked when every value is known and none is null; of a row that is there, only when one of
/// them changes.
fn together(cx: &Context, model: &Model, rule: &Unique, draft: &Draft) -> Option<Select> {
    let member = |name: &String| {
        let field = model.field(name)?;
        let value = draft.value(name).cloned().or_else(|| super::starting_value(cx, field))?;
        Some((field, value))
    };
    let members: Vec<(&Field, Value)> = rule.fields.iter().map(member).collect::<Option<_>>()?;
    let changed =
        |(field, value): &(&Field, Value)| draft.before().is_none_or(|before| before.get(&field.name) != value);
    if members.iter().any(|(_, value)| value.is_null()) || !members.iter().any(changed) {
        return None;
    }
    let same = members.into_iter().fold(Cond::True, |cond, (field, value)| {
        cond.and(Cond::is(Expr::column(ROWS, &field.column), value, cell(cx, field)))
    });
    Some(Select { limit: Some(1), ..others(cx, model, draft.before(), same) })
}

/// The flaw of a broken rule, in the rule's own words if it has any.
pub(super) fn together_flaw(fields: Vec<String>, rule: Option<&Unique>) -> Flaw {
    Flaw { kind: FlawKind::TakenTogether { fields }, words: rule.and_then(|rule| rule.words.clone()) }
}
