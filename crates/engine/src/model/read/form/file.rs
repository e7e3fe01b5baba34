//! Uploads: what they are called, whether they hold anything, and whether that is an image.

use super::super::Verdict;
use super::super::python::Sent;
use crate::files;
use crate::model::FlawKind;
use crate::value::Value;

/// Judges an upload; anything else is no file and counts for nothing. The name it is stored under is found later.
pub(super) fn parse(sent: Sent<'_>, max: u32, image: bool) -> Verdict {
    let Sent::File(upload) = sent else { return Ok(Value::from("")) };
    let name = files::submitted_name(&upload.name);
    let length = name.chars().count();
    if length > max as usize {
        return Err(FlawKind::FileNameTooLong { max, length }.into());
    }
    if name.is_empty() {
        return Err(FlawKind::NotFile.into());
    }
    if upload.content.is_empty() {
        return Err(FlawKind::EmptyFile.into());
    }
    if image && !files::is_image(&upload.content) {
        return Err(FlawKind::NotImage.into());
    }
    match files::strange_extension(&name).filter(|_| image) {
        Some(extension) => Err(FlawKind::NotImageName { extension }.into()),
        None => Ok(Value::Text(name)),
    }
}
