//! Looking after these people: pages of them, changes, and the records of both in one transaction.

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::AdminUsers;
use super::people::{self, TABLE};
use crate::accounts::password::Verdict;
use crate::audit::{self, Change, Deed, Entry};
use crate::context::{self, Context};
use crate::error::{Error, Missing, Result};
use crate::model::{FlawKind, ModelKey};
use crate::principal::{NewPerson, People, Person, PersonChange, Sought, Way};
use crate::store::statement::{Arg, Cond, Delete, Expr, Insert, Statement, Update};
use crate::store::{Cell, StoreError};
use crate::value::Value;

/// What records call these people.
#[must_use]
pub fn model_key() -> ModelKey {
    ModelKey::new("litestar", "AdminUser")
}

impl People for AdminUsers {
    fn page<'a>(&'a self, cx: &'a mut Context, sought: &'a Sought) -> BoxFuture<'a, Result<(Vec<Person>, u64)>> {
        Box::pin(async move {
            let texts = [&sought.email, &sought.role];
            if texts.into_iter().flatten().any(|text| text.contains('\0')) {
                return Ok((Vec::new(), 0));
            }
            let answers = cx.run(people::page(sought)).await?;
            let people = answers.first().map(people::persons).unwrap_or_default();
            let total = answers.get(1).and_then(|answer| answer.rows.first()?.first()?.as_int());
            Ok((people, total.unwrap_or_default().unsigned_abs()))
        })
    }

    fn find<'a>(&'a self, cx: &'a mut Context, id: &'a Value) -> BoxFuture<'a, Result<Option<Person>>> {
        Box::pin(async move {
            match id.as_text() {
                Some(id) if !id.contains('\0') => found(cx, "id", id).await,
                _ => Ok(None),
            }
        })
    }

    fn knows<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(account) = self.account("id", &id.to_string()).await? else { return Ok(false) };
            Ok(self.hasher.verify(password, &account.password).await != Verdict::Wrong)
        })
    }

    fn add<'a>(&'a self, cx: &'a mut Context, new: NewPerson) -> BoxFuture<'a, Result<Person>> {
        Box::pin(async move {
            free(cx, &new.email).await?;
            let (id, now) = (Uuid::new_v4().to_string(), context::now());
            cx.run_one(inserted(&id, &new, now)).await.map_err(taken)?;
            let person = found(cx, "id", &id).await?.ok_or(Error::NotFound(Missing::Row))?;
            record(cx, &person, Deed::Added).await?;
            Ok(person)
        })
    }

    fn change<'a>(
        &'a self,
        cx: &'a mut Context,
        person: &'a Person,
        change: &'a PersonChange,
    ) -> BoxFuture<'a, Result<Person>> {
        Box::pin(async move {
            let mut after = change.applied(person);
            if after.email != person.email {
                free(cx, &after.email).await?;
            }
            let mut changes = differences(person, &after);
            if !changes.is_empty() {
                after.updated_at = Some(context::now());
                changes = differences(person, &after);
                let set = changes.iter().map(|change| (change.field.clone(), Expr::Arg(stored(change)))).collect();
                write(cx, person, set).await?;
            }
            record(cx, &after, Deed::Changed(changes)).await?;
            Ok(after)
        })
    }

    fn switch<'a>(&'a self, cx: &'a mut Context, person: &'a Person, on: bool) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            if person.active == on {
                return Ok(false);
            }
            let set = vec![
                ("is_active".to_owned(), Expr::arg(Value::Bool(on), Cell::Bool)),
                ("updated_at".to_owned(), Expr::arg(Value::DateTime(context::now()), Cell::DateTime)),
            ];
            write(cx, person, set).await?;
            record(cx, person, Deed::Switched { on }).await?;
            Ok(true)
        })
    }

    fn store_password<'a>(
        &'a self,
        cx: &'a mut Context,
        person: &'a Person,
        encoded: &'a str,
        way: Way,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            cx.run_one(people::set_password(&person.id, encoded, None, context::now())).await?;
            record(cx, person, way.deed()).await
        })
    }

    fn note_reset<'a>(&'a self, cx: &'a mut Context, person: &'a Person) -> BoxFuture<'a, Result<()>> {
        Box::pin(record(cx, person, Deed::ResetAsked))
    }

    fn remove<'a>(&'a self, cx: &'a mut Context, person: &'a Person) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let delete = Delete { table: TABLE.to_owned(), filter: is(person) };
            cx.run_one(Statement::Delete(delete)).await?;
            record(cx, person, Deed::Deleted).await
        })
    }
}

async fn found(cx: &mut Context, column: &str, text: &str) -> Result<Option<Person>> {
    let lock = cx.writes();
    Ok(people::persons(&cx.run_one(people::person(column, text, lock)).await?).pop())
}

/// That nobody has an address.
async fn free(cx: &mut Context, email: &str) -> Result<()> {
    match found(cx, "email", email).await? {
        Some(_) => Err(Error::flaw("email", FlawKind::Taken)),
        None => Ok(()),
    }
}

/// Somebody who was faster has the address.
fn taken(error: StoreError) -> Error {
    match error {
        StoreError::Unique { .. } => Error::flaw("email", FlawKind::Taken),
        other => other.into(),
    }
}

fn is(person: &Person) -> Cond {
    Cond::is(Expr::column("", "id"), person.id.clone(), Cell::Text)
}

async fn write(cx: &mut Context, person: &Person, set: Vec<(String, Expr)>) -> Result<()> {
    let update = Update { table: TABLE.to_owned(), set, filter: is(person) };
    cx.run_one(Statement::Update(update)).await.map_err(taken)?;
    Ok(())
}

/// The record of a write, under the address.
async fn record(cx: &mut Context, person: &Person, deed: Deed) -> Result<()> {
    let (model, label) = (model_key(), person.email.clone());
    audit::record(cx, &[Entry { model, key: Some(person.id.clone()), label, deed, within: None }]).await
}

/// What somebody's columns hold, of those that can be changed.
fn values(person: &Person) -> [(&'static str, Value, Cell); 7] {
    let moment = person.updated_at.map_or(Value::Null, Value::DateTime);
    [
        ("email", person.email.as_str().into(), Cell::Text),
        ("name", person.name.as_deref().map_or(Value::Null, Value::from), Cell::Text),
        ("roles", Value::Json(json!(person.roles)), Cell::Json),
        ("permissions", Value::Json(json!(person.permissions)), Cell::Json),
        ("is_active", Value::Bool(person.active), Cell::Bool),
        ("is_superuser", Value::Bool(person.superuser), Cell::Bool),
        ("updated_at", moment, Cell::DateTime),
    ]
}

fn differences(before: &Person, after: &Person) -> Vec<Change> {
    let pairs = values(before).into_iter().zip(values(after));
    let differing = pairs.filter(|(before, after)| before.1 != after.1);
    differing.map(|(before, after)| Change { field: before.0.to_owned(), before: before.1, after: after.1 }).collect()
}

/// The new value of a change, as its column spells it.
fn stored(change: &Change) -> Arg {
    let cell = match change.after {
        Value::Bool(_) => Cell::Bool,
        Value::Json(_) => Cell::Json,
        Value::DateTime(_) => Cell::DateTime,
        _ => Cell::Text,
    };
    Arg { value: change.after.clone(), cell }
}

fn inserted(id: &str, new: &NewPerson, now: Timestamp) -> Statement {
    let person = Person {
        id: id.into(),
        email: new.email.clone(),
        name: new.name.clone(),
        roles: new.roles.clone(),
        permissions: new.permissions.clone(),
        active: new.active,
        superuser: new.superuser,
        created_at: Some(now),
        updated_at: Some(now),
        last_login: None,
    };
    let own = [
        ("id", id.into(), Cell::Text),
        ("password_hash", new.encoded.as_str().into(), Cell::Text),
        ("created_at", Value::DateTime(now), Cell::DateTime),
    ];
    let all = own.into_iter().chain(values(&person));
    let values = all.map(|(column, value, cell)| (column.to_owned(), Arg { value, cell })).collect();
    Statement::Insert(Insert { table: TABLE.to_owned(), values, ..Insert::default() })
}
