//! HTTP as plain data, and what every contract shares of it.

pub mod csrf;
pub mod json;
pub mod token;
