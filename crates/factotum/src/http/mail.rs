//! Mail: a short text for one person, and whoever carries it.

#[cfg(feature = "smtp")]
pub mod smtp;

use std::fmt;
use std::path::PathBuf;

use factotum_engine::accounts::random::{self, LOWER_AND_DIGITS};
use futures_util::future::BoxFuture;

/// A text for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// A mail that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent(pub String);

impl fmt::Display for Unsent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a mail was not taken: {}", self.0)
    }
}

impl std::error::Error for Unsent {}

/// Whoever carries mails.
pub trait Mailer: fmt::Debug + Send + Sync {
    /// Hands a mail over. That it arrives nobody can promise.
    ///
    /// # Errors
    /// When it is not taken.
    fn send(&self, mail: Mail) -> BoxFuture<'_, Result<(), Unsent>>;
}

/// Puts every mail into a folder, as a file of its own: for tests, and to see what would be sent.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Mails become files of this folder, which is made when it is not there.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Folder {
        Folder { path: path.into() }
    }
}

impl Mailer for Folder {
    fn send(&self, mail: Mail) -> BoxFuture<'_, Result<(), Unsent>> {
        Box::pin(async move {
            let path = self.path.join(format!("{}.txt", random::letters(LOWER_AND_DIGITS, 16)));
            let text = format!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text);
            let written = async {
                tokio::fs::create_dir_all(&self.path).await?;
                tokio::fs::write(path, text).await
            };
            written.await.map_err(|error| Unsent(error.to_string()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_becomes_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let mailer = Folder::new(folder.path().join("out"));
        let mail = Mail { to: "ann@shop.test".into(), subject: "Hello".into(), text: "There you are.\n".into() };
        mailer.send(mail).await.expect("taken");
        let files: Vec<_> = std::fs::read_dir(folder.path().join("out")).expect("made").collect();
        let path = files.first().expect("one file").as_ref().expect("it").path();
        let text = std::fs::read_to_string(path).expect("text");
        assert_eq!(text, "To: ann@shop.test\nSubject: Hello\n\nThere you are.\n");
    }
}
