//! The dashboard: how many rows there are, what was done last, and widgets.

use serde_json::{Map, Value as Json};

/// Something that the dashboard shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Widget {
    /// Its name; one without is not shown.
    pub id: String,
    /// Its kind: `metric`, `chart`, `list` or `custom`; one without is not shown.
    pub kind: String,
    /// Its heading; one without is not shown.
    pub title: String,
    /// What it shows.
    pub data: Map<String, Json>,
    /// How it is drawn.
    pub config: Map<String, Json>,
}
