//! `schema`: the schema of all models as JSON, as Conjure's dump command writes it.

use std::path::PathBuf;

use factotum::contract::conjure;
use serde::Serialize;
use serde_json::Value as Json;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::say;
use crate::Program;
use crate::config::Written;
use crate::config::resolve::{self, Door};
use crate::ground::{self, Access};
use crate::stop::{Stop, failed};

/// Prints the schema, or writes it to a file.
pub(super) async fn schema(
    written: &Written,
    output: Option<PathBuf>,
    indent: usize,
    program: &dyn Program,
) -> Result<(), Stop> {
    let ground = ground::ground(written, Access::Look).await?;
    let resolved = resolve::resolve(written, &ground, program)?;
    let document = conjure::dump(resolved.site(Door::Conjure));
    let count = document.as_object().map_or(0, serde_json::Map::len);
    put(&document, output, indent, &format!("{count} models")).await
}

/// Prints a document, or writes it to a file and says how much is in it.
pub(super) async fn put(document: &Json, output: Option<PathBuf>, indent: usize, what: &str) -> Result<(), Stop> {
    let text = print(document, indent);
    let Some(file) = output else { return say(&text) };
    tokio::fs::write(&file, text).await.map_err(|error| failed(&format!("cannot write {}", file.display()), &error))?;
    anstream::eprintln!("Wrote {what} to {}", file.display());
    Ok(())
}

fn print(document: &Json, indent: usize) -> String {
    if indent == 0 {
        return format!("{document}\n");
    }
    let blanks = vec![b' '; indent];
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(&blanks));
    document.serialize(&mut serializer).expect("a document of JSON values can be written to memory");
    out.push(b'\n');
    String::from_utf8(out).expect("JSON is UTF-8")
}
