//! `[search.NAME]`: a full-text search over one model, as typed.

use super::feed::FeedWritten;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// A search.
#[derive(Debug, Default)]
pub(crate) struct SearchWritten {
    pub(crate) name: String,
    pub(crate) table: Option<Said>,
    pub(crate) model: Option<Said>,
    pub(crate) language: Option<Said>,
    /// The texts of each class, A first.
    pub(crate) texts: [Vec<String>; 4],
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) boost: Option<String>,
    pub(crate) boost_factor: Option<f64>,
    pub(crate) alike: Vec<String>,
    pub(crate) least_likeness: Option<f64>,
    pub(crate) shortest_alike: Option<u64>,
    /// The shortest and the longest beginning of a word.
    pub(crate) beginnings: Option<Vec<f64>>,
    pub(crate) limit: Option<u64>,
    pub(crate) order: Vec<String>,
    pub(crate) feed: Option<FeedWritten>,
    pub(crate) place: Place,
}

impl SearchWritten {
    pub(super) fn of(name: &str, reader: &mut Reader<'_>) -> SearchWritten {
        let search = SearchWritten {
            name: name.to_owned(),
            table: reader.said("table"),
            model: reader.said("model"),
            language: reader.said("language"),
            texts: [reader.plain("a"), reader.plain("b"), reader.plain("c"), reader.plain("d")],
            weights: reader.decimals("weights"),
            boost: reader.text("boost"),
            boost_factor: reader.decimal("boost_factor"),
            alike: reader.plain("alike"),
            least_likeness: reader.decimal("least_likeness"),
            shortest_alike: reader.number("shortest_alike"),
            beginnings: reader.decimals("beginnings"),
            limit: reader.number("limit"),
            order: reader.plain("order"),
            feed: reader.section("feed", FeedWritten::of),
            place: reader.own_place(),
        };
        if search.model.is_none() && search.table.is_none() {
            reader.complain("C005", "model", format!("[search.{name}] needs a 'model': app.Model, or a 'table'"));
        }
        if search.weights.as_ref().is_some_and(|weights| weights.len() != 4) {
            reader.complain(
                "C004",
                "weights",
                "'weights' must be four numbers: what A, B, C and D are worth".to_owned(),
            );
        }
        let whole = |number: &f64| number.fract() == 0.0 && (1.0..=1_000.0).contains(number);
        if search.beginnings.as_ref().is_some_and(|said| said.len() != 2 || !said.iter().all(whole)) {
            let words = "'beginnings' must be two whole numbers: the fewest and the most characters";
            reader.complain("C004", "beginnings", words.to_owned());
        }
        search
    }
}
