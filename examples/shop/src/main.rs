//! The reference shop as a program: `shop serve --database sqlite:shop.sqlite3`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    factotum_cli::main(shop::Shop)
}
