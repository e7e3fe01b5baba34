//! The order in which a set of Python's gives numbers: the original collects the rows that refuse in one, and its
//! clients know them in that order.

/// The fewest places of a set.
const LEAST_PLACES: usize = 8;
/// So many neighbours are looked at before a number jumps elsewhere.
const NEIGHBOURS: usize = 9;

/// The positions of numbers in the order in which a set gives them that was made of them, and copied.
pub(super) fn order(numbers: &[u64]) -> Vec<usize> {
    let mut made = Table::of(LEAST_PLACES);
    for (at, &number) in numbers.iter().enumerate() {
        made.put(at, number);
        if (at + 1) * 5 >= (made.places.len() - 1) * 3 {
            made = made.moved(numbers, places_for((at + 1) * if at + 1 > 50_000 { 2 } else { 4 }));
        }
    }
    let few = numbers.len() * 5 < (LEAST_PLACES - 1) * 3;
    let places = if few { LEAST_PLACES } else { places_for(numbers.len() * 2) };
    let copied = if places == made.places.len() { made } else { made.moved(numbers, places) };
    copied.places.into_iter().flatten().collect()
}

/// The next power of two above a number.
fn places_for(number: usize) -> usize {
    (number + 1).next_power_of_two().max(LEAST_PLACES)
}

struct Table {
    /// The position of the number that is in each place.
    places: Vec<Option<usize>>,
}

impl Table {
    fn of(places: usize) -> Table {
        Table { places: vec![None; places] }
    }

    /// Puts a number into the first free place of those that are its own.
    fn put(&mut self, at: usize, number: u64) {
        let mask = self.places.len() - 1;
        let low = |number: u64| usize::try_from(number & mask as u64).unwrap_or_default();
        let (mut place, mut rest) = (low(number), number);
        loop {
            let last = if place + NEIGHBOURS <= mask { place + NEIGHBOURS } else { place };
            if let Some(free) = (place..=last).find(|&place| self.places[place].is_none()) {
                self.places[free] = Some(at);
                return;
            }
            rest >>= 5;
            place = low((place as u64).wrapping_mul(5).wrapping_add(1).wrapping_add(rest));
        }
    }

    /// The same numbers in a table of another size.
    fn moved(self, numbers: &[u64], places: usize) -> Table {
        let mut table = Table::of(places);
        for at in self.places.into_iter().flatten() {
            table.put(at, numbers[at]);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    fn check(numbers: &[u64], expected: &[u64]) {
        let ordered: Vec<u64> = order(numbers).into_iter().map(|at| numbers[at]).collect();
        assert_eq!(ordered, expected);
    }

    #[test]
    fn numbers_come_as_python_gives_them() {
        check(&[], &[]);
        check(&[7], &[7]);
        check(&[9, 1], &[9, 1]);
        check(&[1025, 1731, 2119, 425], &[425, 1025, 1731, 2119]);
        check(
            &[3, 6, 9, 12, 30, 58, 62, 65, 71, 78, 89, 93, 97, 98, 106, 118, 121, 137, 141, 143, 153, 188, 193],
            &[65, 193, 3, 6, 71, 9, 137, 12, 141, 78, 143, 153, 89, 93, 30, 97, 98, 106, 118, 121, 58, 188, 62],
        );
        check(&[8, 16, 24, 0, 32], &[32, 0, 16, 8, 24]);
        check(
            &[
                653160, 267854, 777821, 375952, 833821, 723986, 988231, 882389, 775840, 683705, 967128, 555788, 30415,
                881169,
            ],
            &[
                775840, 777821, 988231, 653160, 555788, 267854, 30415, 375952, 881169, 723986, 882389, 967128, 683705,
                833821,
            ],
        );
        check(
            &[
                15264, 8168, 21272, 1704, 5144, 3712, 12184, 15376, 8080, 12480, 17824, 3344, 18808, 8176, 432, 23960,
                7104, 13376, 9160, 5968, 12768, 5232, 2360, 4552, 20256, 20240, 14584, 4152, 4336, 64,
            ],
            &[
                3712, 12480, 7104, 13376, 64, 9160, 4552, 15376, 8080, 3344, 20240, 5968, 23960, 12184, 21272, 5144,
                4152, 15264, 17824, 20256, 2360, 12768, 18808, 1704, 8168, 432, 8176, 5232, 4336, 14584,
            ],
        );
        check(
            &[
                1099511627776,
                1099511627840,
                1099511627904,
                1099511627968,
                1099511628032,
                1099511628096,
                1099511628160,
                1099511628224,
                1099511628288,
                1099511628352,
            ],
            &[
                1099511627776,
                1099511628032,
                1099511627840,
                1099511627904,
                1099511627968,
                1099511628096,
                1099511628160,
                1099511628224,
                1099511628288,
                1099511628352,
            ],
        );
    }
}
