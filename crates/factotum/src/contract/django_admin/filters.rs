//! Filters: how they are described, and what they let through.
