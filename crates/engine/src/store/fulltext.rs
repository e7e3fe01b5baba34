//! Full text for a database that has none of this kind: PostgreSQL's way to cut a text into lexemes, to read a question
//! as people type it, and to rank, so that rows come in the same order wherever they are kept.

pub mod asked;
mod lexeme;
mod likeness;
mod narrow;
mod rank;
mod token;
mod vector;

pub use asked::{Asked, Phrase};
pub use lexeme::{Language, Lexeme};
pub use likeness::Pieces;
pub use narrow::narrowed;
pub use vector::Vector;
