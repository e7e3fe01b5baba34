//! This interface as an OpenAPI document.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET schema/`
pub(super) async fn show(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
