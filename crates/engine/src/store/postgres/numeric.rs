//! PostgreSQL's exact numbers: digits to the base of ten thousand, as many as there are.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};

/// Reads a number as the server sends it; what is no number (NaN, the infinities) is none.
pub(super) fn read(bytes: &[u8]) -> Option<BigDecimal> {
    let word = |place: usize| Some(u16::from_be_bytes([*bytes.get(place * 2)?, *bytes.get(place * 2 + 1)?]));
    let (count, weight, sign, shown) = (word(0)?, word(1)?.cast_signed(), word(2)?, word(3)?);
    let negative = match sign {
        0 => false,
        0x4000 => true,
        _ => return None,
    };
    let digits = (0..usize::from(count)).map(|place| word(place + 4));
    let whole = if count <= 9 {
        let number = digits.into_iter().try_fold(0_i128, |so_far, digit| Some(so_far * 10_000 + i128::from(digit?)))?;
        BigInt::from(if negative { -number } else { number })
    } else {
        let mut decimal = Vec::with_capacity(usize::from(count) * 4);
        for digit in digits {
            let digit = digit?;
            let parts = [digit / 1_000, digit / 100 % 10, digit / 10 % 10, digit % 10];
            decimal.extend(parts.map(|part| u8::try_from(part).expect("a digit is below ten")));
        }
        BigInt::from_radix_be(if negative { Sign::Minus } else { Sign::Plus }, &decimal, 10)?
    };
    let scale = 4 * (i64::from(count) - i64::from(weight) - 1);
    Some(BigDecimal::new(whole, if count == 0 { 0 } else { scale }).with_scale(i64::from(shown)))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn numbers_as_the_server_sends_them() {
        let cases: [(&[u16], &str); 6] = [
            (&[0, 0, 0, 2], "0.00"),
            (&[1, 0, 0, 0, 7], "7"),
            (&[2, 0, 0x4000, 2, 12, 5000], "-12.50"),
            (&[1, 1, 0, 0, 3], "30000"),
            (&[1, 0xffff, 0, 4, 5], "0.0005"),
            (&[10, 9, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2], "1000000000000000000000000000000000002.0"),
        ];
        for (words, expected) in cases {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            assert_eq!(read(&bytes).unwrap().to_plain_string(), expected);
        }
        assert!(read(&[0, 0, 0, 0, 0xc0, 0, 0, 0]).is_none());
        assert!(read(&[0, 1, 0, 0, 0, 0, 0, 0]).is_none());
    }
}
