//! What is concluded from the facts of databases, small and nasty.
