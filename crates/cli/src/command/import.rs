//! `import`: rows of a CSV file, each made as a form would make it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use factotum::accounts::django::DjangoAccounts;
use factotum::form::{self, Payload};
use factotum::model::{Field, FieldKind};
use factotum::ops::{self, Keep, Refusal};
use factotum::transfer::formula::meant;
use factotum::transfer::{BadFile, Examined, Source, examine};
use factotum::{Model, Origin, Principal, Raw, Resource, Site};
use indicatif::ProgressBar;

use super::transfer::{bar, field, operator, reason, resource, rows, title};
use super::written;
use crate::Program;
use crate::cli::Import;
use crate::complaint::suggestion;
use crate::config::resolve::{self, Door};
use crate::ground::{self, Access};
use crate::stop::{Stop, failed};

/// So many refused rows are told one by one.
const MOST_TOLD: u64 = 100;

/// Makes the rows.
pub(super) async fn import(wanted: &Import, program: &dyn Program) -> Result<(), Stop> {
    let file = examined(wanted).await?;
    let written = written(&wanted.common.flags(), program)?;
    let ground = ground::ground(&written, Access::Write).await?;
    let resolved = resolve::resolve(&written, &ground, program)?;
    let site = resolved.site(Door::Conjure);
    let resource = resource(site, &wanted.model)?;
    let who = match &wanted.user {
        Some(name) => person(&resolve::accounts(&written, &ground), site, name).await?,
        None => operator(),
    };
    let aims = aims(wanted, resource, &who, &file)?;
    let keep = match (wanted.dry_run, wanted.all_or_nothing) {
        (true, _) => Keep::Nothing,
        (false, true) => Keep::All,
        (false, false) => Keep::Good,
    };
    let import = ops::import(site, &who, &Origin::default(), &resource.model.key, keep).await?;
    let bar = bar(file.rows, false);
    let mut work = Work { import, aims, model: &resource.model, raw: wanted.raw, bar, told: 0 };
    let done = work.run(file).await;
    work.bar.finish_and_clear();
    done?;
    verdict(keep, work.import.made(), work.import.refused())
}

/// Looks through the file before anything is opened: one that is bad anywhere changes nothing.
async fn examined(wanted: &Import) -> Result<Examined, Stop> {
    let (name, delimiter) = (wanted.file.clone(), wanted.delimiter);
    let look = move || {
        let source = if name == "-" { Source::of(io::stdin().lock())? } else { Source::Disk(Path::new(&name).into()) };
        examine(source, delimiter, |_, _| false)
    };
    let looked = tokio::task::spawn_blocking(look).await;
    let looked = looked.map_err(|error| Stop::Failure(error.to_string()))?;
    looked.map_err(|error| match error {
        BadFile::Unreadable(error) => failed(&format!("cannot read {}", wanted.file), &error),
        bad => Stop::Failure(format!("{}: {bad}; nothing was imported", wanted.file)),
    })
}

/// Whose doing it is.
async fn person(accounts: &DjangoAccounts, site: &Site, name: &str) -> Result<Arc<Principal>, Stop> {
    let listed = accounts.user_list().await?.into_iter().find(|person| person.username == name);
    let missing = || Stop::Failure(format!("there is no user '{name}'"));
    let who = site.accounts().load(&listed.ok_or_else(missing)?.id).await?.ok_or_else(missing)?;
    if who.active { Ok(who) } else { Err(Stop::Failure(format!("{name} is inactive"))) }
}

/// What a column of the file fills.
struct Aim {
    field: String,
    /// Whether its text is a list of keys.
    many: bool,
}

/// What each column of the file fills; none where it is left out.
fn aims(wanted: &Import, resource: &Resource, who: &Principal, file: &Examined) -> Result<Vec<Option<Aim>>, Stop> {
    let mut map = Vec::new();
    for said in &wanted.map {
        let Some((column, name)) = said.rsplit_once('=') else {
            return Err(Stop::Usage(format!("--map {said} is not of the form CSV=FIELD")));
        };
        if !file.headers.iter().any(|header| header == column) {
            let near = suggestion(column, file.headers.iter().map(String::as_str));
            return Err(Stop::Usage(format!("{} has no column '{column}'{near}", wanted.file)));
        }
        map.push((column, name));
    }
    let model = &resource.model;
    let open: Vec<&str> =
        form::writable(resource, who, None).into_iter().map(|at| model.fields[at].name.as_str()).collect();
    let (mut aims, mut passed): (Vec<Option<Aim>>, Vec<&str>) = (Vec::new(), Vec::new());
    for header in &file.headers {
        let said = map.iter().find(|(column, _)| column == header).map(|(_, name)| *name);
        let name = said.unwrap_or(header.trim());
        if said == Some("") {
            aims.push(None);
            continue;
        }
        let Some(found) = field(resource, name) else {
            let near = suggestion(name, model.fields.iter().map(title));
            let words = format!(
                "{} has no field '{name}'{near}; --map '{header}=FIELD' names one, --map '{header}=' leaves the column out",
                model.key
            );
            return Err(Stop::Usage(words));
        };
        if !open.contains(&found.name.as_str()) {
            passed.push(header);
            aims.push(None);
            continue;
        }
        aims.push(Some(aim(found)));
    }
    twice(&aims, model)?;
    if !passed.is_empty() {
        anstream::eprintln!("Left out, since no form may set it: {}", passed.join(", "));
    }
    Ok(aims)
}

fn aim(field: &Field) -> Aim {
    Aim { field: field.name.clone(), many: matches!(field.kind, FieldKind::Many { .. }) }
}

/// Refuses two columns that fill one field.
fn twice(aims: &[Option<Aim>], model: &Model) -> Result<(), Stop> {
    let mut names: Vec<&str> = aims.iter().flatten().map(|aim| aim.field.as_str()).collect();
    if names.is_empty() {
        return Err(Stop::Usage(format!("no column of the file fills a field of {}", model.key)));
    }
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Stop::Usage(format!("two columns of the file fill '{}'", pair[0]))),
        None => Ok(()),
    }
}

/// An import on its way.
struct Work<'m> {
    import: ops::Import,
    aims: Vec<Option<Aim>>,
    model: &'m Model,
    raw: bool,
    bar: ProgressBar,
    told: u64,
}

impl Work<'_> {
    async fn run(&mut self, file: Examined) -> Result<(), Stop> {
        let (name, mut number) = ("the file", 1);
        let mut rows = file.rows();
        while let Some(some) = rows.recv().await {
            for row in some.map_err(|bad| Stop::Failure(format!("{name} changed meanwhile: {bad}")))? {
                number += 1;
                let payload = self.payload(row);
                let refusals = self.import.add(number, payload).await.map_err(|error| self.stopped(error))?;
                self.tell(&refusals);
                self.bar.inc(1);
            }
        }
        let refusals = self.import.finish().await.map_err(|error| self.stopped(error))?;
        self.tell(&refusals);
        Ok(())
    }

    /// A row of the file as a form. What is empty was not said.
    fn payload(&self, row: Vec<String>) -> Payload {
        let mut payload = Payload::default();
        for (aim, text) in self.aims.iter().zip(row) {
            let Some(aim) = aim.as_ref().filter(|_| !text.trim().is_empty()) else { continue };
            let text = if self.raw { text } else { meant(&text).to_owned() };
            let raw = if aim.many {
                Raw::Texts(text.split(',').map(|key| key.trim().to_owned()).collect())
            } else {
                Raw::Text(text)
            };
            payload.fields.insert(aim.field.clone(), raw);
        }
        payload
    }

    fn tell(&mut self, refusals: &[Refusal]) {
        for refusal in refusals {
            self.told += 1;
            if self.told <= MOST_TOLD {
                let words = format!("row {}: {}", refusal.number, reason(self.model, &refusal.error));
                self.bar.suspend(|| anstream::eprintln!("{words}"));
            }
        }
    }

    fn stopped(&self, error: factotum::Error) -> Stop {
        match error {
            factotum::Error::Unavailable => {
                Stop::Unreachable(format!("the database went away after {} were made", rows(self.import.made())))
            }
            other => other.into(),
        }
    }
}

/// What came of it.
fn verdict(keep: Keep, made: u64, refused: u64) -> Result<(), Stop> {
    let hidden = refused.saturating_sub(MOST_TOLD);
    if hidden > 0 {
        anstream::eprintln!("and {hidden} more");
    }
    let (made, all) = (rows(made), rows(made + refused));
    match (keep, refused) {
        (Keep::Nothing, 0) => anstream::eprintln!("{made} can be imported; nothing was changed"),
        (_, 0) => anstream::eprintln!("Imported {made}"),
        (Keep::Nothing, _) => {
            return Err(Stop::Failure(format!("{refused} of {all} would be refused; nothing was changed")));
        }
        (Keep::All, _) => return Err(Stop::Failure(format!("{refused} of {all} refused; nothing was imported"))),
        (Keep::Good, _) => return Err(Stop::Failure(format!("imported {made}, refused {refused}"))),
    }
    Ok(())
}
