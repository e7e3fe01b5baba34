//! `demo`: the shop with its data in a file of its own; needs nothing.

use std::path::{Path, PathBuf};

use factotum::store::{Sqlite, SqliteOptions, Store};

use super::{init, serve};
use crate::config;
use crate::config::resolve;
use crate::ground;
use crate::stop::{Stop, failed};
use crate::{Program, log, server};

const SHOP: &str = include_str!("../../../../examples/shop/factotum.toml");
const SEED: &str = include_str!("../../../../examples/shop/seed/shop.sqlite.sql");
/// The password of everybody in the seed.
const PASSWORD: &str = "correct-horse-9";

/// Makes the shop and serves it.
pub(super) async fn demo(listen: &str, keep: Option<PathBuf>, program: &dyn Program) -> Result<(), Stop> {
    let listener = server::listen(listen).await?;
    let kept = keep.is_some();
    let folder = std::env::temp_dir().join(format!("factotum-demo-{}", std::process::id()));
    let file = keep.unwrap_or_else(|| folder.join("shop.sqlite3"));
    let outcome = shop(listener, &file, program).await;
    if !kept {
        // A folder of ours that cannot be removed does no harm.
        let _ = std::fs::remove_dir_all(&folder);
    }
    outcome
}

async fn shop(listener: tokio::net::TcpListener, file: &Path, program: &dyn Program) -> Result<(), Stop> {
    if !file.exists() {
        make(file).await?;
    }
    let url = format!("sqlite:{}", file.display());
    // The file is that of the reference site; a new site has other defaults.
    let own = format!(
        "[site]\nsecret_key = \"{}\"\n[contracts.conjure]\nlanguage = \"en\"\nallowed_actions = true\n",
        init::secret()
    );
    let written = config::read_text(SHOP, &own, &url)?;
    let ground = ground::prepared(&written, program).await?;
    let resolved = resolve::resolve(&written, &ground, program)?;
    if let Ok(address) = listener.local_addr() {
        let addresses: Vec<String> =
            resolved.contracts.iter().map(|mounted| format!("http://{address}{}/", mounted.mount)).collect();
        anstream::println!(
            "The shop is open at {}\n  sign in as  root  with the password  {PASSWORD}\n  \
             database    {}\n  try         curl http://{address}/conjure/config/\nCtrl-C ends it.",
            addresses.join(" and "),
            file.display()
        );
    }
    log::start();
    serve::run(&written, resolved, listener).await
}

/// Makes the file with the tables and rows of the shop.
async fn make(file: &Path) -> Result<(), Stop> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| failed(&format!("cannot make {}", folder.display()), &error))?;
    }
    let store = Sqlite::open(file, SqliteOptions { create: true, ..SqliteOptions::default() })?;
    Ok(store.script(&script()).await?)
}

/// The seed without its frame, since a script is one transaction already, and with all tables before the first row,
/// since rows point to tables that come later.
fn script() -> String {
    let frame = ["PRAGMA", "BEGIN", "COMMIT"];
    let lines = SEED.split_inclusive('\n').filter(|line| !frame.iter().any(|word| line.starts_with(word)));
    let (tables, rest): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("CREATE TAB"));
    tables.concat() + &rest.concat()
}
