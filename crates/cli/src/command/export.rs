//! `export`: the rows of a model as a file, in the memory of some of them.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use factotum::model::FieldKind;
use factotum::ops::{self, Which};
use factotum::query::Filter;
use factotum::transfer::{Column, Format, Style, Writer};
use factotum::{Context, Origin, Raw, Resource};
use indicatif::ProgressBar;

use super::transfer::{bar, field, operator, resource, rows, title};
use super::written;
use crate::Program;
use crate::cli::Export;
use crate::complaint::suggestion;
use crate::config::resolve::{self, Door};
use crate::ground::{self, Access};
use crate::stop::{Stop, failed};

/// Writes the rows.
pub(super) async fn export(wanted: &Export, program: &dyn Program) -> Result<(), Stop> {
    let format = format(wanted)?;
    let written = written(&wanted.common.flags(), program)?;
    let ground = ground::ground(&written, Access::Look).await?;
    let resolved = resolve::resolve(&written, &ground, program)?;
    let site = resolved.site(Door::Conjure);
    let resource = resource(site, &wanted.model)?;
    let mut cx = site.snapshot(operator(), Origin::default()).await?;
    let export = ops::export(&cx, &resource.model.key, which(wanted), &fields(resource, &wanted.columns)?)?;
    let mut out = Out::open(wanted.output.as_deref())?;
    let bar = bar(if out.is_seen { 0 } else { export.count(&mut cx).await? }, out.is_seen);
    let columns = export.fields().map(|field| {
        let zoned = field.kind == FieldKind::DateTime;
        Column { name: title(field).to_owned(), zoned, micros: false }
    });
    let style = Style {
        title: resource.model.plural.clone(),
        columns: columns.collect(),
        zone: site.zone().clone(),
        defused: !wanted.raw,
    };
    let done = write(&mut cx, export, format, style, &mut out, &bar).await;
    bar.finish_and_clear();
    match (done, &wanted.output) {
        (Ok(count), Some(file)) => {
            anstream::eprintln!("Wrote {} to {}", rows(count), file.display());
            Ok(())
        }
        (Err(stop), Some(file)) => {
            // A part of the rows would pass for all of them.
            let _ = std::fs::remove_file(file);
            Err(stop)
        }
        (done, None) => done.map(drop),
    }
}

/// What is to be written: as said, else by the end of the file's name, else CSV.
fn format(wanted: &Export) -> Result<Format, Stop> {
    let end = wanted.output.as_deref().and_then(Path::extension).and_then(|end| end.to_str());
    let said = wanted.format.as_deref().and_then(Format::named);
    let format = said.or_else(|| Format::named(&end?.to_ascii_lowercase())).unwrap_or(Format::Csv);
    if format == Format::Xlsx && wanted.output.is_none() && io::stdout().is_terminal() {
        return Err(Stop::Usage("a terminal does not show xlsx: use --output FILE".to_owned()));
    }
    Ok(format)
}

fn which(wanted: &Export) -> Which {
    if wanted.ids.is_empty() {
        return Which::Matching { filter: Filter::All, search: None };
    }
    Which::Keys(wanted.ids.iter().cloned().map(Raw::Text).collect())
}

/// The names of the fields that are meant.
fn fields(resource: &Resource, columns: &[String]) -> Result<Vec<String>, Stop> {
    let name = |column: &String| match field(resource, column) {
        Some(field) => Ok(field.name.clone()),
        None => {
            let near = suggestion(column, resource.model.fields.iter().map(title));
            Err(Stop::Usage(format!("{} has no column '{column}'{near}", resource.model.key)))
        }
    };
    columns.iter().map(name).collect()
}

/// Where the bytes go.
struct Out {
    sink: Box<dyn Write>,
    /// Whether somebody watches them.
    is_seen: bool,
}

impl Out {
    fn open(file: Option<&Path>) -> Result<Out, Stop> {
        match file {
            Some(file) => {
                let opened = File::create(file);
                let opened = opened.map_err(|error| failed(&format!("cannot write {}", file.display()), &error))?;
                Ok(Out { sink: Box::new(BufWriter::new(opened)), is_seen: false })
            }
            None => Ok(Out { sink: Box::new(io::stdout()), is_seen: io::stdout().is_terminal() }),
        }
    }

    /// Writes bytes; false if nobody reads them any more.
    fn write(&mut self, bytes: &[u8]) -> Result<bool, Stop> {
        match self.sink.write_all(bytes).and_then(|()| self.sink.flush()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(failed("cannot write", &error)),
        }
    }
}

/// Writes all rows and gives how many there were.
async fn write(
    cx: &mut Context,
    mut export: ops::Export,
    format: Format,
    style: Style,
    out: &mut Out,
    bar: &ProgressBar,
) -> Result<u64, Stop> {
    let refused = |error: io::Error| failed("cannot write", &error);
    let mut writer = Writer::new(format, style).map_err(refused)?;
    let mut count = 0;
    loop {
        let rows = export.next(cx).await?;
        for row in &rows {
            writer.row(export.values(row)).map_err(refused)?;
        }
        if rows.is_empty() {
            out.write(&writer.finish().map_err(refused)?)?;
            return Ok(count);
        }
        count += rows.len() as u64;
        bar.inc(rows.len() as u64);
        if !out.write(&writer.take())? {
            return Ok(count);
        }
    }
}
