//! What a file is called, by whoever sends it and by us, and what its name says about it.

use factotum_engine::context;
use jiff::tz::TimeZone;
use uuid::Uuid;

/// The most characters of a part of a name.
const LONGEST: usize = 100;
/// The digits that make a name new.
const DIGITS: usize = 8;

/// The path of a new upload: the folder of all uploads, model, field, year, month and a name that is new.
pub(super) fn of_upload(root: &str, model: &str, field: &str, sent: &str) -> String {
    let month = context::now().to_zoned(TimeZone::UTC).strftime("%Y/%m").to_string();
    let digits = Uuid::new_v4().simple().to_string();
    let (model, field) = (clean(model, "unknown"), clean(field, "file"));
    format!("{root}/{model}/{field}/{month}/{}_{}", &digits[..DIGITS], name(sent))
}

/// A name built anew: ASCII in lower case, with the extension that was sent.
fn name(sent: &str) -> String {
    let parted = sent.rsplit_once('.').filter(|(_, extension)| !extension.contains(['/', '\\']));
    let (stem, extension) = parted.unwrap_or((sent, ""));
    let stem = clean(stem, "unnamed");
    match clean(extension, "") {
        extension if extension.is_empty() => stem,
        extension => format!("{stem}.{extension}"),
    }
}

/// A text as a part of a path: letters, digits and `-`, with one `_` for whatever else there is.
fn clean(text: &str, otherwise: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() || letter == '-' => out.push(letter),
            _ if out.ends_with('_') || out.is_empty() => {}
            _ => out.push('_'),
        }
        if out.len() == LONGEST {
            break;
        }
    }
    let cleaned = out.trim_end_matches('_');
    if cleaned.is_empty() { otherwise.to_owned() } else { cleaned.to_owned() }
}

/// The extension of a name, in lower case; `None` if it has none.
pub(super) fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    (!extension.is_empty()).then(|| extension.to_ascii_lowercase())
}

/// Extensions as they are listed in a text, with commas between.
pub(super) fn extensions(listed: &str) -> Vec<String> {
    let one = |text: &str| text.trim().trim_start_matches('.').to_ascii_lowercase();
    listed.split(',').map(one).filter(|extension| !extension.is_empty()).collect()
}

/// The type of a file, by its name.
pub(super) fn media(name: &str) -> &'static str {
    match extension(name).as_deref().unwrap_or_default() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "txt" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "rtf" => "application/rtf",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "odp" => "application/vnd.oasis.opendocument.presentation",
        "zip" => "application/zip",
        "tar" => "application/x-tar",
        "gz" => "application/gzip",
        "7z" => "application/x-7z-compressed",
        "rar" => "application/vnd.rar",
        "json" => "application/json",
        "xml" => "application/xml",
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        _ => "application/octet-stream",
    }
}

/// Whether a browser may show files of a type in its own window: pictures without a script, and plain text.
pub(super) fn is_passive(media: &str) -> bool {
    matches!(
        media,
        "image/jpeg"
            | "image/png"
            | "image/gif"
            | "image/webp"
            | "image/x-icon"
            | "image/bmp"
            | "text/plain; charset=utf-8"
    )
}

/// A name that may stand between quotation marks in a header.
pub(super) fn quotable(name: &str) -> String {
    name.chars()
        .map(|letter| if letter.is_ascii_graphic() && !"\"\\%".contains(letter) { letter } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_built_anew() {
        for (sent, expected) in [
            ("My Document (1).PDF", "my_document_1.pdf"),
            ("../../etc/passwd", "etc_passwd"),
            ("..\\evil.exe", "evil.exe"),
            ("größe.png", "gr_e.png"),
            (".htaccess", "unnamed.htaccess"),
            ("...", "unnamed"),
            ("a.b/c", "a_b_c"),
            ("", "unnamed"),
        ] {
            assert_eq!(name(sent), expected, "{sent}");
        }
        assert_eq!(name(&format!("{}.txt", "x".repeat(300))).len(), LONGEST + 4);
    }

    #[test]
    fn a_path_stays_below_its_root() {
        let path = of_upload("uploads", "../Product", "a/b", "x.png");
        assert!(path.starts_with("uploads/product/a_b/"), "{path}");
        assert!(factotum_engine::files::is_plain_path(&path), "{path}");
        assert_ne!(path, of_upload("uploads", "../Product", "a/b", "x.png"));
    }

    #[test]
    fn only_what_cannot_run_is_shown() {
        for (file, shown) in [("a.png", true), ("a.TXT", true), ("a.svg", false), ("a.html", false), ("a", false)] {
            assert_eq!(is_passive(media(file)), shown, "{file}");
        }
        assert_eq!(quotable("a\"b\r\nä.txt"), "a_b___.txt");
        assert_eq!(extensions(" .PNG, jpg,,"), ["png", "jpg"]);
    }
}
