//! Where files lie that nothing but their path names: a folder of this machine, or what a site brings.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{PART, Staged, internal, write_new};
use crate::error::{Error, Result};

/// The most bytes of a path.
const LONGEST_PATH: usize = 1024;

/// Where files lie that are named by a path such as `uploads/product/photo/2024/05/1a2b3c4d_front.png`.
///
/// Paths have passed [`is_plain_path`]: they are relative, with `/` between their parts, and lead nowhere else.
/// Whatever fails for other reasons than that a file is not there is an [`Error::Internal`] or [`Error::Unavailable`].
///
/// ```
/// use factotum_engine::files::{FileStorage, Folder};
///
/// # async fn keep() -> factotum_engine::error::Result<()> {
/// # let folder = std::env::temp_dir().join("factotum-example");
/// let files = Folder::at(folder);
/// files.put("uploads/a.txt", "hello".into()).await?;
/// assert_eq!(files.get("uploads/a.txt").await?.as_deref(), Some(&b"hello"[..]));
/// assert!(files.remove("uploads/a.txt").await?);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(keep()).unwrap();
/// ```
pub trait FileStorage: Send + Sync + 'static {
    /// Keeps a file under a path that no other file has. If it fails, nothing is left behind.
    fn put<'a>(&'a self, path: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>>;

    /// What a file holds; `None` if there is none.
    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>>;

    /// Whether there is a file.
    fn exists<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Removes a file; false if there is none.
    fn remove<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>>;
}

/// Whether a path is one of [`FileStorage`]: parts with `/` between, none of them empty, hidden, or more than a name.
#[must_use]
pub fn is_plain_path(path: &str) -> bool {
    let is_name = |part: &str| {
        let odd = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
        !part.is_empty() && !part.starts_with('.') && !part.contains(odd)
    };
    path.len() <= LONGEST_PATH && path.split('/').all(is_name)
}

/// Files below a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Files below this folder, which is made when the first file comes.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Folder {
        Folder { root: root.into() }
    }

    /// The file that a path names; a path that is none names nothing.
    fn place(&self, path: &str) -> Option<PathBuf> {
        is_plain_path(path).then(|| self.root.join(path))
    }
}

impl FileStorage for Folder {
    fn put<'a>(&'a self, path: &'a str, content: Bytes) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let refuse = || Error::internal(format!("a file cannot lie at `{path}`"));
            let place = self.place(path).ok_or_else(refuse)?;
            let (folder, name) = place.parent().zip(place.file_name()).ok_or_else(refuse)?;
            tokio::fs::create_dir_all(folder).await.map_err(internal)?;
            let part = folder.join(format!(".{}{PART}", name.to_string_lossy()));
            let staged: Staged = write_new(part, place.clone(), &content).await?.ok_or_else(refuse)?;
            if tokio::fs::try_exists(&place).await.map_err(internal)? {
                return Err(refuse());
            }
            staged.settle().await
        })
    }

    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Option<Bytes>>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(None) };
            if !is_file(&place).await? {
                return Ok(None);
            }
            found(tokio::fs::read(&place).await.map(Bytes::from))
        })
    }

    fn exists<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            match self.place(path) {
                Some(place) => is_file(&place).await,
                None => Ok(false),
            }
        })
    }

    fn remove<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(false) };
            if !is_file(&place).await? {
                return Ok(false);
            }
            Ok(found(tokio::fs::remove_file(&place).await)?.is_some())
        })
    }
}

async fn is_file(place: &Path) -> Result<bool> {
    Ok(found(tokio::fs::metadata(place).await)?.is_some_and(|about| about.is_file()))
}

/// What is not there is no failure, nor is a part of a path that is no folder.
fn found<T>(outcome: std::io::Result<T>) -> Result<Option<T>> {
    use std::io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | InvalidFilename) => Ok(None),
        Err(error) => Err(internal(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_nowhere_else() {
        assert!(is_plain_path("uploads/product/photo/2024/05/1a2b3c4d_front.png"));
        let long = "a/".repeat(LONGEST_PATH);
        for path in
            ["", "/", "/etc/passwd", "a//b", "a/", "../a", "a/../b", "a/.b", "a\\b", "C:/a", "a\0b", "a\nb", &long]
        {
            assert!(!is_plain_path(path), "{path:?}");
        }
    }

    #[tokio::test]
    async fn a_folder_keeps_what_it_is_given_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::at(root.path().join("files"));
        std::fs::write(root.path().join("outside"), "secret").unwrap();
        folder.put("a/b.txt", Bytes::from_static(b"hello")).await.unwrap();
        assert_eq!(folder.get("a/b.txt").await.unwrap().as_deref(), Some(&b"hello"[..]));
        assert!(folder.put("a/b.txt", Bytes::from_static(b"again")).await.is_err());
        assert_eq!(std::fs::read_dir(root.path().join("files/a")).unwrap().count(), 1);
        for path in ["../outside", "a", "a/b.txt/c", "a/c.txt", ""] {
            assert_eq!(folder.get(path).await.unwrap(), None, "{path}");
            assert!(!folder.remove(path).await.unwrap(), "{path}");
        }
        assert!(folder.remove("a/b.txt").await.unwrap());
        assert!(!folder.exists("a/b.txt").await.unwrap());
    }
}
