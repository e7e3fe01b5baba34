//! Files below a folder of this machine.

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::pieces::{Kept, Pieces, pieces_of};
use super::storage::{FileStorage, is_plain_path};
use super::{PART, internal, new_file, random_letters};
use crate::error::{Error, Result};

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

    async fn keep(&self, path: &str, mut content: Pieces) -> Result<()> {
        let refuse = || Error::internal(format!("a file cannot lie at `{path}`"));
        let place = self.place(path).ok_or_else(refuse)?;
        let (folder, name) = place.parent().zip(place.file_name()).ok_or_else(refuse)?;
        tokio::fs::create_dir_all(folder).await.map_err(internal)?;
        // Two may keep the same file at once, and a crash may have left a part.
        let part = folder.join(format!(".{}.{}{PART}", name.to_string_lossy(), random_letters()?));
        let (staged, mut file) = new_file(part, place.clone()).await?.ok_or_else(refuse)?;
        while let Some(piece) = content.next().await {
            file.write_all(&piece?).await.map_err(internal)?;
        }
        file.sync_all().await.map_err(internal)?;
        if tokio::fs::try_exists(&place).await.map_err(internal)? {
            return Err(refuse());
        }
        staged.settle().await
    }

    async fn beginning_so(&self, path: &str) -> Result<Vec<String>> {
        let (folder, start) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(place) = self.place(path) else { return Ok(Vec::new()) };
        let place = place.parent().unwrap_or(&self.root);
        let Some(mut entries) = found(tokio::fs::read_dir(place).await)? else { return Ok(Vec::new()) };
        let mut paths = Vec::new();
        while let Some(entry) = entries.next_entry().await.map_err(internal)? {
            let name = entry.file_name();
            let is_one = |name: &&str| name.starts_with(start) && is_plain_path(name);
            if let Some(name) = name.to_str().filter(is_one)
                && entry.file_type().await.map_err(internal)?.is_file()
            {
                paths.push(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") });
            }
        }
        Ok(paths)
    }
}

impl FileStorage for Folder {
    fn put<'a>(&'a self, path: &'a str, content: Pieces) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.keep(path, content))
    }

    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Option<Kept>>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(None) };
            let Some(size) = size(&place).await? else { return Ok(None) };
            let file = found(File::open(&place).await)?;
            Ok(file.map(|file| Kept { size, pieces: pieces_of(file) }))
        })
    }

    fn exists<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            match self.place(path) {
                Some(place) => Ok(size(&place).await?.is_some()),
                None => Ok(false),
            }
        })
    }

    fn remove<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(false) };
            if size(&place).await?.is_none() {
                return Ok(false);
            }
            Ok(found(tokio::fs::remove_file(&place).await)?.is_some())
        })
    }

    fn beginning<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(self.beginning_so(path))
    }
}

/// How many bytes a file has; `None` if there is no such file.
async fn size(place: &Path) -> Result<Option<u64>> {
    let about = found(tokio::fs::metadata(place).await)?;
    Ok(about.filter(std::fs::Metadata::is_file).map(|about| about.len()))
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
    use super::super::one_piece;
    use super::*;
    use bytes::Bytes;

    fn hello() -> Pieces {
        one_piece(Bytes::from_static(b"hello"))
    }

    #[tokio::test]
    async fn a_folder_keeps_what_it_is_given_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::at(root.path().join("files"));
        std::fs::write(root.path().join("outside"), "secret").unwrap();
        folder.put("a/b.txt", hello()).await.unwrap();
        let kept = folder.get("a/b.txt").await.unwrap().unwrap();
        assert_eq!((kept.size, kept.whole(9).await.unwrap().as_deref()), (5, Some(&b"hello"[..])));
        assert!(folder.put("a/b.txt", hello()).await.is_err());
        let broken = futures_util::stream::iter([Ok(Bytes::from_static(b"he")), Err(Error::Unavailable)]).boxed();
        assert!(folder.put("a/c.txt", broken).await.is_err());
        assert_eq!(std::fs::read_dir(root.path().join("files/a")).unwrap().count(), 1);
        for path in ["../outside", "a", "a/b.txt/c", "a/c.txt", ""] {
            assert!(folder.get(path).await.unwrap().is_none(), "{path}");
            assert!(!folder.remove(path).await.unwrap(), "{path}");
        }
        assert!(folder.remove("a/b.txt").await.unwrap());
        assert!(!folder.exists("a/b.txt").await.unwrap());
    }

    #[tokio::test]
    async fn files_are_found_by_how_they_begin() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::at(root.path());
        for path in ["a/b.txt", "a/b_1.txt", "a/b_/c.txt", "a/c.txt", "b.txt"] {
            folder.put(path, hello()).await.unwrap();
        }
        let mut found = folder.beginning("a/b").await.unwrap();
        found.sort();
        assert_eq!(found, ["a/b.txt", "a/b_1.txt"]);
        assert_eq!(folder.beginning("b").await.unwrap(), ["b.txt"]);
        for path in ["nothing/b", "a/../b", "a/b.txt/c"] {
            assert_eq!(folder.beginning(path).await.unwrap(), [""; 0], "{path}");
        }
    }
}
