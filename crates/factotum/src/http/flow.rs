//! Flow: a body that is made while it is sent, piece by piece, at the pace of whoever reads it.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use factotum_engine::files::Pieces;
use futures_util::StreamExt;
use futures_util::future::Future;
use futures_util::stream::unfold;
use tokio::sync::mpsc;

/// How long a client may take nothing of what waits for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pieces that are made before they are asked for.
const AHEAD: usize = 1;

/// A body that is made while it is sent. It can be sent once.
#[derive(Clone)]
pub struct Flow(Arc<Mutex<Option<Body>>>);

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow")
    }
}

/// Where the pieces of a body go.
#[derive(Debug)]
pub struct Outlet(mpsc::Sender<io::Result<Bytes>>);

impl Flow {
    /// A body that is made on a task of its own. Where that fails, the connection is cut, so that nobody takes a part for
    /// the whole.
    pub fn made<F, M>(make: M) -> Flow
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
        M: FnOnce(Outlet) -> F,
    {
        let (give, take) = mpsc::channel(AHEAD);
        let making = make(Outlet(give.clone()));
        tokio::spawn(async move {
            if let Err(error) = making.await {
                match error.kind() {
                    io::ErrorKind::BrokenPipe => tracing::debug!("a body was not read to its end"),
                    _ => tracing::error!(%error, "a body was not made to its end"),
                }
                // Nobody may be reading any more.
                let _ = give.send_timeout(Err(error), PATIENCE).await;
            }
        });
        let pieces = unfold(take, |mut take| async move { take.recv().await.map(|piece| (piece, take)) });
        Flow(Arc::new(Mutex::new(Some(Body::from_stream(pieces)))))
    }

    /// A file that is read while it is sent.
    #[must_use]
    pub fn of_pieces(mut pieces: Pieces) -> Flow {
        Flow::made(async move |outlet| {
            while let Some(piece) = pieces.next().await {
                outlet.send(piece.map_err(io::Error::other)?.into()).await?;
            }
            Ok(())
        })
    }

    pub(crate) fn take(&self) -> Option<Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Outlet {
    /// Gives a piece, and waits until there is room for it.
    ///
    /// # Errors
    /// When nobody reads any more, or has not for too long.
    pub async fn send(&self, piece: Vec<u8>) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        let sent = self.0.send_timeout(Ok(piece.into()), PATIENCE).await;
        sent.map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads"))
    }
}
