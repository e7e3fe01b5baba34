//! The reference shop as a program.

fn main() {}
