//! How well a document answers: PostgreSQL's `ts_rank`, in its own single precision.

use super::asked::Asked;
use super::vector::{Place, Vector};
use crate::store::document::Weights;

/// What the sum of `1 / n²` comes to: by it the rank of one lexeme stays below one.
const WHOLE: f64 = 1.644_934_066_85;

/// The rank of a document in which no two of the lexemes that were asked for together stand.
const LEAST: f32 = 1e-20;

impl Vector {
    /// How well it answers. A document that is not what was asked for has a rank all the same.
    #[must_use]
    pub fn rank(&self, asked: &Asked, weights: Weights) -> f32 {
        let lexemes: Vec<(&str, bool)> = asked.lexemes().into_iter().collect();
        if asked.joins() && lexemes.len() > 1 { self.together(&lexemes, weights) } else { self.each(&lexemes, weights) }
    }

    /// The nearer lexemes stand to each other, the better.
    fn together(&self, lexemes: &[(&str, bool)], weights: Weights) -> f32 {
        let mut rank: Option<f32> = None;
        let mut before: Vec<&[Place]> = Vec::new();
        for (lexeme, starts) in lexemes {
            let mut last = None;
            for places in self.entries(lexeme, *starts) {
                let pairs = before.iter().flat_map(|others| pairs(places, others));
                for near in pairs.filter_map(|(one, other)| nearness(*one, *other, weights)) {
                    rank =
                        Some(rank.map_or(near, |rank| single(1.0 - (1.0 - f64::from(rank)) * (1.0 - f64::from(near)))));
                }
                last = Some(places);
            }
            before.extend(last);
        }
        rank.unwrap_or(LEAST)
    }

    /// The more often and the weightier each lexeme stands there, the better.
    fn each(&self, lexemes: &[(&str, bool)], weights: Weights) -> f32 {
        let mut rank = 0.0_f32;
        for (lexeme, starts) in lexemes {
            for places in self.entries(lexeme, *starts) {
                rank = single(f64::from(rank) + often(places, weights));
            }
        }
        if lexemes.is_empty() { rank } else { rank / lexemes.len() as f32 }
    }
}

fn pairs<'p>(some: &'p [Place], others: &'p [Place]) -> impl Iterator<Item = (&'p Place, &'p Place)> {
    some.iter().flat_map(move |one| others.iter().map(move |other| (one, other)))
}

/// What two places are worth together; nothing for one and the same place.
fn nearness(one: Place, other: Place, weights: Weights) -> Option<f32> {
    let far = one.position.abs_diff(other.position);
    let by_distance = match far {
        0 => return None,
        1..=100 => single(1.0 / (1.005 + 0.05 * (f64::from(far as f32) / 1.5 - 2.0).exp())),
        _ => 1e-30,
    };
    let both = weights.of(one.class) * weights.of(other.class) * by_distance;
    Some(single(f64::from(both).sqrt()))
}

/// What the places of one lexeme are worth: the weightiest counts whole, the others less and less.
fn often(places: &[Place], weights: Weights) -> f64 {
    let squared = |at: usize| ((at + 1) * (at + 1)) as f32;
    let (mut sum, mut best, mut best_at) = (0.0_f32, -1.0_f32, 0);
    for (at, place) in places.iter().enumerate() {
        let weight = weights.of(place.class);
        sum += weight / squared(at);
        if weight > best {
            (best, best_at) = (weight, at);
        }
    }
    f64::from(best + sum - best / squared(best_at)) / WHOLE
}

/// What is kept of a number in single precision.
fn single(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::super::lexeme::Language;
    use super::*;
    use crate::store::document::{Class, Sought};

    fn rank(title: &str, slug: &str, description: &str, text: &str) -> f32 {
        let parts = [(Class::A, title), (Class::B, slug), (Class::C, description)];
        let vector = Vector::of(Language::English, parts);
        let sought = Sought { text: text.to_owned(), start: None };
        let asked = Asked::of(Language::English, &sought).expect("a question");
        vector.rank(&asked, Weights::default())
    }

    #[test]
    fn ranks_are_those_of_postgresql() {
        let close = |rank: f32, expected: f32| assert!((rank - expected).abs() < 1e-6, "{rank} is not {expected}");
        close(rank("Rest", "rest", "", "rest"), 0.668_719_8);
        close(rank("Django Lantern", "django-lantern", "", "django lantern"), 0.999_188_5);
        close(rank("Django", "x", "", "django lantern"), 0.0);
        close(rank("a rest", "b", "rest and rest", "rest or mail"), 0.325_916_5);
    }
}
