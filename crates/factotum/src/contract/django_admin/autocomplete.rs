//! Rows that a field can point at, found by what somebody types.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/autocomplete/`
pub(super) async fn find(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
