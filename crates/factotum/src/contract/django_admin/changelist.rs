//! A page of rows with everything that a list shows around it.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/`
pub(super) async fn list(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// What lists need of their models, worked out once.
#[derive(Debug, Default)]
pub struct Shelf;
