//! `init`: a commented factotum.toml from a database, which is only read.

mod text;

use std::io::Write;
use std::path::Path;

use factotum::accounts::random;

use super::say;
use crate::config::Written;
use crate::config::resolve;
use crate::ground::{self, Access};
use crate::stop::{Stop, failed};

const SECRET_LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SECRET_LENGTH: usize = 50;

/// A new secret key.
pub(super) fn secret() -> String {
    random::letters(SECRET_LETTERS, SECRET_LENGTH)
}

/// Writes the file.
pub(super) async fn init(written: &Written, output: &str, force: bool) -> Result<(), Stop> {
    if output != "-" && !force && Path::new(output).exists() {
        return Err(Stop::Failure(format!("'{output}' is there already; --force writes over it")));
    }
    let ground = ground::ground(written, Access::Look).await?;
    let (inference, known) = resolve::infer(&ground.facts, true, &[], &[]);
    let url = written.database.url.as_ref().map_or("", |said| said.text.as_str());
    let page = text::Page { url, secret: &secret(), inference: &inference, known: &known, ground: &ground };
    let text = page.write();
    if output == "-" {
        return say(&text);
    }
    save(output, &text, force).map_err(|error| failed(&format!("cannot write '{output}'"), &error))?;
    let (models, left_out) = (inference.models.len(), inference.left_out.len());
    anstream::eprintln!("Wrote {models} models to {output}; {left_out} tables are left out, each with the reason.");
    anstream::eprintln!("Next: factotum check --config {output} && factotum serve --config {output}");
    Ok(())
}

/// The file holds a secret key, so nobody else may read it.
fn save(output: &str, text: &str, force: bool) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).mode(0o600);
    let options = if force { options.create(true).truncate(true) } else { options.create_new(true) };
    options.open(output)?.write_all(text.as_bytes())
}
