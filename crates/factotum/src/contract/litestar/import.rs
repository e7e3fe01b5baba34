//! Rows of a CSV file: looked at, judged, made. The file is looked through as a whole before anything is done with it.

mod judge;
mod map;
mod value;

use std::collections::BTreeMap;

use factotum_engine::context::Named;
use factotum_engine::ops::{self, Keep};
use factotum_engine::{Error, Origin, Resource};
use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::catalogue::Entry;
use super::{Call, error, registry};
use crate::http::{Fault, Reply, Spooled};
use crate::transfer::kind::Kind;
use crate::transfer::{BadFile, Examined, Source, examine};

use judge::{Judge, RowError};

/// Rows that are shown, and that kinds are guessed from.
const SHOWN: usize = 10;
const GUESSED: usize = 100;
/// Values of a column that are shown.
const SAMPLES: usize = 5;
/// Errors that are told.
const MOST_ERRORS: usize = 100;

const NO_HEADERS: &str = "CSV file appears to be empty or has no headers";

/// `POST models/{model}/import/preview`
pub(super) async fn preview(call: Call) -> Result<Reply, Fault> {
    let (_, source) = upload(&call).await?;
    let entry = registry::named(&call)?;
    let resource = entry.resource(&call.site)?;
    let (file, rows) = looked_through(source).await?.map_err(|bad| refused(&bad))?;
    let document = json!({
        "headers": file.headers,
        "preview_rows": rows.iter().take(SHOWN).map(|row| named(&file.headers, row)).collect::<Vec<_>>(),
        "column_types": kinds(&file.headers, &rows),
        "model_schema": map::schema(&call, entry, resource),
        "delimiter": char::from(file.delimiter).to_string(),
        "encoding": file.encoding.name(),
        "total_rows": file.rows,
    });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `POST models/{model}/import/validate`
pub(super) async fn validate(call: Call) -> Result<Reply, Fault> {
    let (judge, source) = mapped(&call).await?;
    let (mut errors, mut samples) = (Vec::new(), Vec::new());
    let (mut valid, mut invalid) = (0_u64, 0_u64);
    if let Some(file) = examined(source).await? {
        let columns = judge.places(&file.headers);
        let mut rows = file.rows();
        let mut number = 1;
        while let Some(some) = rows.recv().await {
            for row in some.map_err(|bad| refused(&bad))? {
                number += 1;
                let judged = judge.row(number, &columns, &row);
                if !judged.errors.is_empty() {
                    invalid += 1;
                    errors.extend(judged.errors.into_iter().take(MOST_ERRORS - errors.len()));
                    continue;
                }
                valid += 1;
                if samples.len() < SHOWN {
                    samples.push(judge.sample(&judged.texts));
                }
            }
        }
    }
    let document = json!({
        "errors": errors.iter().map(RowError::document).collect::<Vec<_>>(),
        "valid_count": valid,
        "invalid_count": invalid,
        "total_rows": valid + invalid,
        "sample_valid_rows": samples,
    });
    Ok(error::reply(StatusCode::OK, &document))
}

/// `POST models/{model}/import/execute`
pub(super) async fn execute(call: Call) -> Result<Reply, Fault> {
    let (judge, source) = mapped(&call).await?;
    let mut tally = Tally::default();
    if let Some(file) = examined(source).await? {
        // Records name the model as the address does.
        let named = Some(Named { of: judge.key.clone(), model: call.param("model").to_owned(), key: None });
        let origin = Origin { named, ..call.origin.clone() };
        let import = ops::import(&call.site, &call.who, &origin, &judge.key, Keep::Good).await?;
        tally = make(import, &judge, file).await?;
    }
    Ok(error::reply(StatusCode::OK, &tally.document()))
}

/// What came of the rows.
#[derive(Debug, Default)]
struct Tally {
    made: u64,
    failed: u64,
    /// The first errors, by their rows.
    errors: BTreeMap<u64, RowError>,
}

impl Tally {
    fn fail(&mut self, error: RowError) {
        self.failed += 1;
        self.errors.insert(error.row, error);
        if self.errors.len() > MOST_ERRORS {
            self.errors.pop_last();
        }
    }

    fn document(&self) -> Json {
        let (made, failed) = (self.made, self.failed);
        let words = match (made, failed) {
            (0, 0) => "CSV file contains no data rows to import".to_owned(),
            (_, 0) => format!("Successfully imported all {made} rows"),
            (0, _) => format!("Import failed: all {failed} rows had errors"),
            _ => format!("Import completed with partial success: {made} rows imported, {failed} rows failed"),
        };
        json!({
            "success": made > 0 || failed == 0,
            "message": words,
            "job_id": null,
            "imported_count": made,
            "failed_count": failed,
            "errors": self.errors.values().map(RowError::document).collect::<Vec<_>>(),
        })
    }
}

/// Makes the rows of a file. Where the database goes away, the rows that are left have failed.
async fn make(mut import: ops::Import, judge: &Judge<'_>, file: Examined) -> Result<Tally, Fault> {
    let columns = judge.places(&file.headers);
    let (mut tally, mut number, mut told) = (Tally::default(), 1, 0);
    let mut rows = file.rows();
    let mut is_away = false;
    while let Some(some) = rows.recv().await {
        for row in some.map_err(|bad| refused(&bad))? {
            number += 1;
            let judged = judge.row(number, &columns, &row);
            let payload = match judged.errors.into_iter().next() {
                Some(error) => Err(error),
                None if is_away => Err(RowError::of_row(number, value::AWAY)),
                None => judge.payload(&judged.texts).map_err(|words| RowError::of_row(number, &words)),
            };
            match payload {
                Err(error) => tally.fail(error),
                Ok(payload) => {
                    told += 1;
                    match import.add(number, payload).await {
                        Ok(refusals) => judge.tell(refusals, &mut tally),
                        Err(Error::Unavailable) => is_away = true,
                        Err(other) => return Err(other.into()),
                    }
                }
            }
        }
    }
    if !is_away {
        match import.finish().await {
            Ok(refusals) => judge.tell(refusals, &mut tally),
            Err(Error::Unavailable) => {}
            Err(other) => return Err(other.into()),
        }
    }
    tally.made = import.made();
    // Rows that were on their way when the database went.
    tally.failed += told - import.made() - import.refused();
    Ok(tally)
}

impl Judge<'_> {
    /// Notes rows that were refused.
    fn tell(&self, refusals: Vec<ops::Refusal>, tally: &mut Tally) {
        for refusal in refusals {
            let words = value::refusal(self.model(), &refusal.error);
            tally.fail(RowError::of_row(refusal.number, &words));
        }
    }
}

/// The form that was sent, with its file.
async fn upload(call: &Call) -> Result<(Spooled, Source), Fault> {
    let spooled = call.spool("data").await?;
    match spooled.file.as_ref().map(|file| file.content.clone()) {
        Some(source) => Ok((spooled, source)),
        None => Err(error::said(StatusCode::BAD_REQUEST, "No file uploaded")),
    }
}

/// The form that was sent, with what its columns mean.
async fn mapped(call: &Call) -> Result<(Judge<'_>, Source), Fault> {
    let (spooled, source) = upload(call).await?;
    let asked = || call.head.query.iter().find(|(name, _)| name == map::PARAMETER).map(|(_, value)| value.as_str());
    let said = spooled.last(map::PARAMETER).filter(|text| !text.is_empty()).or_else(asked).unwrap_or_default();
    let mappings = map::read(said)
        .map_err(|words| error::said(StatusCode::BAD_REQUEST, &format!("Invalid column_mappings: {words}")))?;
    let entry: &Entry = registry::named(call)?;
    let resource: &Resource = entry.resource(&call.site)?;
    let judge = Judge::new(call, entry, resource, mappings)
        .map_err(|field| error::said(StatusCode::BAD_REQUEST, &format!("Unknown model field: '{field}'")))?;
    Ok((judge, source))
}

/// A file with its first rows, or what is wrong with it.
async fn looked_through(source: Source) -> Result<Result<(Examined, Vec<Vec<String>>), BadFile>, Fault> {
    let look = move || {
        let mut first = Vec::new();
        let file = examine(source, None, |_, row| {
            first.push(row);
            first.len() < GUESSED
        })?;
        Ok((file, first))
    };
    tokio::task::spawn_blocking(look).await.map_err(|error| Error::Internal(Box::new(error)).into())
}

/// A file whose rows can all be read; none if there is nothing in it.
async fn examined(source: Source) -> Result<Option<Examined>, Fault> {
    match looked_through(source).await? {
        Ok((file, _)) => Ok(Some(file)),
        Err(BadFile::NoHeaders) => Ok(None),
        Err(bad) => Err(refused(&bad)),
    }
}

/// What is said of a file that cannot be read.
fn refused(bad: &BadFile) -> Fault {
    match bad {
        BadFile::NoHeaders => error::said(StatusCode::BAD_REQUEST, NO_HEADERS),
        BadFile::Unreadable(error) => Error::internal(format!("an uploaded file cannot be read: {error}")).into(),
        // The original's own refusal is wrapped once more; the words of its parser are not.
        BadFile::Ragged { .. } => {
            error::said(StatusCode::BAD_REQUEST, &format!("Failed to parse CSV file: 400: {bad}"))
        }
        bad => error::said(StatusCode::BAD_REQUEST, &format!("Failed to parse CSV file: {bad}")),
    }
}

fn named(headers: &[String], row: &[String]) -> Json {
    let pairs = headers.iter().zip(row).map(|(header, text)| (header.clone(), Json::from(text.as_str())));
    Json::Object(pairs.collect::<Map<_, _>>())
}

/// What the columns seem to hold.
fn kinds(headers: &[String], rows: &[Vec<String>]) -> Vec<Json> {
    let kind = |(at, header): (usize, &String)| {
        let values = || rows.iter().map(|row| row[at].as_str());
        let samples: Vec<&str> = values().filter(|text| !text.trim().is_empty()).take(SAMPLES).collect();
        json!({
            "csv_column": header,
            "detected_type": Kind::of(values()).name(),
            "sample_values": samples,
            "nullable": values().any(|text| text.trim().is_empty()),
        })
    };
    headers.iter().enumerate().map(kind).collect()
}
