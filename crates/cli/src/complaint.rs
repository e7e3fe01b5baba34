//! What is wrong with a configuration, and where.

use std::fmt;
use std::sync::Arc;

/// Where something was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// Nowhere: it is a default, or something is missing.
    #[default]
    Nowhere,
    /// In a file.
    File {
        /// The file.
        file: Arc<str>,
        /// The line, from one.
        line: usize,
        /// The column, from one.
        column: usize,
    },
    /// In a variable of the environment.
    Environment(String),
    /// On the command line.
    Flag(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Nowhere => Ok(()),
            Place::File { file, line, column } => write!(f, "{file}:{line}:{column}: "),
            Place::Environment(name) => write!(f, "environment {name}: "),
            Place::Flag(name) => write!(f, "{name}: "),
        }
    }
}

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The number to look up, as `C001`.
    pub code: &'static str,
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub words: String,
}

impl Complaint {
    /// A complaint.
    #[must_use]
    pub fn new(code: &'static str, place: &Place, words: impl Into<String>) -> Complaint {
        Complaint { code, place: place.clone(), words: words.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} [{}]", self.place, self.words, self.code)
    }
}

/// The one of the known names that is most like what was written, if any is like it.
pub(crate) fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase());
    let most = (written.chars().count() / 3).max(1);
    let near = known.into_iter().map(|name| (distance(name), name)).min_by_key(|(distance, _)| *distance);
    near.filter(|(distance, _)| *distance <= most).map(|(_, name)| name)
}

/// ", did you mean 'name'?" where something is near.
pub(crate) fn suggestion<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    nearest(written, known).map_or_else(String::new, |name| format!(", did you mean '{name}'?"))
}
