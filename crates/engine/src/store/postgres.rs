//! PostgreSQL: a pool of pipelined connections.
