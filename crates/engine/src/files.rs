//! Where uploads go: a folder, names from a safe alphabet, moved in place only when the transaction ended well.

use std::path::PathBuf;

use bytes::Bytes;

use crate::error::{Error, Result};

/// Where uploads go. Without a folder, uploads are refused as unavailable.
#[derive(Debug, Clone)]
pub struct Files {
    /// The folder of all uploads.
    pub root: Option<PathBuf>,
    /// Where the folder is served (`/media/`), with slashes around.
    pub url: String,
}

impl Default for Files {
    fn default() -> Files {
        Files { root: None, url: "/media/".to_owned() }
    }
}

/// An upload that waits for its transaction.
#[derive(Debug)]
pub struct Staged {
    /// Where it will be.
    pub path: PathBuf,
    /// Its content.
    pub content: Bytes,
}

impl Staged {
    /// Puts the file where it belongs.
    pub(crate) async fn settle(self) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| Error::Internal(error.into()))?;
        }
        tokio::fs::write(&self.path, &self.content).await.map_err(|error| Error::Internal(error.into()))
    }
}

/// The last part of a name as a client sends it, whatever system the client runs on.
#[must_use]
pub(crate) fn base_name(sent: &str) -> &str {
    match sent.rsplit(['/', '\\']).next().unwrap_or_default().trim() {
        "." | ".." => "",
        name => name,
    }
}

/// Whether the content begins as an image does that browsers show, with a size of its own.
#[must_use]
pub(crate) fn is_image(content: &[u8]) -> bool {
    imagesize::blob_size(content).is_ok_and(|size| size.width > 0 && size.height > 0)
}
