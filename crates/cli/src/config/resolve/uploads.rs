//! Where uploads go that belong to no row yet, from words to what it means.

use std::sync::Arc;

use factotum::contract::litestar::{Thumbnails, Uploads};
use factotum::files::thumbnail::Format;
use factotum::files::{FileStorage, Folder, is_plain_path};

use super::Workshop;
use super::litestar::choose;
use crate::config::files::{LitestarFilesWritten, S3Written, ThumbnailsWritten};
use crate::config::reader::Said;

const FORMATS: [(&str, Format); 4] =
    [("jpeg", Format::Jpeg), ("jpg", Format::Jpeg), ("png", Format::Png), ("webp", Format::Webp)];

/// Where uploads go; a place that is not said was complained of already.
pub(super) fn uploads(said: &LitestarFilesWritten, shop: &mut Workshop<'_>) -> Option<Uploads> {
    let usual = Uploads::to(storage(said, shop)?);
    let upload_path = said.upload_path.as_ref().map(|said| (said, said.text.trim_matches('/').to_owned()));
    if let Some((said, _)) = upload_path.as_ref().filter(|(_, path)| !is_plain_path(path)) {
        let words = format!("'upload_path' must be a path such as \"uploads\", not '{}'", said.text);
        shop.complain("C020", &said.place, words);
    }
    let one = |said: &Said| said.text.trim_start_matches('.').to_ascii_lowercase();
    let extensions = said.allowed_extensions.as_ref().map(|all| all.iter().map(one).collect());
    Some(Uploads {
        upload_path: upload_path.map_or(usual.upload_path, |(_, path)| path),
        public_url_base: said.public_url_base.clone(),
        max_file_size: said.max_file_size.unwrap_or(usual.max_file_size),
        allowed_extensions: extensions.unwrap_or(usual.allowed_extensions),
        storage: usual.storage,
        thumbnails: match &said.thumbnails {
            Some(said) => thumbnails(said, shop),
            None => usual.thumbnails,
        },
    })
}

fn storage(said: &LitestarFilesWritten, shop: &mut Workshop<'_>) -> Option<Arc<dyn FileStorage>> {
    match (&said.folder, &said.s3) {
        (Some(folder), None) => Some(Arc::new(Folder::at(folder))),
        (None, Some(said)) => bucket(said).map_err(|words| shop.complain("C029", &said.place, words)).ok(),
        _ => None,
    }
}

#[cfg(feature = "s3")]
fn bucket(said: &S3Written) -> Result<Arc<dyn FileStorage>, String> {
    use factotum::http::s3::{Bucket, Place};
    let key = match (&said.access_key_id, &said.secret_access_key) {
        (Some(name), Some(secret)) => Some((name.clone(), secret.clone())),
        (None, None) => None,
        _ => return Err("'access_key_id' and 'secret_access_key' belong together".to_owned()),
    };
    let place = Place {
        bucket: said.bucket.clone().ok_or_else(|| "[contracts.litestar.files.s3] needs 'bucket'".to_owned())?,
        region: said.region.clone(),
        endpoint: said.endpoint.clone(),
        prefix: said.prefix.clone(),
        path_style: said.path_style,
        key,
    };
    let made = Bucket::at(&place).map_err(|error| format!("uploads have no place: {error}"))?;
    Ok(Arc::new(made))
}

#[cfg(not(feature = "s3"))]
fn bucket(said: &S3Written) -> Result<Arc<dyn FileStorage>, String> {
    let (_, _, _, _) = (&said.bucket, &said.region, &said.endpoint, &said.prefix);
    let (_, _, _) = (&said.path_style, &said.access_key_id, &said.secret_access_key);
    Err("this program was built without S3: build it with the feature 's3'".to_owned())
}

/// How pictures are made smaller; none if they are not.
fn thumbnails(said: &ThumbnailsWritten, shop: &mut Workshop<'_>) -> Option<Thumbnails> {
    if said.enabled == Some(false) {
        return None;
    }
    if cfg!(not(feature = "images")) {
        let words = "this program was built without pictures: build it with the feature 'images'";
        shop.complain("C029", &said.place, words);
    }
    let usual = Thumbnails::default();
    let own = said.size.as_ref().and_then(|said| sides(said, shop));
    let (width, height) = own.unwrap_or((usual.width, usual.height));
    let format = said.format.as_ref().and_then(|said| choose(said, "format", &FORMATS, shop));
    let quality = said.quality.map(|quality| u8::try_from(quality).ok().filter(|quality| (1..=100).contains(quality)));
    if quality == Some(None) {
        shop.complain("C014", &said.place, "'quality' must be a number from 1 to 100");
    }
    Some(Thumbnails {
        width,
        height,
        format: format.unwrap_or(usual.format),
        quality: quality.flatten().unwrap_or(usual.quality),
        sizes: said.sizes.iter().filter_map(|said| sides(said, shop)).collect(),
    })
}

/// The largest side that may be declared.
const LONGEST: u32 = 4096;

fn sides(said: &Said, shop: &mut Workshop<'_>) -> Option<(u32, u32)> {
    let sides = Thumbnails::read_size(&said.text).filter(|(width, height)| *width <= LONGEST && *height <= LONGEST);
    if sides.is_none() {
        let words = format!("'{}' is no size: write width and height, such as \"200x200\"", said.text);
        shop.complain("C014", &said.place, words);
    }
    sides
}
