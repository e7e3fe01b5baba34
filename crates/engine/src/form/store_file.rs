//! An upload that was judged gets its place: below the field's folder, under a name that nobody has yet.

use indexmap::IndexMap;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Field, FieldKind, Model};
use crate::value::{Upload, Value};

/// Puts uploads aside until the transaction ends well, each under the name that its field will hold.
pub(super) async fn stage_all(
    cx: &mut Context,
    model: &Model,
    uploads: IndexMap<String, Upload>,
    values: &mut IndexMap<String, Value>,
) -> Result<()> {
    for (name, upload) in uploads {
        let field = model.field(&name).ok_or_else(|| Error::internal("an upload for no field"))?;
        values.insert(name, stage(cx, field, upload).await?);
    }
    Ok(())
}

/// Puts an upload aside until the transaction ends well, and gives the name it will be stored under.
async fn stage(cx: &mut Context, field: &Field, upload: Upload) -> Result<Value> {
    let FieldKind::File { folder, max, .. } = &field.kind else {
        return Err(Error::internal("an upload for a field that holds no file"));
    };
    let today = cx.now().to_zoned(cx.site().zone().clone());
    // A folder that is no pattern is taken as it stands.
    let folder = jiff::fmt::strtime::format(folder, &today).unwrap_or_else(|_| folder.clone());
    let files = cx.site().files().clone();
    let (name, staged) = files.stage(&folder, &upload.name, *max, upload.content).await?;
    cx.stage(staged);
    Ok(Value::Text(name))
}
