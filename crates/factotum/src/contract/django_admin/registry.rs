//! The models that somebody may see, by application.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET registry/`
pub(super) async fn show(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
