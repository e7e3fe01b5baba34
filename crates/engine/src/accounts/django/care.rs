//! Looking after these people where groups stand for roles: what can be said of Django's users in those words. Each is
//! a row of `auth_user`; roles are memberships in groups, and a superuser has the greatest one besides.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::DjangoAccounts;
use super::people::{self, Whose};
use super::persons;
use crate::accounts::password::{Verdict, unusable};
use crate::audit::{self, Change, Deed, Entry};
use crate::context::{self, Context};
use crate::error::{Error, Missing, Result};
use crate::model::{Flaw, FlawKind, ModelKey};
use crate::principal::{Accounts, Extent, NewPerson, Newcomer, People, Person, PersonChange, Principal, Sought, Way};
use crate::store::statement::{Arg, Cond, Delete, Expr, Insert, Statement, Update};
use crate::store::{Answer, Cell, Mode, StoreError};
use crate::value::Value;

/// The most characters of a first or last name, of a user name and of an address.
const LONGEST_NAME: u32 = 150;
const LONGEST_ADDRESS: u32 = 254;

impl People for DjangoAccounts {
    fn extent(&self) -> Extent {
        let mut roles: Vec<String> = self.mapping().values().cloned().collect();
        roles.sort();
        roles.dedup();
        Extent { removes: false, permissions: false, roles: Some(roles) }
    }

    fn page<'a>(&'a self, cx: &'a mut Context, sought: &'a Sought) -> BoxFuture<'a, Result<(Vec<Person>, u64)>> {
        Box::pin(async move {
            let texts = [&sought.email, &sought.role];
            if texts.into_iter().flatten().any(|text| text.contains('\0')) {
                return Ok((Vec::new(), 0));
            }
            let answers = cx.run(persons::page(sought, self.mapping())).await?;
            let total = answers.get(1).and_then(|answer| answer.rows.first()?.first()?.as_int());
            let rows = answers.into_iter().next().unwrap_or_default().rows;
            Ok((self.persons(cx, rows).await?, total.unwrap_or_default().unsigned_abs()))
        })
    }

    fn find<'a>(&'a self, cx: &'a mut Context, id: &'a Value) -> BoxFuture<'a, Result<Option<Person>>> {
        Box::pin(async move {
            let Value::Int(id) = id else { return Ok(None) };
            let question = persons::of_key(*id, cx.writes());
            let rows = cx.run_one(question).await?.rows;
            Ok(self.persons(cx, rows).await?.pop())
        })
    }

    fn knows<'a>(&'a self, id: &'a Value, password: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Value::Int(id) = id else { return Ok(false) };
            let Some(account) = self.account(Whose::Id(*id)).await? else { return Ok(false) };
            Ok(self.hasher.verify(password, &account.password).await != Verdict::Wrong)
        })
    }

    fn add<'a>(&'a self, cx: &'a mut Context, new: NewPerson) -> BoxFuture<'a, Result<Person>> {
        Box::pin(async move {
            lengths(&new.email, LONGEST_NAME, new.name.as_deref())?;
            free(cx, &new.email, None).await?;
            let answer = cx.run_one(inserted(&new, context::now())).await.map_err(taken)?;
            let id = answer.rows.into_iter().flatten().next().unwrap_or(Value::Null);
            self.join(cx, &id, &[], &new.roles).await?;
            let person = People::find(self, cx, &id).await?.ok_or(Error::NotFound(Missing::Row))?;
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
            let after = change.applied(person);
            lengths(&after.email, LONGEST_ADDRESS, after.name.as_deref())?;
            if after.email != person.email {
                free(cx, &after.email, Some(&person.id)).await?;
            }
            let changes = differences(person, &after);
            write(cx, person, &changes).await?;
            self.join(cx, &person.id, &person.roles, &after.roles).await?;
            record(cx, &after, Deed::Changed(changes)).await?;
            People::find(self, cx, &person.id).await?.ok_or(Error::NotFound(Missing::Row))
        })
    }

    fn switch<'a>(&'a self, cx: &'a mut Context, person: &'a Person, on: bool) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let changes = differences(person, &Person { active: on, ..person.clone() });
            if !changes.is_empty() {
                write(cx, person, &changes).await?;
                record(cx, person, Deed::Changed(changes)).await?;
            }
            Ok(person.active != on)
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
            cx.run_one(people::set_password(&person.id, encoded, None)).await?;
            record(cx, person, way.deed()).await
        })
    }

    fn note_reset<'a>(&'a self, cx: &'a mut Context, person: &'a Person) -> BoxFuture<'a, Result<()>> {
        Box::pin(record(cx, person, Deed::ResetAsked))
    }

    fn remove<'a>(&'a self, _cx: &'a mut Context, _person: &'a Person) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Err(Error::internal("users of Django's tables are not removed here")) })
    }
}

impl DjangoAccounts {
    /// The role of each group.
    pub(super) fn mapping(&self) -> &HashMap<String, String> {
        static NONE: std::sync::LazyLock<HashMap<String, String>> = std::sync::LazyLock::new(HashMap::new);
        self.roles.as_ref().unwrap_or(&NONE)
    }

    /// People as their rows tell, with their roles and permissions: three questions for all of them.
    async fn persons(&self, cx: &mut Context, rows: Vec<Vec<Value>>) -> Result<Vec<Person>> {
        let mut persons: Vec<Person> = rows.iter().map(|row| persons::of_row(row)).collect();
        if persons.is_empty() {
            return Ok(persons);
        }
        let keys: Vec<Value> = persons.iter().map(|person| person.id.clone()).collect();
        let answers = cx.run(persons::belongings(&keys)).await?;
        for person in &mut persons {
            persons::settle(person, &answers, self.mapping());
        }
        Ok(persons)
    }

    /// Makes somebody's roles others.
    async fn join(&self, cx: &mut Context, id: &Value, before: &[String], after: &[String]) -> Result<()> {
        let joined = self.joined(before, after);
        if !joined.is_empty() {
            are_there(&joined, &cx.run_one(persons::names(&joined)).await?)?;
        }
        let batch = self.moves(id, before, after);
        if !batch.is_empty() {
            cx.run(batch).await?;
        }
        Ok(())
    }

    /// The groups that somebody joins for roles that are new: one for each.
    fn joined(&self, before: &[String], after: &[String]) -> Vec<&str> {
        let new = after.iter().filter(|role| !before.contains(role));
        new.filter_map(|role| persons::groups_of(role, self.mapping()).into_iter().next()).collect()
    }

    /// What makes somebody's roles others: they leave the groups that stand for former ones, and join those for new
    /// ones.
    fn moves(&self, id: &Value, before: &[String], after: &[String]) -> Vec<Statement> {
        let left = before.iter().filter(|role| !after.contains(role));
        let left: Vec<&str> = left.flat_map(|role| persons::groups_of(role, self.mapping())).collect();
        let leaves = (!left.is_empty()).then(|| leave(id, &left));
        leaves.into_iter().chain(self.joined(before, after).into_iter().map(|group| join(id, group))).collect()
    }
}

/// That Django has all of these groups.
fn are_there(groups: &[&str], answer: &Answer) -> Result<()> {
    let found: Vec<&str> = answer.rows.iter().flatten().filter_map(Value::as_text).collect();
    match groups.iter().find(|group| !found.contains(*group)) {
        Some(group) => Err(Error::flaw("roles", Flaw::custom(format!("There is no group '{group}'.")))),
        None => Ok(()),
    }
}

/// Takes somebody out of groups.
fn leave(id: &Value, groups: &[&str]) -> Statement {
    let own = Cond::is(Expr::column("", "user_id"), id.clone(), Cell::Int);
    let of_group = Cond::InSelect(Expr::column("", "group_id"), Box::new(persons::keys_of(groups)));
    Statement::Delete(Delete { table: "auth_user_groups".to_owned(), filter: own.and(of_group) })
}

/// Puts somebody into a group.
fn join(id: &Value, group: &str) -> Statement {
    let values = vec![("user_id".to_owned(), Arg { value: id.clone(), cell: Cell::Int })];
    let asked = vec![("group_id".to_owned(), persons::keys_of(&[group]))];
    Statement::Insert(Insert {
        table: "auth_user_groups".to_owned(),
        values,
        asked,
        or_ignore: true,
        ..Insert::default()
    })
}

/// That nobody else has an address.
async fn free(cx: &mut Context, email: &str, but: Option<&Value>) -> Result<()> {
    let rows = cx.run_one(persons::of_address(email)).await?.rows;
    match rows.iter().any(|row| row.first() != but) {
        true => Err(Error::flaw("email", FlawKind::Taken)),
        false => Ok(()),
    }
}

/// Somebody has the address for a user name.
fn taken(error: StoreError) -> Error {
    match error {
        StoreError::Unique { .. } => Error::flaw("email", FlawKind::Taken),
        other => other.into(),
    }
}

/// That there is room for an address and a name: a new user has the address for a user name, too.
fn lengths(email: &str, longest: u32, name: Option<&str>) -> Result<()> {
    let (first, last) = people::parted(name.unwrap_or_default());
    for (field, text, max) in [("email", email, longest), ("name", first, LONGEST_NAME), ("name", last, LONGEST_NAME)] {
        let length = text.chars().count();
        if length > max as usize {
            return Err(Error::flaw(field, FlawKind::TooLong { max, length }));
        }
    }
    Ok(())
}

/// What somebody's columns hold, of those that can be changed.
fn values(person: &Person) -> [(&'static str, Value); 5] {
    let (first, last) = people::parted(person.name.as_deref().unwrap_or_default());
    [
        ("first_name", first.into()),
        ("last_name", last.into()),
        ("email", person.email.as_str().into()),
        ("is_active", Value::Bool(person.active)),
        ("is_superuser", Value::Bool(person.superuser)),
    ]
}

fn differences(before: &Person, after: &Person) -> Vec<Change> {
    // A name that is not changed stays in its parts, however Django divides it.
    let is_kept = |column: &str| column.ends_with("_name") && before.name == after.name;
    let pairs = values(before).into_iter().zip(values(after));
    let differing = pairs.filter(|(before, after)| before.1 != after.1 && !is_kept(before.0));
    differing.map(|(before, after)| Change { field: before.0.to_owned(), before: before.1, after: after.1 }).collect()
}

async fn write(cx: &mut Context, person: &Person, changes: &[Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let cell = |value: &Value| if matches!(value, Value::Bool(_)) { Cell::Bool } else { Cell::Text };
    let set = |change: &Change| (change.field.clone(), Expr::arg(change.after.clone(), cell(&change.after)));
    let filter = Cond::is(Expr::column("", "id"), person.id.clone(), Cell::Int);
    let update = Update { table: "auth_user".to_owned(), set: changes.iter().map(set).collect(), filter };
    cx.run_one(Statement::Update(update)).await?;
    Ok(())
}

/// The record of a write to a user, as of any row of that model.
async fn record(cx: &mut Context, person: &Person, deed: Deed) -> Result<()> {
    let model = ModelKey::new("auth", "User");
    audit::record(cx, &[Entry { model, key: Some(person.id.clone()), label: person.email.clone(), deed, within: None }])
        .await
}

/// A new user, with the address for a user name too: whoever is made here is to sign in here, which takes one of the staff.
fn inserted(new: &NewPerson, now: Timestamp) -> Statement {
    let (first, last) = people::parted(new.name.as_deref().unwrap_or_default());
    let text = |text: &str| (Value::from(text), Cell::Text);
    let truth = |truth: bool| (Value::Bool(truth), Cell::Bool);
    let values = [
        ("password", text(&new.encoded)),
        ("is_superuser", truth(new.superuser)),
        ("username", text(&new.email)),
        ("first_name", text(first)),
        ("last_name", text(last)),
        ("email", text(&new.email)),
        ("is_staff", truth(true)),
        ("is_active", truth(new.active)),
        ("date_joined", (Value::DateTime(now), Cell::DateTime)),
    ];
    let values = values.map(|(column, (value, cell))| (column.to_owned(), Arg { value, cell })).to_vec();
    let returning = Some(("id".to_owned(), Cell::Int));
    Statement::Insert(Insert { table: "auth_user".to_owned(), values, returning, ..Insert::default() })
}

impl DjangoAccounts {
    /// Makes a user without a password, whom another site has verified.
    pub(super) async fn enrol_user(&self, new: Newcomer<'_>) -> Result<Arc<Principal>> {
        let person = NewPerson {
            email: new.email.to_owned(),
            encoded: unusable(),
            name: new.name.map(str::to_owned),
            active: true,
            ..NewPerson::default()
        };
        lengths(&person.email, LONGEST_NAME, person.name.as_deref())?;
        let mut session = self.store.begin(Mode::Write).await?;
        let answers = session.run(vec![inserted(&person, context::now())]).await.map_err(taken)?;
        let id = answers.into_iter().flat_map(|answer| answer.rows).flatten().next().unwrap_or(Value::Null);
        let joined = self.joined(&[], new.roles);
        if !joined.is_empty() {
            let found = session.run(vec![persons::names(&joined)]).await?;
            are_there(&joined, &found.into_iter().next().unwrap_or_default())?;
            session.run(self.moves(&id, &[], new.roles)).await?;
        }
        session.commit().await?;
        self.load(&id).await?.ok_or(Error::NotFound(Missing::Row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: Option<&str>) -> Person {
        Person {
            id: Value::Int(1),
            email: "a@a.example".to_owned(),
            name: name.map(str::to_owned),
            roles: Vec::new(),
            permissions: Vec::new(),
            active: true,
            superuser: false,
            created_at: None,
            updated_at: None,
            last_login: None,
        }
    }

    #[test]
    fn only_what_differs_is_written() {
        let names = |before: Option<&str>, after: Option<&str>| {
            differences(&person(before), &person(after)).into_iter().map(|change| change.field).collect::<Vec<_>>()
        };
        assert_eq!(names(Some("Ann Lee"), Some("Ann Lee")), Vec::<String>::new());
        assert_eq!(names(Some("Ann Lee"), Some("Ann van der Lee")), ["last_name"]);
        assert_eq!(names(None, Some("Ann")), ["first_name"]);
    }

    #[test]
    fn there_is_room_for_so_much() {
        assert!(lengths(&"a".repeat(254), LONGEST_ADDRESS, None).is_ok());
        assert!(lengths(&"a".repeat(151), LONGEST_NAME, None).is_err());
        assert!(lengths("a", LONGEST_NAME, Some(&format!("{} b", "a".repeat(151)))).is_err());
    }
}
