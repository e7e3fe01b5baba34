//! Where uploads go, and which ones are taken in.

use std::fmt;
use std::sync::Arc;

use factotum_engine::files::{FileStorage, is_plain_path};

use super::path::extension;
use super::thumbnails::Thumbnails;

/// The extensions that are taken in unless a site says otherwise.
pub const EXTENSIONS: [&str; 19] = [
    "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt",
    "csv", "zip", "tar", "gz",
];
/// The most bytes of a file unless a site says otherwise.
const MOST: u64 = 10 * 1024 * 1024;
const MEGABYTE: f64 = 1024.0 * 1024.0;

/// Where uploads go, and which ones are taken in.
#[derive(Clone)]
pub struct Uploads {
    /// Where files lie.
    pub storage: Arc<dyn FileStorage>,
    /// The folder in there of all uploads, such as `uploads`; nothing outside of it is given out or removed. A plain
    /// path, as [`is_plain_path`] says.
    pub upload_path: String,
    /// What stands before a path in its public address, without a slash at the end; with `http://` or `https://` who
    /// asks for a file is sent there.
    pub public_url_base: Option<String>,
    /// The most bytes of a file. The most that a request may send to be kept on the disk goes before it.
    pub max_file_size: u64,
    /// The extensions that are taken in, in lower case without a dot.
    pub allowed_extensions: Vec<String>,
    /// How pictures are made smaller, where the program can; without it none are.
    pub thumbnails: Option<Thumbnails>,
}

impl fmt::Debug for Uploads {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Uploads").field("upload_path", &self.upload_path).finish_non_exhaustive()
    }
}

impl Uploads {
    /// Uploads to a place, with the usual limits: 10 MiB, and the types of office and web. Pictures get smaller ones
    /// where somebody asks.
    #[must_use]
    pub fn to(storage: Arc<dyn FileStorage>) -> Uploads {
        Uploads {
            storage,
            upload_path: "uploads".to_owned(),
            public_url_base: None,
            max_file_size: MOST,
            allowed_extensions: EXTENSIONS.map(str::to_owned).to_vec(),
            thumbnails: Some(Thumbnails::default()),
        }
    }

    /// Whether a path is one of an upload.
    pub(super) fn holds(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.upload_path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        below && is_plain_path(path)
    }

    /// The public address of a file.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.public_url_base.as_deref().unwrap_or_default().trim_end_matches('/'))
    }

    /// Whether files have an address of their own.
    pub(super) fn is_public(&self) -> bool {
        self.public_url_base.as_deref().is_some_and(|base| base.starts_with("http://") || base.starts_with("https://"))
    }
}

/// Why a file is not taken in.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refused {
    NoExtension,
    Extension { given: String, allowed: Vec<String> },
    Empty,
    TooLarge { size: u64, most: u64 },
}

impl Refused {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Refused::NoExtension => "no_extension",
            Refused::Extension { .. } => "invalid_extension",
            Refused::Empty => "empty_file",
            Refused::TooLarge { .. } => "file_too_large",
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Refused::NoExtension => "File must have an extension".to_owned(),
            Refused::Extension { given, allowed } => {
                format!("File extension '.{given}' is not allowed. Allowed: {}", allowed.join(", "))
            }
            Refused::Empty => "File size must be greater than 0".to_owned(),
            Refused::TooLarge { size, most } => {
                let (size, most) = (megabytes(*size), megabytes(*most));
                format!("File size ({size:.1} MB) exceeds maximum allowed size ({most:.1} MB)")
            }
        }
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / MEGABYTE
}

/// What a file must be. A request can only ask for less than the site allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limits {
    extensions: Vec<String>,
    most: u64,
}

impl Limits {
    pub(super) fn of(uploads: Option<&Uploads>, extensions: Option<&[String]>, most: Option<u64>) -> Limits {
        let usual = || EXTENSIONS.map(str::to_owned).to_vec();
        let mut allowed = uploads.map_or_else(usual, |uploads| uploads.allowed_extensions.clone());
        allowed.retain(|extension| extensions.is_none_or(|asked| asked.contains(extension)));
        allowed.sort();
        let limit = uploads.map_or(MOST, |uploads| uploads.max_file_size);
        Limits { extensions: allowed, most: most.map_or(limit, |most| most.min(limit)) }
    }

    /// What is wrong with a file of this name and so many bytes.
    pub(super) fn judge(&self, name: &str, size: u64) -> Vec<Refused> {
        let mut refused = Vec::new();
        match extension(name) {
            None => refused.push(Refused::NoExtension),
            Some(given) if !self.extensions.contains(&given) => {
                refused.push(Refused::Extension { given, allowed: self.extensions.clone() });
            }
            Some(_) => {}
        }
        match size {
            0 => refused.push(Refused::Empty),
            size if size > self.most => refused.push(Refused::TooLarge { size, most: self.most }),
            _ => {}
        }
        refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use factotum_engine::files::Folder;

    fn uploads() -> Uploads {
        Uploads { max_file_size: 5, ..Uploads::to(Arc::new(Folder::at("nowhere"))) }
    }

    fn codes(limits: &Limits, name: &str, content: &'static str) -> Vec<&'static str> {
        limits.judge(name, content.len() as u64).iter().map(Refused::code).collect()
    }

    #[test]
    fn a_request_can_only_ask_for_less() {
        let asked = ["exe".to_owned(), "png".to_owned()];
        let limits = Limits::of(Some(&uploads()), Some(&asked), Some(50));
        assert_eq!(limits, Limits { extensions: vec!["png".to_owned()], most: 5 });
        assert_eq!(codes(&limits, "a.PNG", "12345"), [""; 0]);
        assert_eq!(codes(&limits, "a.exe", "123456"), ["invalid_extension", "file_too_large"]);
        assert_eq!(codes(&limits, "a", ""), ["no_extension", "empty_file"]);
        let words = Refused::TooLarge { size: 2_097_152, most: 1_048_576 }.words();
        assert_eq!(words, "File size (2.0 MB) exceeds maximum allowed size (1.0 MB)");
    }

    #[test]
    fn only_uploads_are_given_out() {
        let uploads = uploads();
        assert!(uploads.holds("uploads/a/b.png"));
        for path in
            ["uploads", "uploads/", "uploadsx/a", "other/a", "uploads/../other", "uploads/.a.part", "/uploads/a"]
        {
            assert!(!uploads.holds(path), "{path}");
        }
        assert_eq!(uploads.url("uploads/a"), "/uploads/a");
        let public = Uploads { public_url_base: Some("https://cdn.example/".to_owned()), ..uploads };
        assert_eq!((public.url("uploads/a").as_str(), public.is_public()), ("https://cdn.example/uploads/a", true));
    }
}
