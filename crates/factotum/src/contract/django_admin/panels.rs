//! What panels show of a row.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/<pk>/panel/<name>/`
pub(super) async fn show(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
