//! Where files lie that nothing but their path names: a folder of this machine, or what a site brings.

use futures_util::future::BoxFuture;

use super::pieces::{Kept, Pieces};
use crate::error::Result;

/// The most bytes of a path.
const LONGEST_PATH: usize = 1024;

/// Where files lie that are named by a path such as `uploads/product/photo/2024/05/1a2b3c4d_front.png`.
///
/// Paths have passed [`is_plain_path`]: they are relative, with `/` between their parts, and lead nowhere else. Files
/// come and go in pieces; an implementation keeps none of them whole in memory.
/// Whatever fails for other reasons than that a file is not there is an [`Error::Internal`](crate::Error::Internal) or
/// [`Error::Unavailable`](crate::Error::Unavailable).
///
/// ```
/// use factotum_engine::files::{FileStorage, Folder, one_piece};
///
/// # async fn keep() -> factotum_engine::error::Result<()> {
/// # let folder = std::env::temp_dir().join("factotum-example");
/// let files = Folder::at(folder);
/// files.put("uploads/a.txt", one_piece("hello".into())).await?;
/// let kept = files.get("uploads/a.txt").await?.expect("it was just put there");
/// assert_eq!(kept.whole(1024).await?.as_deref(), Some(&b"hello"[..]));
/// assert!(files.remove("uploads/a.txt").await?);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(keep()).unwrap();
/// ```
pub trait FileStorage: Send + Sync + 'static {
    /// Keeps a file under a path that no other file has; a storage that can tell refuses a path that is taken. If it
    /// fails, or the pieces do, nothing is left behind.
    fn put<'a>(&'a self, path: &'a str, content: Pieces) -> BoxFuture<'a, Result<()>>;

    /// A file; `None` if there is none.
    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Option<Kept>>>;

    /// Whether there is a file.
    fn exists<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Removes a file; false if there is none.
    fn remove<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// The paths of the files of one folder whose names begin as the last part of this path does.
    fn beginning<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Vec<String>>>;
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
}
