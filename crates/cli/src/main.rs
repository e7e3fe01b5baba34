//! The program `factotum`.

fn main() {}
