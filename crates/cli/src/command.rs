//! One file, one command.

mod check;
mod demo;
mod export;
mod import;
mod init;
mod migrate;
mod openapi;
mod schema;
mod search;
mod serve;
mod transfer;
mod user;

use std::future::Future;
use std::io::Write;

use clap::CommandFactory;

use crate::Program;
use crate::cli::{Command, Line};
use crate::config::{self, Flags, Written};
use crate::stop::{Stop, failed};

/// Does what the command line says.
pub(crate) fn run(command: Command, program: &dyn Program) -> Result<(), Stop> {
    match command {
        Command::Demo { listen, keep } => block_on(demo::demo(&listen, keep, program)),
        Command::Serve { common, listen, print_config } => {
            let written = written(&Flags { listen, ..common.flags() }, program)?;
            if print_config {
                return say(&config::print::print(&written.tree));
            }
            block_on(serve::serve(&written, program))
        }
        Command::Init { url, database, output, force } => {
            let written = written(&Flags { database: url.or(database), ..Flags::default() }, program)?;
            block_on(init::init(&written, &output, force))
        }
        Command::Check { common } => block_on(check::check(&written(&common.flags(), program)?, program)),
        Command::Migrate { common } => block_on(migrate::migrate(&written(&common.flags(), program)?, program)),
        Command::User { command } => user::user(command, program),
        Command::Export(wanted) => block_on(export::export(&wanted, program)),
        Command::Import(wanted) => block_on(import::import(&wanted, program)),
        Command::Schema { common, output, indent } => {
            block_on(schema::schema(&written(&common.flags(), program)?, output, indent, program))
        }
        Command::Openapi { contract, common, output, indent } => {
            block_on(openapi::openapi(&written(&common.flags(), program)?, contract, output, indent, program))
        }
        Command::Search { command } => {
            block_on(search::search(&command, &written(&command.common().flags(), program)?, program))
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Line::command(), program.name(), &mut std::io::stdout());
            Ok(())
        }
    }
}

fn written(flags: &Flags, program: &dyn Program) -> Result<Written, Stop> {
    let mut written = config::read(program.defaults(), flags, std::env::vars())?;
    if written.site.debug && written.site.secret_key.is_none() {
        // Good for this run only: every start signs everybody out.
        written.site.secret_key = Some(init::secret());
    }
    Ok(written)
}

/// Runs a future to its end on a runtime of its own.
fn block_on<T>(future: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| failed("cannot start", &error))?.block_on(future)
}

/// Writes to standard output; a reader who has gone is no fault.
fn say(text: &str) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(failed("cannot write", &error)),
        _ => Ok(()),
    }
}
