//! From raw to typed: the only coercion there is. A form value, a filter term, a key in a path and a default in a
//! configuration all pass through it.

pub mod check;
