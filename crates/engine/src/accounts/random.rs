//! Letters that nobody can guess: salts, session keys and tokens are made of them.

/// Lower case, upper case, digits: the alphabet of salts and of CSRF secrets, in Django's order.
pub const LETTERS_AND_DIGITS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Lower case and digits: the alphabet of session keys.
pub const LOWER_AND_DIGITS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// `length` letters of an ASCII `alphabet`, every one equally likely, from the system's random source.
pub fn letters(alphabet: &[u8], length: usize) -> String {
    assert!(!alphabet.is_empty() && alphabet.len() <= 256, "an alphabet has 1 to 256 letters");
    let mut text = String::with_capacity(length);
    let mut bytes = [0u8; 64];
    // A byte beyond the last whole multiple would make the first letters likelier, so it is thrown away.
    let fair = 256 - 256 % alphabet.len();
    while text.len() < length {
        getrandom::fill(&mut bytes).expect("the system has a random source");
        let usable = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        text.extend(usable.take(length - text.len()).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    text
}

/// So many random bytes from the system's random source.
pub(crate) fn bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the system has a random source");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_the_length_and_the_alphabet_asked_for() {
        let text = letters(LOWER_AND_DIGITS, 200);
        assert_eq!(text.len(), 200);
        assert!(text.bytes().all(|byte| LOWER_AND_DIGITS.contains(&byte)));
        assert_ne!(text, letters(LOWER_AND_DIGITS, 200));
    }

    #[test]
    fn every_letter_turns_up() {
        let text = letters(LETTERS_AND_DIGITS, 4000);
        assert!(LETTERS_AND_DIGITS.iter().all(|letter| text.contains(char::from(*letter))));
    }
}
