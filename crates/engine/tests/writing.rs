//! Writing through the operations, on a real database: what is stored, what is refused, and what is recorded.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "writing/children.rs"]
mod children;
#[path = "writing/columns.rs"]
mod columns;
#[path = "writing/deletes.rs"]
mod deletes;
#[path = "writing/filled.rs"]
mod filled;
mod fixture;
#[path = "writing/forms.rs"]
mod forms;
#[path = "writing/graphs.rs"]
mod graphs;
#[path = "writing/odd.rs"]
mod odd;
#[path = "writing/saves.rs"]
mod saves;
#[path = "writing/several.rs"]
mod several;
#[path = "writing/transfers.rs"]
mod transfers;
#[path = "writing/world.rs"]
mod world;
