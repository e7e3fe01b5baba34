//! The dozen things one can ask of an admin. Free functions, context first.

mod act;
mod bulk;
mod collect;
mod create;
mod delete;
mod find;
mod get;
mod history;
mod labels;
mod list;
mod lookup;
mod many;
mod password;
mod related;
mod rows;
mod save;
mod select;
mod tally;
mod update;

pub use act::{Acted, Which, act};
pub use bulk::{MOST, Operated, Operation, bulk_delete, bulk_update, operate};
pub use collect::Part;
pub use create::create;
pub use delete::{DeletePlan, carry_out, delete, plan_delete, plan_rows};
pub use find::{one, several};
pub use get::{fetch, fetch_any, get};
pub use history::{History, Logged, history, recent};
pub use labels::{called, label_of, labelled};
pub use list::list;
pub use lookup::{Found, lookup};
pub use password::{has_password, password_owner, set_password};
pub use related::{Related, related};
pub use select::Set;
pub use tally::{count, count_unasked, tally};
pub use update::update;
