//! How alike two texts are, by the runs of three letters that they share: `similarity` of PostgreSQL's `pg_trgm`.

use std::collections::BTreeSet;

/// From 0 for nothing in common to 1 for the same words.
#[must_use]
pub fn likeness(one: &str, other: &str) -> f32 {
    let (one, other) = (pieces(one), pieces(other));
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len() - shared;
    if all == 0 { 0.0 } else { shared as f32 / all as f32 }
}

/// The runs of three letters of every word, with two blanks before the word and one behind it.
fn pieces(text: &str) -> BTreeSet<[char; 3]> {
    let lower = text.to_lowercase();
    let mut pieces = BTreeSet::new();
    for word in lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let letters: Vec<char> = "  ".chars().chain(word.chars()).chain([' ']).collect();
        pieces.extend(letters.windows(3).map(|three| [three[0], three[1], three[2]]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likeness_is_that_of_postgresql() {
        assert_eq!(likeness("django-payments", "paymnets"), 0.25);
        assert_eq!(likeness("Django Payments", "payments-django"), 1.0);
        assert_eq!(likeness("", ""), 0.0);
        assert_eq!(likeness("one", ""), 0.0);
    }
}
