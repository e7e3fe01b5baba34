//! `[search.NAME]`: declared searches on the sites whose contracts register their models.

use factotum::problem::Problem;
use factotum::search::{Alike, Beginnings, Boost, Class, SearchIndex, Weights};
use factotum::site::Builder;

use super::{Mounted, Workshop, feed, packages};
use crate::complaint::{Place, suggestion};
use crate::config::Written;
use crate::config::reader::Said;
use crate::config::search::SearchWritten;

/// All searches whose models are known.
pub(super) fn all(written: &Written, shop: &mut Workshop<'_>) -> Vec<SearchIndex> {
    written.searches.iter().filter_map(|said| one(said, shop)).collect()
}

/// Declares the searches over models that a site registers.
pub(super) fn add(builder: Builder, searches: &[SearchIndex]) -> Builder {
    let known = |builder: &Builder, index: &SearchIndex| builder.has(&index.model);
    searches
        .iter()
        .fold(builder, |builder, index| if known(&builder, index) { builder.search(index.clone()) } else { builder })
}

/// Complains about searches that no contract can offer, where all of them could be made.
pub(super) fn check(contracts: &[Mounted], written: &Written, shop: &mut Workshop<'_>) {
    if !shop.complaints.is_empty() {
        return;
    }
    for said in &written.searches {
        let has = |mounted: &Mounted| mounted.site.search(&said.name).is_ok();
        if !contracts.iter().any(has) {
            let words = format!("no contract that is enabled registers the model of [search.{}]", said.name);
            shop.complain("C015", &said.place, words);
        }
    }
}

/// Where the search of a problem was written, if it is a problem of one: `NAME`, or `NAME.feed.SOURCE.COLUMN`.
pub(super) fn place(problem: &Problem, written: &Written) -> Option<Place> {
    let mut parts = problem.place.split('.');
    let name = parts.next().filter(|_| problem.model == "search")?;
    let said = written.searches.iter().find(|said| said.name == name)?;
    let feed = said.feed.as_ref().filter(|_| parts.next() == Some("feed"));
    Some(feed.map_or_else(|| said.place.clone(), |feed| feed::place(feed, parts)))
}

fn one(said: &SearchWritten, shop: &mut Workshop<'_>) -> Option<SearchIndex> {
    let model = packages::model_of(said.table.as_ref(), said.model.as_ref(), shop)?.key.clone();
    let usual = SearchIndex::new(&said.name, model);
    let fields = Class::ALL.into_iter().zip(&said.texts);
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let alike = (!said.alike.is_empty()).then(|| {
        let usual = Alike::new(&[]);
        Alike {
            fields: said.alike.clone(),
            least: said.least_likeness.unwrap_or(usual.least),
            shortest: said.shortest_alike.map_or(usual.shortest, size),
        }
    });
    Some(SearchIndex {
        language: said.language.as_ref().map_or(usual.language, |said| language(said, shop)),
        fields: fields.flat_map(|(class, names)| names.iter().map(move |name| (name.clone(), class))).collect(),
        weights: said.weights.as_deref().map_or(usual.weights, weights),
        boost: said.boost.clone().map(|field| Boost { field, factor: said.boost_factor.unwrap_or(USUAL_FACTOR) }),
        alike,
        beginnings: said.beginnings.as_deref().and_then(beginnings),
        limit: said.limit.unwrap_or(usual.limit),
        order: said.order.iter().map(|text| factotum::model::Order::parse(text)).collect(),
        feed: said.feed.as_ref().map(|said| feed::feed(said, shop)),
        ..SearchIndex::new(&said.name, usual.model)
    })
}

/// A language that the database knows, by a name in any case.
fn language(said: &Said, shop: &mut Workshop<'_>) -> String {
    let languages = &shop.facts.languages;
    if !languages.iter().any(|known| known.eq_ignore_ascii_case(&said.text)) {
        let near = suggestion(&said.text, languages.iter().map(String::as_str));
        let words = format!("the database's full text knows no language '{}'{near}", said.text);
        shop.complain("C014", &said.place, words);
    }
    said.text.to_ascii_lowercase()
}

/// By what a boost is multiplied unless somebody says: a number of 0 to 100 then counts about as much as a rank.
const USUAL_FACTOR: f64 = 0.02;

fn weights(said: &[f64]) -> Weights {
    let mut weights = Weights::default();
    for (weight, said) in weights.0.iter_mut().zip(said) {
        *weight = *said as f32;
    }
    weights
}

fn beginnings(said: &[f64]) -> Option<Beginnings> {
    let [shortest, longest] = said else { return None };
    Some(Beginnings { shortest: *shortest as usize, longest: *longest as usize })
}
