//! One row with its form, and the form for a new row.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/<pk>/`
pub(super) async fn show(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `GET <app>/<model>/add/`
pub(super) async fn add_form(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
