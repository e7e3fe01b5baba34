//! The dozen things one can ask of an admin. Free functions, context first.
