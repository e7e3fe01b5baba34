//! `migrate`: the tables of accounts, sessions and history, and permissions for every model.

use factotum::accounts::django::grants;
use factotum::store::tables::{self, Outcome, Part};

use crate::Program;
use crate::config::Written;
use crate::config::resolve::{self, Door, litestar};
use crate::ground::{self, Access};
use crate::stop::Stop;

/// Makes what is missing and says what was made.
pub(super) async fn migrate(written: &Written, program: &dyn Program) -> Result<(), Stop> {
    let ground = ground::ground(written, Access::Make).await?;
    let parts = if ground.people_here { &Part::ALL[..] } else { &[Part::Accounts, Part::Sessions] };
    // An empty table of people would let nobody in, so it is made for those who ask for it.
    let own_people = written.litestar.accounts.as_ref().is_some_and(|said| said.text == litestar::USERS);
    let parts: Vec<Part> = parts.iter().copied().filter(|part| *part != Part::AdminUsers || own_people).collect();
    for (name, outcome) in tables::migrate(ground.people.as_ref(), &parts).await? {
        let words = match outcome {
            Outcome::Made => "made",
            Outcome::Found => "was there already",
        };
        anstream::println!("{name}: {words}");
    }
    // What was just made is part of the site, so it is looked at again.
    let ground = ground::ground(written, Access::Write).await?;
    let resolved = resolve::resolve(written, &ground, program)?;
    let models: Vec<_> = resolved.site(Door::Conjure).schema().models().cloned().collect();
    let made = grants::ensure(ground.people.as_ref(), models.iter().map(AsRef::as_ref)).await?;
    anstream::println!("permissions: {made} made");
    Ok(())
}
