//! What `[contracts.packages]` means: collections over the models that were found, and what is wrong with them.

mod field;

use std::sync::Arc;

use factotum::contract::packages::{Collection, Lookup, Packages, When};
use factotum::model::{FieldKind, Model};
use factotum::query::Filter;
use factotum::{ModelKey, Site};
use jiff::tz::TimeZone;

use super::{Workshop, rows};
use crate::complaint::{Complaint, Place, suggestion};
use crate::config::packages::{CollectionWritten, PackagesSection, PublishedFieldWritten, PublishedLookupWritten};
use crate::config::reader::Said;
use crate::config::{SiteSection, Written};

/// The path of the document: no collection can have its name.
const DOCUMENT: &str = "openapi.json";

/// The contract with everything that is written.
pub(super) fn packages(written: &Written, shop: &mut Workshop<'_>) -> Packages {
    let section = &written.packages;
    let title = section.title.as_deref().or(written.site.title.as_deref()).unwrap_or("API");
    let mut contract = of_section(Packages::new(title), section);
    for said in &section.collections {
        if section.collections.iter().filter(|other| other.name.text == said.name.text).count() > 1 {
            shop.complain("C020", &said.name.place, format!("there is another collection '{}'", said.name.text));
        }
        if let Some(collection) = collection(said, section, shop) {
            contract = contract.collection(collection);
        }
    }
    for said in section.index.iter().flatten() {
        known_collection(said, section, shop);
    }
    once("the index", section.index.iter().flatten(), shop);
    contract
}

/// The settings that are no collections.
fn of_section(usual: Packages, section: &PackagesSection) -> Packages {
    let texts = |said: &Vec<Said>| said.iter().map(|said| said.text.clone()).collect();
    Packages {
        index: section.index.as_ref().map(texts),
        page_size: section.page_size.unwrap_or(usual.page_size).max(1),
        max_page_size: section.max_page_size.or(usual.max_page_size),
        naive_datetimes: section.naive_datetimes.unwrap_or(usual.naive_datetimes),
        formats: section.formats.unwrap_or(usual.formats),
        formats_in_links: section.formats_in_links.unwrap_or(usual.formats_in_links),
        html: section.html.unwrap_or(usual.html),
        document: section.openapi.unwrap_or(usual.document),
        etag: section.etag.unwrap_or(usual.etag),
        cache_control: section.cache_control.clone(),
        cors_origins: section.cors_origins.as_ref().map(texts).unwrap_or_default(),
        strict_transport_security: section
            .strict_transport_security
            .clone()
            .unwrap_or(usual.strict_transport_security.clone()),
        ..usual
    }
}

/// The zone in which times are told: the site's, unless the contract has its own.
pub(super) fn zone(section: &PackagesSection, complaints: &mut Vec<Complaint>) -> Option<TimeZone> {
    section.time_zone.as_ref()?;
    let site = SiteSection { time_zone: section.time_zone.clone(), ..SiteSection::default() };
    Some(super::settings::zone(&site, complaints))
}

fn known_collection(said: &Said, section: &PackagesSection, shop: &mut Workshop<'_>) {
    let mut names = section.collections.iter().map(|collection| collection.name.text.as_str());
    if !names.clone().any(|name| name == said.text) {
        let near = suggestion(&said.text, &mut names);
        shop.complain("C015", &said.place, format!("there is no collection '{}'{near}", said.text));
    }
}

fn collection(said: &CollectionWritten, section: &PackagesSection, shop: &mut Workshop<'_>) -> Option<Collection> {
    let name = &said.name;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if !name.text.chars().all(plain) || name.text == DOCUMENT {
        let words = format!("the name of a collection has letters, digits, '-' and '_' only, not '{}'", name.text);
        shop.complain("C020", &name.place, words);
    }
    let model = model(said, shop)?;
    let singular = said.singular.clone().unwrap_or_else(|| capital(&model.singular));
    let mut collection = Collection::new(&name.text, model.key.clone()).singular(&singular);
    collection.list_name.clone_from(&said.list_name);
    collection.about = said.about.clone().unwrap_or_default();
    collection.rows = said.rows.as_ref().map_or(Filter::All, |table| rows::filter(table, &model, shop));
    let order: Vec<&str> = said.order.iter().map(|said| said.text.as_str()).collect();
    collection = collection.ordered(&order);
    collection.lookups = lookups(said, &model, shop);
    collection.search = said.search.as_ref().map(|said| said.text.clone());
    once(&format!("the fields of '{}'", name.text), said.fields.iter().map(|field| &field.name), shop);
    for field in &said.fields {
        collection = collection.field(field::field(field, &model, section, shop)?);
    }
    Some(collection)
}

/// Complains of what is named twice, where it is named again.
fn once<'s>(place: &str, names: impl Iterator<Item = &'s Said>, shop: &mut Workshop<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    for said in names {
        if seen.contains(&said.text.as_str()) {
            shop.complain("C034", &said.place, format!("'{}' is twice in {place}", said.text));
        }
        seen.push(&said.text);
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The model of a collection.
fn model(said: &CollectionWritten, shop: &mut Workshop<'_>) -> Option<Arc<Model>> {
    model_of(said.table.as_ref(), said.model.as_ref(), shop)
}

/// A model by its table or its name.
pub(super) fn model_of(table: Option<&Said>, name: Option<&Said>, shop: &mut Workshop<'_>) -> Option<Arc<Model>> {
    match (table, name) {
        (Some(table), _) => of_table(table, shop),
        (None, Some(name)) => {
            let found = ModelKey::parse(&name.text).and_then(|key| shop.schema.find(&key).cloned());
            if found.is_none() {
                let models: Vec<String> = shop.schema.models().map(|model| model.key.to_string()).collect();
                let near = suggestion(&name.text, models.iter().map(String::as_str));
                shop.complain("C015", &name.place, format!("there is no model '{}'{near}", name.text));
            }
            found
        }
        (None, None) => None,
    }
}

fn of_table(table: &Said, shop: &mut Workshop<'_>) -> Option<Arc<Model>> {
    let found = shop.schema.models().find(|model| model.table == table.text).cloned();
    if found.is_none() {
        let tables: Vec<&str> = shop.schema.models().map(|model| model.table.as_str()).collect();
        let near = suggestion(&table.text, tables.iter().copied());
        let words = format!("there is no table '{}', or none that can be administered{near}", table.text);
        shop.complain("C010", &table.place, words);
    }
    found
}

/// The ways to find a row. A number is looked for where the key is one, so that something else may be tried after it.
fn lookups(said: &CollectionWritten, model: &Model, shop: &mut Workshop<'_>) -> Vec<Lookup> {
    let usual = || {
        let field = Said { text: model.primary_key.clone(), place: said.place.clone() };
        vec![PublishedLookupWritten { field, when: None }]
    };
    let own = usual();
    let written = said.lookup.as_ref().unwrap_or(&own);
    let last = written.len().saturating_sub(1);
    let mut lookups = Vec::new();
    for (at, lookup) in written.iter().enumerate() {
        let Some(field) = model.field(&lookup.field.text).filter(|field| field.is_column()) else {
            let near = suggestion(&lookup.field.text, model.columns().map(|field| field.name.as_str()));
            let words = format!("{} has no field '{}'{near}", model.key, lookup.field.text);
            shop.complain("C011", &lookup.field.place, words);
            continue;
        };
        let is_number = matches!(field.kind, FieldKind::Auto(_) | FieldKind::Int { .. });
        let usual = match (is_number, at == last) {
            (true, false) => When::Digits,
            (true, true) if at == 0 => When::Integer,
            (true, true) => When::Digits,
            (false, _) => When::Always,
        };
        let when = lookup.when.as_ref().map_or(usual, |said| when(said, usual, shop));
        if when == When::Always && at < last {
            let words = format!("every key is looked up by '{}': what follows is never asked", lookup.field.text);
            shop.complain("C014", &lookup.field.place, words);
        }
        lookups.push(Lookup { field: lookup.field.text.clone(), when });
    }
    lookups
}

fn when(said: &Said, usual: When, shop: &mut Workshop<'_>) -> When {
    match said.text.as_str() {
        "digits" => When::Digits,
        "integer" => When::Integer,
        "always" => When::Always,
        other => {
            let near = suggestion(other, ["digits", "integer", "always"]);
            let words = format!("'when' must be \"digits\", \"integer\" or \"always\", not '{other}'{near}");
            shop.complain("C014", &said.place, words);
            usual
        }
    }
}

/// What the engine has to say of collections on the site that shows them, each at its place.
pub(super) fn judge(written: &Written, contract: &Packages, site: &Site, complaints: &mut Vec<Complaint>) {
    for said in &written.packages.collections {
        let Some(collection) = contract.find(&said.name.text) else { continue };
        if let Some(search) = &said.search
            && site.search(&search.text).is_err()
        {
            let words = match written.searches.iter().find(|known| known.name == search.text) {
                Some(known) => {
                    let said = known.table.as_ref().or(known.model.as_ref());
                    let rows = said.map_or("", |said| said.text.as_str());
                    format!("[search.{}] finds rows of {rows}, which no collection publishes", search.text)
                }
                None => {
                    let near = suggestion(&search.text, written.searches.iter().map(|known| known.name.as_str()));
                    format!("there is no [search.{}]{near}", search.text)
                }
            };
            complaints.push(Complaint::new("C015", &search.place, words));
            continue;
        }
        let mut complain = |place: &Place, words: String| complaints.push(Complaint::new("C011", place, words));
        if let Err(words) = contract.check(site, collection, None) {
            let place = said.order.first().map_or(&said.place, |said| &said.place);
            complain(place, format!("collection '{}': {words}", collection.name));
            continue;
        }
        for (field, written) in collection.fields.iter().zip(&said.fields) {
            if let Err(words) = contract.check(site, collection, Some(field)) {
                let near = suggestion_of(site, collection, written);
                let words = format!("collection '{}', field '{}': {words}{near}", collection.name, field.name);
                complain(&written.name.place, words);
            }
        }
    }
}

/// A field of the collection's model that is called much like what was written.
fn suggestion_of(site: &Site, collection: &Collection, written: &PublishedFieldWritten) -> String {
    let Some(model) = site.schema().model(&collection.model) else { return String::new() };
    let asked = written.from.as_ref().unwrap_or(&written.name);
    if model.field(&asked.text).is_some() {
        return String::new();
    }
    suggestion(&asked.text, model.fields.iter().map(|field| field.name.as_str()))
}
