//! An export on its way out: pages from the database, bytes for whoever takes them.

use std::io;

use factotum_engine::ops::Export;
use factotum_engine::{Context, Result, Row};

use super::write::Writer;
use crate::http::Flow;

/// A file that is made while it is sent. The first page is read before, so that what is wrong is told as for any other
/// question; the rest is read when there is room for it.
///
/// # Errors
/// What the database says to the first page.
pub async fn download(mut cx: Context, mut export: Export, writer: Writer) -> Result<Flow> {
    let mut rows = export.next(&mut cx).await?;
    Ok(Flow::made(async move |outlet| {
        let mut writer = writer;
        while !rows.is_empty() {
            let bytes;
            (export, writer, bytes) = written(export, writer, rows).await?;
            outlet.send(bytes).await?;
            rows = export.next(&mut cx).await.map_err(io::Error::other)?;
        }
        outlet.send(writer.finish()?).await
    }))
}

/// Writes rows on a thread where that may take its time: a workbook is compressed.
async fn written(export: Export, mut writer: Writer, rows: Vec<Row>) -> io::Result<(Export, Writer, Vec<u8>)> {
    let write = move || {
        for row in &rows {
            writer.row(export.values(row))?;
        }
        let bytes = writer.take();
        Ok((export, writer, bytes))
    };
    tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
}
