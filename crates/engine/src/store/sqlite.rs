//! SQLite: reader threads and one writer thread.
