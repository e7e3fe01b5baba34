//! `openapi`: the OpenAPI document of a contract with the site's models, for generators of clients and for gateways.

use std::path::PathBuf;

use super::schema::put;
use crate::Program;
use crate::complaint::{Complaint, Place};
use crate::config::Written;
use crate::config::resolve::{self, Door};
use crate::ground::{self, Access};
use crate::stop::Stop;

/// Prints the document, or writes it to a file. Its paths are those of the program, mounts included.
pub(super) async fn openapi(
    written: &Written,
    door: Door,
    output: Option<PathBuf>,
    indent: usize,
    program: &dyn Program,
) -> Result<(), Stop> {
    let ground = ground::ground(written, Access::Look).await?;
    let resolved = resolve::resolve(written, &ground, program)?;
    let Some(mounted) = resolved.contracts.iter().find(|mounted| mounted.door == door) else {
        let words = format!("the contract '{}' is not offered here", door.name());
        return Err(Stop::Config(vec![Complaint::new("C033", &Place::Nowhere, words)]));
    };
    let document = mounted.document();
    let count = document["paths"].as_object().map_or(0, serde_json::Map::len);
    put(&document, output, indent, &format!("{count} paths")).await
}
