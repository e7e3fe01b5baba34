//! Where smaller pictures lie: beside the picture if somebody asked, else in a folder of their own.

use factotum_engine::files::thumbnail::Format;

use super::path::extension;
use super::thumbnails::Thumbnails;

/// Whether a name is one of a picture that can be made smaller.
pub(super) fn is_picture(name: &str) -> bool {
    matches!(extension(name).as_deref(), Some("jpg" | "jpeg" | "png" | "gif" | "webp"))
}

/// The path of a file without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(0, |(folder, _)| folder.len() + 1);
    path[name..].rfind('.').map_or(path, |point| &path[..name + point])
}

/// The path of a smaller picture of a file, made because somebody asked: `a/front.png` in 20 by 10 is
/// `a/front_20x10.jpeg`.
pub(super) fn smaller(path: &str, (width, height): (u32, u32), format: Format) -> String {
    format!("{}_{width}x{height}.{}", stem(path), format.name())
}

/// The path of the smaller picture of an upload, made with it: `a/photo/2024/05/front.png` has
/// `a/photo_thumbnail/2024/05/front_thumb.jpeg`.
pub(super) fn with_upload(path: &str, format: Format) -> Option<String> {
    upload_stem(path).map(|stem| format!("{stem}.{}", format.name()))
}

fn upload_stem(path: &str) -> Option<String> {
    let mut parts = path.rsplitn(4, '/');
    let (name, month, year, field) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{field}_thumbnail/{year}/{month}/{}_thumb", stem(name)))
}

/// How the paths of the smaller pictures of a file begin.
pub(super) fn beginnings(path: &str) -> Vec<String> {
    let first = upload_stem(path).map(|stem| format!("{stem}."));
    first.into_iter().chain([format!("{}_", stem(path))]).collect()
}

/// Whether a path is one of a smaller picture and begins so.
pub(super) fn is_smaller(path: &str, start: &str) -> bool {
    let Some((rest, extension)) = path.rsplit_once('.') else { return false };
    let sized = rest.strip_prefix(start).is_some_and(|sides| Thumbnails::read_size(sides).is_some());
    (sized || start.strip_suffix('.') == Some(rest)) && Format::named(extension).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smaller_pictures_lie_beside_theirs() {
        let path = "up/product/photo/2024/05/1a2b3c4d_front.v2.png";
        let small = smaller(path, (20, 10), Format::Webp);
        assert_eq!(small, "up/product/photo/2024/05/1a2b3c4d_front.v2_20x10.webp");
        let with_it = with_upload(path, Format::Jpeg).unwrap();
        assert_eq!(with_it, "up/product/photo_thumbnail/2024/05/1a2b3c4d_front.v2_thumb.jpeg");
        let [first, second] = beginnings(path).try_into().unwrap();
        assert!(is_smaller(&with_it, &first) && is_smaller(&small, &second));
        for other in [path, "up/product/photo/2024/05/1a2b3c4d_front.v2_big.png", "up/x_20x10.webp"] {
            assert!(!is_smaller(other, &first) && !is_smaller(other, &second), "{other}");
        }
        assert_eq!(with_upload("front.png", Format::Png), None);
        assert!(is_picture("a.JPG") && !is_picture("a.svg") && !is_picture("jpg"));
    }
}
