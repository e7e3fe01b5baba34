//! The local day of an instant: SQLite knows no time zones, so it asks here.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::store::sql::LOCAL_DAY;

/// Teaches a connection the function of a stored instant and the name of a zone; the day comes as `2024-01-31`.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(LOCAL_DAY, 2, flags, local_day)
}

fn local_day(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let (Some(instant), Some(zone)) = (text(context, 0), text(context, 1)) else { return Ok(None) };
    Ok(day(instant, zone))
}

/// An argument that is text; nothing for what a file may hold beside it.
fn text<'c>(context: &'c Context<'_>, at: usize) -> Option<&'c str> {
    context.get_raw(at).as_str().ok()
}

/// The seconds are enough: `2024-01-31 22:00:00`, also with `T`, a fraction or a zone behind it.
fn day(instant: &str, zone: &str) -> Option<String> {
    let local: DateTime = instant.get(..19)?.replace(' ', "T").parse().ok()?;
    let zone = TimeZone::get(zone).ok()?;
    let instant = local.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(zone.to_datetime(instant).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn an_instant_falls_on_the_day_of_its_zone() {
        assert_eq!(day("2024-01-31 22:30:00", "Europe/Helsinki").as_deref(), Some("2024-02-01"));
        assert_eq!(day("2024-07-31T21:30:00.5Z", "Europe/Helsinki").as_deref(), Some("2024-08-01"));
        assert_eq!(day("2024-01-31 22:30:00", "America/New_York").as_deref(), Some("2024-01-31"));
        assert_eq!(day("nonsense", "Europe/Helsinki"), None);
    }
}
