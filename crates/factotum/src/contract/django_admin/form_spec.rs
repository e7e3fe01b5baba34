//! How forms are drawn.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/add/form-spec/`
pub(super) async fn add(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `GET <app>/<model>/<pk>/form-spec/`
pub(super) async fn change(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `POST <app>/<model>/<pk>/change/`
pub(super) async fn submit(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
