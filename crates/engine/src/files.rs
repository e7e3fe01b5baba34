//! Where uploads go: a folder, names from a safe alphabet, moved in place only when the transaction ended well.

mod folder;
mod image;
mod pieces;
mod storage;
pub mod thumbnail;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::io::AsyncWriteExt;

use crate::error::{Error, Result};

pub use folder::Folder;
pub use image::EXTENSIONS as IMAGE_EXTENSIONS;
pub(crate) use image::{is_image, strange_extension};
pub use pieces::{Kept, Pieces, one_piece, pieces_of};
pub use storage::{FileStorage, is_plain_path};

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

/// An upload that waits for its transaction: a file under a hidden name, beside the place where it will be. Dropped
/// without being settled, it goes.
#[derive(Debug)]
pub struct Staged {
    /// Where it is.
    part: PathBuf,
    /// Where it will be.
    path: PathBuf,
    settled: bool,
}

/// The most letters of a file's name on common disks.
const LONGEST: usize = 255;
/// How often another name is tried when one is taken.
const TRIES: usize = 100;
/// The letters that make a taken name new.
const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const PART: &str = ".part";
/// After so long, an upload that nobody put in place never will be.
const ORPHANED: Duration = Duration::from_secs(3600);

impl Staged {
    /// Puts the file where it belongs.
    pub(crate) async fn settle(mut self) -> Result<()> {
        tokio::fs::rename(&self.part, &self.path).await.map_err(internal)?;
        self.settled = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.settled
            && let Err(error) = std::fs::remove_file(&self.part)
        {
            tracing::warn!(%error, file = %self.part.display(), "an upload that was not kept could not be removed");
        }
    }
}

impl Files {
    /// Uploads below a folder.
    #[must_use]
    pub fn below(root: impl Into<PathBuf>) -> Files {
        Files { root: Some(root.into()), ..Files::default() }
    }

    /// Writes an upload beside its future place, and gives the name it will have below the root: at most `max`
    /// characters with its folder. The name is free: nobody else gets it while this one waits.
    pub(crate) async fn stage(&self, folder: &str, sent: &str, max: u32, content: Bytes) -> Result<(String, Staged)> {
        let root = self.root.as_deref().ok_or(Error::Unavailable)?;
        let folder = safe_folder(folder);
        let name = safe_name(sent);
        let parent = root.join(&folder);
        tokio::fs::create_dir_all(&parent).await.map_err(internal)?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let room = (max as usize).saturating_sub(prefix.chars().count()).min(LONGEST - PART.len() - 1);
        for attempt in 0..TRIES {
            let suffix = if attempt == 0 { String::new() } else { format!("_{}", random_letters()?) };
            let Some(name) = fitting(&name, &suffix, room) else { break };
            let (part, path) = (parent.join(format!(".{name}{PART}")), parent.join(&name));
            if tokio::fs::try_exists(&path).await.map_err(internal)? {
                continue;
            }
            if let Some(staged) = write_new(part, path, &content).await? {
                return Ok((format!("{prefix}{name}"), staged));
            }
        }
        Err(Error::internal(format!("no free name for an upload in {}", parent.display())))
    }

    /// Removes uploads that a crash left without their transaction. To be called when a server starts.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn sweep(&self) -> Result<()> {
        let Some(root) = self.root.clone() else { return Ok(()) };
        tokio::task::spawn_blocking(move || sweep(&root))
            .await
            .map_err(|error| Error::Internal(error.into()))?
            .map_err(internal)
    }
}

fn internal(error: std::io::Error) -> Error {
    Error::Internal(error.into())
}

/// A file that must not be there yet, for whoever fills it; `None` if it is.
async fn new_file(part: PathBuf, path: PathBuf) -> Result<Option<(Staged, tokio::fs::File)>> {
    let opened = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&part).await;
    match opened {
        Ok(file) => Ok(Some((Staged { part, path, settled: false }, file))),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(internal(error)),
    }
}

/// Writes a file that must not be there yet; `None` if it is.
async fn write_new(part: PathBuf, path: PathBuf, content: &[u8]) -> Result<Option<Staged>> {
    let Some((staged, mut file)) = new_file(part, path).await? else { return Ok(None) };
    file.write_all(content).await.map_err(internal)?;
    file.sync_all().await.map_err(internal)?;
    Ok(Some(staged))
}

fn sweep(folder: &Path) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sweep(&entry.path())?;
        } else if is_orphan(&entry.file_name().to_string_lossy(), entry.metadata()?.modified()?) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the age of a file is told by the disk's clock")]
fn is_orphan(name: &str, modified: SystemTime) -> bool {
    let old = SystemTime::now().duration_since(modified).is_ok_and(|age| age > ORPHANED);
    old && name.starts_with('.') && name.ends_with(PART)
}

fn random_letters() -> Result<String> {
    let mut bytes = [0_u8; 7];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

/// The name with a suffix before its extension, shortened to fit; `None` if nothing is left of it.
fn fitting(name: &str, suffix: &str, room: usize) -> Option<String> {
    let (stem, extension) = match name.rfind('.').filter(|at| *at > 0) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let fixed = suffix.chars().count() + extension.chars().count();
    let mut stem: String = stem.chars().take(room.checked_sub(fixed)?).collect();
    // Disks count bytes, columns count characters.
    while stem.len() + suffix.len() + extension.len() > LONGEST - PART.len() - 1 {
        stem.pop()?;
    }
    (!stem.is_empty()).then(|| format!("{stem}{suffix}{extension}"))
}

/// The last part of a name as a client sends it, whatever system the client runs on.
#[must_use]
pub(crate) fn base_name(sent: &str) -> &str {
    match sent.rsplit(['/', '\\']).next().unwrap_or_default().trim() {
        "." | ".." => "",
        name => name,
    }
}

/// A name as it was submitted: the last part without what cannot be printed. Empty if nothing is left.
#[must_use]
pub(crate) fn submitted_name(sent: &str) -> String {
    base_name(sent).chars().filter(|letter| !letter.is_control()).collect()
}

/// A name that is safe on every disk and in every address: letters, digits, `-`, `_` and `.`, never hidden.
#[must_use]
pub(crate) fn safe_name(sent: &str) -> String {
    let keep = |letter: char| match letter {
        ' ' => Some('_'),
        '-' | '_' | '.' => Some(letter),
        letter if letter.is_alphanumeric() => Some(letter),
        _ => None,
    };
    let name: String = base_name(sent).chars().filter_map(keep).collect();
    name.trim_start_matches('.').to_owned()
}

/// A folder below the root: its parts, without those that lead elsewhere.
fn safe_folder(folder: &str) -> String {
    let parts = folder.split(['/', '\\']).map(safe_name).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{fitting, safe_folder, safe_name};

    #[test]
    fn names_come_from_a_safe_alphabet() {
        for (sent, expected) in [
            ("guide.txt", "guide.txt"),
            ("my guide (1).txt", "my_guide_1.txt"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\ä b.PDF", "ä_b.PDF"),
            (".htaccess", "htaccess"),
            ("...", ""),
            ("a\0\n<>.txt", "a.txt"),
        ] {
            assert_eq!(safe_name(sent), expected, "{sent}");
        }
        assert_eq!(safe_folder("manuals/../2024//05/"), "manuals/2024/05");
    }

    #[test]
    fn names_are_shortened_before_their_extension() {
        assert_eq!(fitting("guide.txt", "_abcdefg", 100).as_deref(), Some("guide_abcdefg.txt"));
        assert_eq!(fitting("guide.txt", "", 7).as_deref(), Some("gui.txt"));
        assert_eq!(fitting("guide.txt", "_abcdefg", 7), None);
        assert!(fitting(&"ä".repeat(300), "", 400).is_some_and(|name| name.len() < 250));
    }
}
