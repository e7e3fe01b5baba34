//! The process around factotum: TOML, command line, logs. A site with code of its own is a [`Program`].

mod app;
mod cli;
mod command;
mod complaint;
mod config;
mod declared;
mod ground;
mod log;
mod media;
mod program;
mod quotes;
mod server;
mod stop;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use app::app;
pub use complaint::{Complaint, Place};
pub use program::{Plain, Prepared, Program};

/// Runs a program: reads the command line, does what it says, and gives the exit code.
#[expect(clippy::needless_pass_by_value, reason = "a program hands itself over: it ends with this call")]
pub fn main(program: impl Program) -> ExitCode {
    let command = cli::Line::command().name(program.name()).bin_name(program.name()).about(program.about());
    let parsed = command.try_get_matches().and_then(|matches| cli::Line::from_arg_matches(&matches));
    let line = match parsed {
        Ok(line) => line,
        Err(error) => {
            // Help and version go to standard output and are no fault.
            let code = if error.use_stderr() { 2 } else { 0 };
            return error.print().map_or(ExitCode::FAILURE, |()| ExitCode::from(code));
        }
    };
    match command::run(line.command, &program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            anstream::eprintln!("{stop}");
            stop.code()
        }
    }
}
