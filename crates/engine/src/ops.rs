//! The dozen things one can ask of an admin. Free functions, context first.

mod act;
mod get;
mod labels;
mod list;
mod lookup;
mod select;
mod tally;

pub use act::{Acted, Which, act};
pub use get::{fetch, fetch_any, get};
pub use labels::{label_of, labelled};
pub use list::list;
pub use lookup::{Found, lookup};
pub use select::Set;
pub use tally::{count, count_unasked, tally};
