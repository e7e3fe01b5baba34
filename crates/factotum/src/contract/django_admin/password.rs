//! Passwords that somebody gives to somebody else.

use super::Call;
use crate::http::{Fault, Reply};

/// `POST <app>/<model>/<pk>/password/`
pub(super) async fn set(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
