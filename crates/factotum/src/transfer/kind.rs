//! What the values of a column seem to be, by a vote of those that are there.

/// What values can seem to be, in the order in which a tie is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A day with a time.
    DateTime,
    /// A day.
    Date,
    /// Truth, by its usual words.
    Boolean,
    /// A number with a point.
    Float,
    /// A whole number.
    Integer,
    /// Anything else.
    String,
}

/// In the order in which a value is tried.
const TRIED: [Kind; 6] = [Kind::DateTime, Kind::Date, Kind::Boolean, Kind::Integer, Kind::Float, Kind::String];
const TIES: [Kind; 6] = [Kind::DateTime, Kind::Date, Kind::Boolean, Kind::Float, Kind::Integer, Kind::String];

impl Kind {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::DateTime => "datetime",
            Kind::Date => "date",
            Kind::Boolean => "boolean",
            Kind::Float => "float",
            Kind::Integer => "integer",
            Kind::String => "string",
        }
    }

    /// What the most of these values seem to be; blank ones have no vote.
    ///
    /// ```
    /// use factotum::transfer::kind::Kind;
    /// assert_eq!(Kind::of(["1.5", "", "2"].into_iter()), Kind::Float);
    /// ```
    pub fn of<'v>(values: impl Iterator<Item = &'v str>) -> Kind {
        let mut votes = [0_usize; TIES.len()];
        for value in values.map(str::trim).filter(|value| !value.is_empty()) {
            let kind = TRIED.into_iter().find(|kind| kind.fits(value)).unwrap_or(Kind::String);
            let place = TIES.iter().position(|known| *known == kind);
            place.into_iter().for_each(|place| votes[place] += 1);
        }
        let most = votes.iter().copied().max().filter(|most| *most > 0);
        let winner = most.and_then(|most| votes.iter().position(|count| *count == most));
        winner.map_or(Kind::String, |place| TIES[place])
    }

    fn fits(self, value: &str) -> bool {
        match self {
            Kind::DateTime => is_moment(value),
            Kind::Date => value.len() == 10 && is_day(value),
            Kind::Boolean => {
                ["true", "false", "yes", "no", "1", "0"].iter().any(|word| value.eq_ignore_ascii_case(word))
            }
            Kind::Integer => is_digits(value.strip_prefix('-').unwrap_or(value)),
            Kind::Float => is_float(value.strip_prefix('-').unwrap_or(value)),
            Kind::String => true,
        }
    }
}

/// Whether a text begins as a day does: `YYYY-MM-DD`.
#[must_use]
pub fn is_day(text: &str) -> bool {
    has_shape(text, "0000-00-00")
}

/// Whether a text begins as a moment does: `YYYY-MM-DD`, a blank or `T`, `HH:MM`.
#[must_use]
pub fn is_moment(text: &str) -> bool {
    has_shape(text, "0000-00-00T00:00") || has_shape(text, "0000-00-00 00:00")
}

/// Whether a text begins in a shape, whose zeros stand for digits.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| if wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted };
    text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits with at most one point, at either end or between them.
fn is_float(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_votes_win() {
        let cases: [(&[&str], &str); 16] = [
            (&["1", "2"], "boolean"),
            (&["12", "13"], "integer"),
            (&["1.5", "12"], "float"),
            (&["-1.5", ".5", "5."], "float"),
            (&["2024-01-01", "2024-01-02"], "date"),
            (&["2024-01-01T10:00", "2024-01-01 11:00:00Z"], "datetime"),
            (&["2024-01-01x", "2024-1-1"], "string"),
            (&["Yes", "NO"], "boolean"),
            (&["", " "], "string"),
            (&[], "string"),
            (&["", "x"], "string"),
            (&["12", "x"], "integer"),
            (&["2024-01-01", "12"], "date"),
            (&["1e5", "+5", "-", "."], "string"),
            (&["12", "12x", "13"], "integer"),
            (&["yes", "12"], "boolean"),
        ];
        for (values, expected) in cases {
            assert_eq!(Kind::of(values.iter().copied()).name(), expected, "{values:?}");
        }
    }
}
