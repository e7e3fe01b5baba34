//! `[contracts.litestar.files]`: where uploads go that belong to no row yet, and how pictures are made smaller, as typed.

use super::reader::{Reader, Said};
use crate::complaint::Place;

/// Where uploads go that belong to no row yet.
#[derive(Debug, Default)]
pub(crate) struct LitestarFilesWritten {
    pub(crate) folder: Option<String>,
    pub(crate) s3: Option<S3Written>,
    pub(crate) upload_path: Option<Said>,
    pub(crate) public_url_base: Option<String>,
    pub(crate) max_file_size: Option<u64>,
    pub(crate) allowed_extensions: Option<Vec<Said>>,
    pub(crate) thumbnails: Option<ThumbnailsWritten>,
}

/// A bucket.
#[derive(Debug, Default)]
pub(crate) struct S3Written {
    pub(crate) bucket: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) path_style: Option<bool>,
    pub(crate) access_key_id: Option<String>,
    pub(crate) secret_access_key: Option<String>,
    /// Where the table was written.
    pub(crate) place: Place,
}

/// How pictures are made smaller.
#[derive(Debug, Default)]
pub(crate) struct ThumbnailsWritten {
    pub(crate) enabled: Option<bool>,
    pub(crate) size: Option<Said>,
    pub(crate) sizes: Vec<Said>,
    pub(crate) format: Option<Said>,
    pub(crate) quality: Option<u64>,
    /// Where the table was written.
    pub(crate) place: Place,
}

impl LitestarFilesWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> LitestarFilesWritten {
        let files = LitestarFilesWritten {
            folder: reader.text("folder"),
            s3: reader.section("s3", S3Written::of),
            upload_path: reader.said("upload_path"),
            public_url_base: reader.text("public_url_base"),
            max_file_size: reader.number("max_file_size"),
            allowed_extensions: reader.texts("allowed_extensions"),
            thumbnails: reader.section("thumbnails", ThumbnailsWritten::of),
        };
        if files.folder.is_some() == files.s3.is_some() {
            let words = "uploads need either 'folder' or 's3': where they lie".to_owned();
            reader.complain("C005", "folder", words);
        }
        files
    }
}

impl S3Written {
    fn of(reader: &mut Reader<'_>) -> S3Written {
        S3Written {
            bucket: reader.text("bucket"),
            region: reader.text("region"),
            endpoint: reader.text("endpoint"),
            prefix: reader.text("prefix"),
            path_style: reader.truth("path_style"),
            access_key_id: reader.text("access_key_id"),
            secret_access_key: reader.text("secret_access_key"),
            place: reader.own_place(),
        }
    }
}

impl ThumbnailsWritten {
    fn of(reader: &mut Reader<'_>) -> ThumbnailsWritten {
        ThumbnailsWritten {
            enabled: reader.truth("enabled"),
            size: reader.said("size"),
            sizes: reader.texts("sizes").unwrap_or_default(),
            format: reader.said("format"),
            quality: reader.number("quality"),
            place: reader.own_place(),
        }
    }
}
