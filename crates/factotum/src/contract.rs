//! The wire contracts: one folder each, none of which knows another.

