//! What was done to a row, and what somebody did last.

use super::Call;
use crate::http::{Fault, Reply};

/// `GET <app>/<model>/<pk>/history/`
pub(super) async fn of_row(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}

/// `GET recent-actions/`
pub(super) async fn recent(_call: Call) -> Result<Reply, Fault> {
    Err(Fault::NoSuchPath)
}
