//! `search`: makes what serves the declared searches, looks at it, takes it away.

mod feed;

use factotum::Site;
use factotum::search::{self, Made, SearchIndex, Standing};
use factotum::store::Dialect;

use super::say;
use crate::Program;
use crate::cli::Search;
use crate::complaint::{Complaint, Place, suggestion};
use crate::config::Written;
use crate::config::resolve::{self, Resolved};
use crate::ground::{self, Access};
use crate::stop::Stop;

/// Does what the command says with the searches that are named; with all, if none is.
pub(super) async fn search(command: &Search, written: &Written, program: &dyn Program) -> Result<(), Stop> {
    let looks = matches!(command, Search::Status { .. } | Search::Feed { dry_run: true, .. });
    let access = if looks { Access::Look } else { Access::Write };
    let ground = ground::ground(written, access).await?;
    let resolved = resolve::resolve(written, &ground, program)?;
    let mut text = String::new();
    let named = !command.names().is_empty();
    for (site, index) in chosen(&resolved, command.names())? {
        let told = match command {
            Search::Feed { .. } if index.feed.is_none() && !named => continue,
            Search::Feed { dry_run, at, .. } => feed::feed(site, index, *dry_run, *at).await?,
            Search::Rebuild { triggers, .. } => {
                made(index, site.store().dialect(), search::rebuild(site, index, *triggers).await?)
            }
            Search::Status { .. } => told(site.store().dialect(), search::standing(site, index).await?),
            Search::Remove { .. } => {
                search::remove(site, index).await?;
                "removed".to_owned()
            }
        };
        text.push_str(&format!("{}: {told}\n", index.name));
    }
    say(if text.is_empty() { nothing(command) } else { &text })
}

/// What is said where there is nothing to do.
fn nothing(command: &Search) -> &'static str {
    match command {
        Search::Feed { .. } => "no search has a feed: see [search.NAME.feed] in docs/configuration.md\n",
        _ => "no search is declared: see [search.NAME] in docs/configuration.md\n",
    }
}

/// Each search once, on the first site that has it.
pub(super) fn searches(resolved: &Resolved) -> Vec<(&Site, &SearchIndex)> {
    let mut all: Vec<(&Site, &SearchIndex)> = Vec::new();
    for site in resolved.contracts.iter().map(|mounted| &mounted.site) {
        for index in site.searches() {
            if !all.iter().any(|(_, known)| known.name == index.name) {
                all.push((site, index));
            }
        }
    }
    all
}

fn chosen<'r>(resolved: &'r Resolved, names: &[String]) -> Result<Vec<(&'r Site, &'r SearchIndex)>, Stop> {
    let all = searches(resolved);
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        let found = all.iter().find(|(_, index)| index.name == *name).copied();
        found.ok_or_else(|| {
            let near = suggestion(name, all.iter().map(|(_, index)| index.name.as_str()));
            Complaint::new("C015", &Place::Nowhere, format!("there is no search '{name}'{near}"))
        })
    };
    names.iter().map(find).collect::<Result<_, Complaint>>().map_err(|complaint| Stop::Config(vec![complaint]))
}

/// What was made, in a few words.
fn made(index: &SearchIndex, dialect: Dialect, made: Made) -> String {
    let mut words = Vec::new();
    if made.extension {
        words.push("extension pg_trgm created".to_owned());
    }
    match (made.index, dialect) {
        (true, _) => words.push(format!("index {} made", index.table())),
        (false, Dialect::Postgres) => {
            words.push("no index can hold texts of other tables: every row is read".to_owned())
        }
        (false, Dialect::Sqlite) => {
            words.push("rows without whole numbers for keys have no index: every row is read".to_owned())
        }
    }
    if made.alike > 0 {
        words.push(format!("{} for likeness", made.alike));
    }
    if made.triggers {
        words.push("triggers keep it in step".to_owned());
    }
    if index.feed.is_some() {
        words.push(format!("its rows are those that 'search feed {}' last made", index.name));
    }
    words.join(", ")
}

/// How things stand, in a few words.
fn told(dialect: Dialect, standing: Standing) -> String {
    let mut words = Vec::new();
    let kept = if standing.triggers { "kept in step" } else { "no triggers" };
    words.push(match (standing.indexed, standing.stale) {
        (true, 0) => format!("indexed, in step ({kept})"),
        (true, stale) => format!("indexed, out of step in {stale} rows ({kept}): run 'search rebuild'"),
        (false, _) if standing.indexable => "not indexed, every row is read: run 'search rebuild'".to_owned(),
        (false, _) => "cannot be indexed, every row is read".to_owned(),
    });
    if dialect == Dialect::Postgres && !standing.measures {
        words.push(UNMEASURED.to_owned());
    }
    words.join("; ")
}

/// What is said where PostgreSQL cannot say how alike two texts are.
const UNMEASURED: &str = "the database has no extension pg_trgm, so rows that are only like the question are not found: \
    run CREATE EXTENSION pg_trgm, or 'search rebuild'";

/// What is wrong with what serves the searches, for `check` and for the start.
pub(super) async fn complaints(written: &Written, resolved: &Resolved) -> Result<Vec<Complaint>, Stop> {
    let mut complaints = Vec::new();
    for (site, index) in searches(resolved) {
        let wanted = index.alike.is_some() && site.store().dialect() == Dialect::Postgres;
        if wanted && !search::standing(site, index).await?.measures {
            let place = written.searches.iter().find(|said| said.name == index.name).map(|said| said.place.clone());
            let words = format!("search {}: {UNMEASURED}", index.name);
            complaints.push(Complaint::new("C042", &place.unwrap_or_default(), words));
        }
    }
    Ok(complaints)
}

/// Searches that read every row, and indexes that are out of step: advice, not complaints.
pub(super) async fn advice(resolved: &Resolved) -> Result<String, Stop> {
    let mut text = String::new();
    for (site, index) in searches(resolved) {
        let standing = search::standing(site, index).await?;
        if !standing.indexed || standing.stale > 0 {
            text.push_str(&format!("  {}: {}\n", index.name, told(Dialect::Sqlite, standing)));
        }
    }
    Ok(if text.is_empty() { text } else { format!("searches:\n{text}") })
}
