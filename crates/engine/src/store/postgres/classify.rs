//! What PostgreSQL's refusals mean.

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use super::super::StoreError;

/// Why no connection could be had.
pub(super) fn pool(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => match classify(&error) {
            // Without a connection there is nothing wrong with what was asked.
            StoreError::Other(words) => StoreError::Unavailable(words),
            known => known,
        },
        other => StoreError::Unavailable(other.to_string()),
    }
}

pub(super) fn classify(error: &Error) -> StoreError {
    match error.as_db_error() {
        Some(refusal) => refused(refusal),
        None => {
            let words = told(error);
            let own = ["error serializing", "error deserializing", "invalid column", "expected"];
            if own.iter().any(|start| words.starts_with(start)) {
                StoreError::Other(words)
            } else {
                StoreError::Unavailable(words)
            }
        }
    }
}

/// An error with its cause: the driver's own words name only the place.
fn told(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn refused(refusal: &DbError) -> StoreError {
    let words = || format!("{}: {}", refusal.code().code(), refusal.message());
    match refusal.code().code() {
        "23505" => StoreError::Unique { columns: columns(refusal.detail().unwrap_or_default()) },
        "23503" | "23001" => StoreError::ForeignKey,
        "23502" => StoreError::NotNull { column: refusal.column().unwrap_or_default().to_owned() },
        "23514" | "23P01" | "23000" | "44000" => StoreError::Refused(refusal.message().to_owned()),
        "40001" | "40P01" | "55P03" | "57014" | "25006" | "0A000" | "26000" => StoreError::Unavailable(words()),
        code => match &code[..2] {
            "22" => StoreError::Refused(refusal.message().to_owned()),
            "08" | "53" | "57" | "58" => StoreError::Unavailable(words()),
            _ => StoreError::Other(words()),
        },
    }
}

/// The columns in `Key (one, two)=(1, 2) already exists.`, in any language; expressions are no columns.
fn columns(detail: &str) -> Vec<String> {
    let key = detail.split_once(")=(").and_then(|(before, _)| before.split_once('('));
    let Some((_, list)) = key else { return Vec::new() };
    let plain = |name: &&str| !name.contains(['(', ')', ':']);
    list.split(", ").filter(plain).map(|name| name.trim_matches('"').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_are_named_in_the_detail() {
        assert_eq!(columns("Key (a, b)=(1, 2) already exists."), ["a", "b"]);
        assert_eq!(columns("Schlüssel »(\"A b\")=(x)« existiert bereits."), ["A b"]);
        assert!(columns("Key (lower(name::text))=(x) already exists.").is_empty());
        assert!(columns("").is_empty());
    }
}
