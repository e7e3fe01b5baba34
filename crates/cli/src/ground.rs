//! From a configuration to databases that answer.

use std::path::Path;
use std::sync::Arc;

use factotum::store::tables::{self, Part};
use factotum::store::{self, Sqlite, SqliteOptions, Store, StoreError, inspect};

use crate::complaint::{Complaint, Place};
use crate::config::Written;
use crate::config::print::without_password;
use crate::config::reader::Said;
use crate::config::resolve::Ground;
use crate::stop::Stop;

/// Whether a file that is not there is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Refused,
    Made,
}

/// Opens the databases and looks what is there.
pub(crate) async fn ground(written: &Written, missing: Missing) -> Result<Ground, Stop> {
    let Some(url) = &written.database.url else {
        let words = "no database is named: use --database URL, DATABASE_URL, or url under [database]";
        return Err(Stop::Config(vec![Complaint::new("C030", &Place::Nowhere, words)]));
    };
    let store = open(url, missing).await?;
    let people = match &written.accounts.url {
        None => store.clone(),
        Some(url) => {
            // A file of our own beside somebody else's database is made when it is first needed.
            let people = open(url, Missing::Made).await?;
            tables::migrate(people.as_ref(), &[Part::Accounts, Part::Sessions]).await?;
            people
        }
    };
    let facts = inspect::inspect(store.as_ref()).await?;
    Ok(Ground { store, people, people_here: written.accounts.url.is_none(), facts })
}

/// Opens one database and asks whether it answers.
pub(crate) async fn open(url: &Said, missing: Missing) -> Result<Arc<dyn Store>, Stop> {
    let opened = match (url.text.strip_prefix("sqlite:"), missing) {
        (Some(path), Missing::Made) => {
            let path = Path::new(path.strip_prefix("//").unwrap_or(path));
            Sqlite::open(path, SqliteOptions { create: true, ..SqliteOptions::default() })
                .map(|store| store as Arc<dyn Store>)
        }
        _ => store::open(&url.text),
    };
    let store = opened.map_err(|error| unopened(url, error))?;
    store.ping().await.map_err(|error| unopened(url, error))?;
    Ok(store)
}

fn unopened(url: &Said, error: StoreError) -> Stop {
    let masked = without_password(&url.text);
    match error {
        StoreError::Unavailable(words) => Stop::Unreachable(format!("cannot reach the database {masked}: {words}")),
        other => Stop::Config(vec![Complaint::new("C031", &url.place, format!("cannot open '{masked}': {other}"))]),
    }
}

/// Refuses a site whose people live nowhere.
pub(crate) fn people(ground: &Ground) -> Result<(), Stop> {
    if !ground.people_here || ground.has("auth_user") {
        return Ok(());
    }
    let words = "the database has no accounts (no table auth_user): run 'migrate' to make them there, \
                 or name another database for them with url under [accounts]";
    Err(Stop::Config(vec![Complaint::new("C032", &Place::Nowhere, words)]))
}
