//! An export on its way out: pages from the database, bytes for whoever takes them.

use std::io;

use factotum_engine::ops::Export;
use factotum_engine::{Context, Error, Result};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::write::Writer;
use crate::http::{Flow, Outlet};

/// So much is sent at a time. The first page goes as soon as it is there.
const PIECE: usize = 64 * 1024;

/// A file that is made while it is sent. The first page is read before, so that what is wrong is told as for any other
/// question; the rest is read when there is room for it. What is read is written on the same thread, one that may be
/// kept: a page is still in its processor's cache then.
///
/// # Errors
/// What the database says to the first page.
pub async fn download(mut cx: Context, mut export: Export, writer: Writer) -> Result<Flow> {
    let here = Handle::current();
    let first = spawn_blocking(move || {
        let rows = here.block_on(export.next(&mut cx))?;
        Ok::<_, Error>((cx, export, rows))
    });
    let (mut cx, mut export, mut rows) = first.await.map_err(|error| Error::Internal(Box::new(error)))??;
    let here = Handle::current();
    Ok(Flow::made(async move |outlet: Outlet| {
        let rest = async move {
            let (mut writer, mut enough) = (writer, 1);
            while !rows.is_empty() {
                for row in &rows {
                    writer.row(export.values(row))?;
                }
                if writer.waiting() >= std::mem::replace(&mut enough, PIECE) {
                    outlet.send(writer.take()).await?;
                }
                rows = export.next(&mut cx).await.map_err(io::Error::other)?;
            }
            outlet.send(writer.finish()?).await
        };
        spawn_blocking(move || here.block_on(rest)).await.map_err(io::Error::other)?
    }))
}
