//! New rows and changed ones.

use super::Call;
use crate::http::{Fault, Reply};

/// `POST <app>/<model>/`
pub(super) async fn create(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `PATCH <app>/<model>/<pk>/`
pub(super) async fn update(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
