//! A file on its way into a bucket: at once if it is small, else in parts, of which two are in memory at most.

use bytes::{Bytes, BytesMut};
use factotum_engine::Result;
use factotum_engine::files::Pieces;
use futures_util::StreamExt;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use tokio::runtime::Handle;

use super::failed;

/// Bytes of a part; all but the last have so many.
const PART: usize = 8 * 1024 * 1024;

/// Puts a file in its place.
pub(super) async fn send(store: &AmazonS3, place: &Path, content: Pieces) -> Result<()> {
    let mut parts = Cut { content, waiting: BytesMut::new() };
    let first = parts.next().await?;
    let Some(mut part) = parts.next().await? else {
        store.put(place, first.unwrap_or_default().into()).await.map_err(failed)?;
        return Ok(());
    };
    let mut upload = Begun(Some(store.put_multipart(place).await.map_err(failed)?));
    if let Some(first) = first {
        upload.put(first).await?;
    }
    loop {
        upload.put(part).await?;
        match parts.next().await? {
            Some(next) => part = next,
            None => return upload.complete().await,
        }
    }
}

/// A file, cut into parts.
struct Cut {
    content: Pieces,
    waiting: BytesMut,
}

impl Cut {
    /// The next part; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.waiting.len() < PART {
            let Some(piece) = self.content.next().await else {
                let last = self.waiting.split().freeze();
                return Ok(Some(last).filter(|last| !last.is_empty()));
            };
            self.waiting.extend_from_slice(&piece?);
        }
        Ok(Some(self.waiting.split_to(PART).freeze()))
    }
}

/// An upload in parts. If it is not completed, for whatever reason, the storage forgets them.
struct Begun(Option<Box<dyn MultipartUpload>>);

impl Begun {
    async fn put(&mut self, part: Bytes) -> Result<()> {
        match &mut self.0 {
            Some(upload) => upload.put_part(part.into()).await.map_err(failed),
            None => Ok(()),
        }
    }

    async fn complete(mut self) -> Result<()> {
        if let Some(upload) = &mut self.0 {
            upload.complete().await.map_err(failed)?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        let (Some(mut upload), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(async move {
            if let Err(error) = upload.abort().await {
                tracing::warn!(%error, "the parts of a file that was not kept could not be removed");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    #[tokio::test]
    async fn parts_have_one_size_but_the_last() {
        for (pieces, expected) in [
            (vec![], vec![]),
            (vec![5], vec![5]),
            (vec![PART], vec![PART]),
            (vec![PART - 1, 2, PART * 2], vec![PART, PART, PART, 1]),
        ] {
            let content = stream::iter(pieces).map(|size: usize| Ok(Bytes::from(vec![0; size]))).boxed();
            let mut cut = Cut { content, waiting: BytesMut::new() };
            let mut sizes = Vec::new();
            while let Some(part) = cut.next().await.unwrap() {
                sizes.push(part.len());
            }
            assert_eq!(sizes, expected);
        }
    }
}
