//! From a configuration to databases that answer.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use factotum::store::tables::{self, Part};
use factotum::store::{self, Postgres, PostgresOptions, Sqlite, SqliteOptions, Store, StoreError, inspect};

use crate::Program;
use crate::complaint::{Complaint, Place};
use crate::config::print::without_password;
use crate::config::reader::Said;
use crate::config::resolve::{Ground, People, accounts_of};
use crate::config::{DatabaseSection, Written};
use crate::stop::Stop;

/// What a command does with its databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Looks at what is there; nothing is changed, and nobody signs in.
    Look,
    /// The same for many who ask at once.
    Read,
    /// Reads and writes.
    Write,
    /// The same, and makes a file that is not there.
    Make,
}

/// Opens the databases and looks what is there, after a program has made what it needs.
pub(crate) async fn prepared(written: &Written, program: &dyn Program) -> Result<Ground, Stop> {
    if only_publishes(written)
        && let Ok(ground) = look(written, Access::Read, Some(program)).await
    {
        return Ok(ground);
    }
    // Also for a program that has something to make.
    look(written, Access::Write, Some(program)).await
}

/// Whether nothing is served that writes: a file then stays as it is, down to how it keeps its journal.
fn only_publishes(written: &Written) -> bool {
    let is_open = |said: Option<bool>| said.unwrap_or(true);
    ![written.conjure.enabled, written.django_admin.enabled, written.litestar.enabled].into_iter().any(is_open)
}

/// Opens the databases and looks what is there.
pub(crate) async fn ground(written: &Written, access: Access) -> Result<Ground, Stop> {
    look(written, access, None).await
}

async fn look(written: &Written, access: Access, program: Option<&dyn Program>) -> Result<Ground, Stop> {
    let Some(url) = &written.database.url else {
        let words = "no database is named: use --database URL, DATABASE_URL, or url under [database]";
        return Err(Stop::Config(vec![Complaint::new("C030", &Place::Nowhere, words)]));
    };
    let store = open(url, access, &written.database).await?;
    let people = match &written.accounts.url {
        Some(url) if !matches!(access, Access::Look | Access::Read) => {
            // A file of our own beside somebody else's database is made when it is first needed.
            let people = open(url, Access::Make, &written.database).await?;
            tables::migrate(people.as_ref(), &[Part::Accounts, Part::Sessions]).await?;
            people
        }
        _ => store.clone(),
    };
    if let Some(program) = program {
        let failed = |error| Stop::Failure(format!("the database could not be prepared: {error}"));
        program.prepare(&store).await.map_err(failed)?;
    }
    let facts = inspect::inspect(store.as_ref()).await?;
    Ok(Ground { store, people, people_here: written.accounts.url.is_none(), facts })
}

/// Opens one database and asks whether it answers.
async fn open(url: &Said, access: Access, said: &DatabaseSection) -> Result<Arc<dyn Store>, Stop> {
    let opened = match url.text.strip_prefix("sqlite:") {
        Some(path) => {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            Sqlite::open(path, of_file(access, said)).map(|store| store as Arc<dyn Store>)
        }
        None if url.text.starts_with("postgres") => {
            Postgres::connect(&url.text, of_server(said)).map(|store| store as Arc<dyn Store>)
        }
        None => store::open(&url.text),
    };
    let store = opened.map_err(|error| unopened(url, error))?;
    store.ping().await.map_err(|error| unopened(url, error))?;
    Ok(store)
}

fn of_file(access: Access, said: &DatabaseSection) -> SqliteOptions {
    let usual = SqliteOptions::default();
    SqliteOptions {
        create: access == Access::Make,
        look: matches!(access, Access::Look | Access::Read),
        // A command that only looks asks one question after the other.
        readers: if access == Access::Look {
            Some(1)
        } else {
            said.connections.and_then(|number| usize::try_from(number).ok())
        },
        batch_limit: said.statement_timeout_ms.map_or(usual.batch_limit, Duration::from_millis),
        write_wait: said.busy_timeout_ms.map_or(usual.write_wait, Duration::from_millis),
    }
}

fn of_server(said: &DatabaseSection) -> PostgresOptions {
    let usual = PostgresOptions::default();
    PostgresOptions {
        connections: said
            .connections
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(usual.connections)
            .max(1),
        statement_limit: said.statement_timeout_ms.map_or(usual.statement_limit, Duration::from_millis),
        lock_limit: said.busy_timeout_ms.map_or(usual.lock_limit, Duration::from_millis),
        ..usual
    }
}

fn unopened(url: &Said, error: StoreError) -> Stop {
    let masked = without_password(&url.text);
    match error {
        StoreError::Unavailable(words) => Stop::Unreachable(format!("cannot reach the database {masked}: {words}")),
        other => Stop::Config(vec![Complaint::new("C031", &url.place, format!("cannot open '{masked}': {other}"))]),
    }
}

/// Whether any contract that is served asks Django's tables who people are.
fn needs_django(written: &Written, ground: &Ground) -> bool {
    let is_open = |said: Option<bool>| said.unwrap_or(true);
    let litestar = is_open(written.litestar.enabled) && accounts_of(written, ground) == People::Django;
    is_open(written.conjure.enabled) || is_open(written.django_admin.enabled) || litestar
}

/// Refuses a site whose people live nowhere.
pub(crate) fn people(written: &Written, ground: &Ground) -> Result<(), Stop> {
    if !ground.people_here || ground.has("auth_user") || !needs_django(written, ground) {
        return Ok(());
    }
    let words = "the database has no accounts (no table auth_user): run 'migrate' to make them there, \
                 or name another database for them with url under [accounts]";
    Err(Stop::Config(vec![Complaint::new("C032", &Place::Nowhere, words)]))
}
