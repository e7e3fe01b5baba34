//! Statement to text and arguments: the only place that makes SQL.
