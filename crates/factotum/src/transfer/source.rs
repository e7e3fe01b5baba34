//! A file that is read more than once: in memory, or somewhere on the disk.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use factotum_engine::files::{Pieces, one_piece, pieces_of};
use tempfile::{NamedTempFile, TempPath};

/// A file that is read more than once, each time from its beginning.
#[derive(Debug, Clone)]
pub enum Source {
    /// In memory.
    Memory(Bytes),
    /// On the disk.
    Disk(PathBuf),
    /// On the disk for as long as it is needed.
    Passing(Arc<TempPath>),
}

impl Source {
    /// Everything that somebody gives, kept on the disk.
    ///
    /// # Errors
    /// When it cannot be read, or there is no room for it.
    pub fn of(mut given: impl Read) -> io::Result<Source> {
        let (mut file, path) = NamedTempFile::new()?.into_parts();
        io::copy(&mut given, &mut file)?;
        Ok(Source::Passing(path.into()))
    }

    /// Everything from the beginning.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Source::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Source::Disk(path) => Box::new(File::open(path)?),
            Source::Passing(path) => Box::new(File::open(&**path)?),
        })
    }

    /// How many bytes it has.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub async fn size(&self) -> io::Result<u64> {
        let of = async |path: &Path| tokio::fs::metadata(path).await.map(|about| about.len());
        match self {
            Source::Memory(bytes) => Ok(bytes.len() as u64),
            Source::Disk(path) => of(path).await,
            Source::Passing(path) => of(path).await,
        }
    }

    /// Everything from the beginning, piece by piece.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn pieces(&self) -> io::Result<Pieces> {
        let of = async |path: &Path| tokio::fs::File::open(path).await.map(pieces_of);
        match self {
            Source::Memory(bytes) => Ok(one_piece(bytes.clone())),
            Source::Disk(path) => of(path).await,
            Source::Passing(path) => of(path).await,
        }
    }
}
