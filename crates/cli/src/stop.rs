//! Why a command ends before it is done, and with which exit code.

use std::fmt;
use std::process::ExitCode;

use factotum::store::StoreError;

use crate::complaint::Complaint;

/// Why a command ends before it is done.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something went wrong.
    Failure(String),
    /// The command line makes no sense.
    Usage(String),
    /// The database cannot be reached.
    Unreachable(String),
    /// The configuration is wrong: everything that is.
    Config(Vec<Complaint>),
}

impl Stop {
    /// The exit code, as `sysexits.h` numbers them.
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Stop::Failure(_) => 1,
            Stop::Usage(_) => 2,
            Stop::Unreachable(_) => 69,
            Stop::Config(_) => 78,
        })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Failure(words) | Stop::Usage(words) | Stop::Unreachable(words) => write!(f, "error: {words}"),
            Stop::Config(complaints) => {
                let problems = if complaints.len() == 1 { "problem" } else { "problems" };
                write!(f, "error: {} {problems} in the configuration", complaints.len())?;
                for (number, complaint) in complaints.iter().enumerate() {
                    write!(f, "\n{:>3}. {complaint}", number + 1)?;
                }
                Ok(())
            }
        }
    }
}

impl From<Vec<Complaint>> for Stop {
    fn from(complaints: Vec<Complaint>) -> Stop {
        Stop::Config(complaints)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        match error {
            StoreError::Unavailable(words) => Stop::Unreachable(format!("the database cannot be reached: {words}")),
            other => Stop::Failure(other.to_string()),
        }
    }
}

impl From<factotum::Error> for Stop {
    fn from(error: factotum::Error) -> Stop {
        match error {
            factotum::Error::Unavailable => Stop::Unreachable("the database cannot be reached".to_owned()),
            factotum::Error::Internal(source) => Stop::Failure(source.to_string()),
            other => Stop::Failure(other.to_string()),
        }
    }
}

impl From<factotum::store::tables::TablesError> for Stop {
    fn from(error: factotum::store::tables::TablesError) -> Stop {
        match error {
            factotum::store::tables::TablesError::Store(error) => error.into(),
            other => Stop::Failure(other.to_string()),
        }
    }
}

/// A file or the terminal refused.
pub(crate) fn failed(what: &str, error: &std::io::Error) -> Stop {
    Stop::Failure(format!("{what}: {error}"))
}
