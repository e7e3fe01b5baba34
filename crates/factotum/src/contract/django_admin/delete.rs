//! Rows deleted, and what a delete would take along.

use super::Call;
use crate::http::{Fault, Reply};

/// `DELETE <app>/<model>/<pk>/`
pub(super) async fn run(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `GET <app>/<model>/<pk>/delete-preview/`
pub(super) async fn preview(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `POST <app>/<model>/delete-preview/`
pub(super) async fn preview_of(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
