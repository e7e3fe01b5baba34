//! Uploads: there is a name, it is short enough, there is content, and an image looks like one.

use super::Verdict;
use super::python::Sent;
use crate::files;
use crate::model::FlawKind;
use crate::value::Value;

/// Judges an upload; the value is the name as it was sent, the form decides under which name it is stored.
pub(super) fn read(sent: Sent<'_>, max: u32, image: bool) -> Verdict {
    let Sent::File(upload) = sent else { return Err(FlawKind::NotFile.into()) };
    let length = files::base_name(&upload.name).chars().count();
    if files::safe_name(&upload.name).is_empty() {
        return Err(FlawKind::NoFileName.into());
    }
    if upload.content.is_empty() {
        return Err(FlawKind::EmptyFile.into());
    }
    if length > max as usize {
        return Err(FlawKind::FileNameTooLong { max, length }.into());
    }
    if image && !files::is_image(&upload.content) {
        return Err(FlawKind::NotImage.into());
    }
    if let Some(extension) = files::strange_extension(&upload.name).filter(|_| image) {
        return Err(FlawKind::NotImageName { extension }.into());
    }
    Ok(Value::Text(upload.name.clone()))
}
