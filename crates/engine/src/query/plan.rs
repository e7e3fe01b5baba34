//! Names become columns, raw terms become values: after this, every name exists and every value has its type.
