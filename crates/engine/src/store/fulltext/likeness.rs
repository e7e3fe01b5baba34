//! How alike two texts are, by the runs of three letters that they share: `similarity` of PostgreSQL's `pg_trgm`.

/// The runs of three letters of a text, each once and in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pieces(Vec<u64>);

/// The bits of a letter.
const LETTER: u32 = 21;

impl Pieces {
    /// The runs of three letters of every word, with two blanks before the word and one behind it. Case does not count.
    #[must_use]
    pub fn of(text: &str) -> Pieces {
        let mut pieces = Vec::with_capacity(text.len() + 2);
        let blank = u64::from(u32::from(' '));
        let mut three = [blank; 3];
        let mut in_word = false;
        let mut next = |three: &mut [u64; 3], letter: u64| {
            *three = [three[1], three[2], letter];
            pieces.push(three.iter().fold(0, |piece, letter| piece << LETTER | letter));
        };
        for letter in text.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                next(&mut three, u64::from(u32::from(letter)));
                in_word = true;
            } else if in_word {
                next(&mut three, blank);
                (three, in_word) = ([blank; 3], false);
            }
        }
        if in_word {
            next(&mut three, blank);
        }
        pieces.sort_unstable();
        pieces.dedup();
        Pieces(pieces)
    }

    /// From 0 for nothing in common to 1 for the same words.
    #[must_use]
    pub fn likeness(&self, other: &Pieces) -> f32 {
        let shared = self.shared(other);
        let all = self.0.len() + other.0.len() - shared;
        if all == 0 { 0.0 } else { shared as f32 / all as f32 }
    }

    fn shared(&self, other: &Pieces) -> usize {
        let mut others = other.0.as_slice();
        let mut shared = 0;
        for piece in &self.0 {
            let before = others.iter().take_while(|other| *other < piece).count();
            others = &others[before..];
            shared += usize::from(others.first() == Some(piece));
        }
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::Pieces;

    fn likeness(one: &str, other: &str) -> f32 {
        Pieces::of(one).likeness(&Pieces::of(other))
    }

    #[test]
    fn likeness_is_that_of_postgresql() {
        assert_eq!(likeness("django-payments", "paymnets"), 0.25);
        assert_eq!(likeness("Django Payments", "payments-django"), 1.0);
        assert_eq!(likeness("djangolanterns", "django-lanterns"), 0.722_222_2);
        assert_eq!(likeness("lanterm charts", "Drf Lantern Charts"), 0.619_047_64);
        assert_eq!(likeness("ÄRGER", "ärger"), 1.0);
        assert_eq!(likeness("", ""), 0.0);
        assert_eq!(likeness("one", ""), 0.0);
    }
}
