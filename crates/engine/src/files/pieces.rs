//! Files on their way: piece by piece, so that none has to fit into memory.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{BoxStream, once, unfold};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::internal;
use crate::error::Result;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;

/// What a file holds, in pieces.
pub type Pieces = BoxStream<'static, Result<Bytes>>;

/// A file on its way out.
pub struct Kept {
    /// How many bytes it has.
    pub size: u64,
    /// What it holds.
    pub pieces: Pieces,
}

impl fmt::Debug for Kept {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Kept({} bytes)", self.size)
    }
}

impl Kept {
    /// The whole file, unless it has more bytes than that.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    pub async fn whole(mut self, most: usize) -> Result<Option<Bytes>> {
        let mut whole = Vec::new();
        while let Some(piece) = self.pieces.next().await {
            let piece = piece?;
            if piece.len() > most.saturating_sub(whole.len()) {
                return Ok(None);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole.into()))
    }
}

/// A file of one piece.
#[must_use]
pub fn one_piece(content: Bytes) -> Pieces {
    once(async { Ok(content) }).boxed()
}

/// What an open file holds, from where it is.
#[must_use]
pub fn pieces_of(file: File) -> Pieces {
    unfold(Some(file), |file| async move {
        let mut file = file?;
        let mut piece = BytesMut::with_capacity(PIECE);
        match file.read_buf(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(Bytes::from(piece)), Some(file))),
            Err(error) => Some((Err(internal(error)), None)),
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_whole_or_too_large() {
        let kept = || Kept { size: 5, pieces: one_piece(Bytes::from_static(b"hello")) };
        assert_eq!(kept().whole(5).await.unwrap().as_deref(), Some(&b"hello"[..]));
        assert_eq!(kept().whole(4).await.unwrap(), None);
    }
}
