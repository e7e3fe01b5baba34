//! What SQLite's refusals mean.

use rusqlite::{Error, ErrorCode, ffi};

use super::super::StoreError;

pub(super) fn classify(error: &Error) -> StoreError {
    match error {
        Error::SqliteFailure(failure, words) => refusal(*failure, words.as_deref().unwrap_or_default(), error),
        Error::SqlInputError { error: failure, msg, .. } => refusal(*failure, msg, error),
        other => StoreError::Other(other.to_string()),
    }
}

fn refusal(failure: ffi::Error, words: &str, whole: &Error) -> StoreError {
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            return StoreError::Unique { columns: columns(words) };
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return StoreError::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            return StoreError::NotNull { column: columns(words).into_iter().next().unwrap_or_default() };
        }
        _ => {}
    }
    match failure.code {
        ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig => {
            StoreError::Refused(words.to_owned())
        }
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::ReadOnly
        | ErrorCode::CannotOpen
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted => StoreError::Unavailable(whole.to_string()),
        _ => StoreError::Other(whole.to_string()),
    }
}

/// The columns in `UNIQUE constraint failed: table.one, table.two`; an index of expressions names none.
fn columns(words: &str) -> Vec<String> {
    let Some((_, list)) = words.split_once("constraint failed: ") else { return Vec::new() };
    list.split(", ").filter_map(|name| name.rsplit_once('.')).map(|(_, column)| column.to_owned()).collect()
}
