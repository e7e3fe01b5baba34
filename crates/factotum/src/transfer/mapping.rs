//! Which column of a file goes where, and what is done to its text on the way.

/// What is done to a text, which is always trimmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transform {
    /// Nothing more.
    #[default]
    None,
    /// In small letters.
    Lowercase,
    /// In capitals.
    Uppercase,
}

impl Transform {
    /// The text as it is meant.
    ///
    /// ```
    /// use factotum::transfer::mapping::Transform;
    /// assert_eq!(Transform::Uppercase.of(" one "), "ONE");
    /// ```
    #[must_use]
    pub fn of(self, text: &str) -> String {
        let text = text.trim();
        match self {
            Transform::None => text.to_owned(),
            Transform::Lowercase => text.to_lowercase(),
            Transform::Uppercase => text.to_uppercase(),
        }
    }
}
