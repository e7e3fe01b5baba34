//! Several rows changed at once, all of them or none.

use super::Call;
use crate::http::{Fault, Reply};

/// `PATCH <app>/<model>/bulk/`
pub(super) async fn run(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
