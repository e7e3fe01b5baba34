//! Which form an answer has: JSON, compact or indented, or a page for people.

use factotum_engine::Error;
use factotum_engine::error::Missing;
use http::Method;
use http::header::ACCEPT;

use super::links::FORMAT;
use super::settings::Packages;
use super::spot::Spot;
use crate::http::{Fault, Head, python};

/// The deepest indentation that is given.
const WIDEST: i64 = 8;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// JSON with so many blanks for each level; none for one line.
    Json(usize),
    /// A page.
    Html,
}

/// A form that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Offer {
    format: &'static str,
    main: &'static str,
    sub: &'static str,
}

const JSON: Offer = Offer { format: "json", main: "application", sub: "json" };
const HTML: Offer = Offer { format: "api", main: "text", sub: "html" };

/// The form that a request asks for, by suffix or parameter among those that `Accept` lets through.
pub(super) fn form(contract: &Packages, head: &Head) -> Result<Form, Fault> {
    let offers = offers(contract);
    let suffix = Some(head.param(FORMAT)).filter(|suffix| !suffix.is_empty() && !is_of_key(contract, head));
    let named = suffix.or_else(|| head.asked(FORMAT).filter(|_| contract.formats)).filter(|name| !name.is_empty());
    let offers: Vec<Offer> = offers.into_iter().filter(|offer| named.is_none_or(|name| name == offer.format)).collect();
    if offers.is_empty() {
        return Err(no_form());
    }
    let ranges = ranges(head);
    let fitting = |special: u8| {
        let of_offer = |offer: Offer| {
            let mut those = ranges.iter().filter(|range| range.special() == special);
            those.find(|range| range.fits(offer)).map(|range| (offer, range))
        };
        offers.iter().copied().find_map(of_offer)
    };
    let (offer, range) = (0..=3).rev().find_map(fitting).ok_or_else(|| unacceptable(contract, head))?;
    Ok(if offer == HTML { Form::Html } else { Form::Json(range.indent()) })
}

/// That nothing fits `Accept` is told after that there is no such form.
fn unacceptable(contract: &Packages, head: &Head) -> Fault {
    if is_of_key(contract, head) { no_form() } else { Fault::NotAcceptable }
}

fn no_form() -> Fault {
    Fault::Engine(Error::NotFound(Missing::Other))
}

fn offers(contract: &Packages) -> Vec<Offer> {
    if contract.html { vec![JSON, HTML] } else { vec![JSON] }
}

/// Whether what looks like a form behind a point is none, and may belong to the key of a row that is asked for.
pub(super) fn is_of_key(contract: &Packages, head: &Head) -> bool {
    let Spot::Item(collection) = Spot::of(contract, head.route) else { return false };
    let (suffix, reads) = (head.param(FORMAT), matches!(head.method, Method::GET | Method::HEAD));
    let is_form = offers(contract).iter().any(|offer| offer.format == suffix);
    reads && !suffix.is_empty() && !is_form && collection.takes_any_key()
}

/// A media range of `Accept`. How much somebody wants it does not count here, as in the original.
#[derive(Debug)]
struct Range {
    main: String,
    sub: String,
    parameters: Vec<(String, String)>,
}

impl Range {
    fn read(text: &str) -> Range {
        let mut parts = text.split(';');
        let media = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let (main, sub) = media.split_once('/').unwrap_or((&media, ""));
        let parameter = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
        };
        Range { main: main.to_owned(), sub: sub.to_owned(), parameters: parts.filter_map(parameter).collect() }
    }

    /// How special it is: a type with parameters, a type, `type/*`, everything.
    fn special(&self) -> u8 {
        match (self.main.as_str(), self.sub.as_str()) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ if self.parameters.iter().all(|(name, _)| name == "q") => 2,
            _ => 3,
        }
    }

    fn fits(&self, offer: Offer) -> bool {
        let is = |given: &str, offered: &str| given == "*" || given == offered;
        is(&self.main, offer.main) && is(&self.sub, offer.sub)
    }

    fn indent(&self) -> usize {
        let said = self.parameters.iter().find(|(name, _)| name == "indent").and_then(|(_, text)| python::int(text));
        usize::try_from(said.unwrap_or(0).clamp(0, WIDEST)).unwrap_or(0)
    }
}

/// Everything that `Accept` names; anything where it is not sent, and nothing where it is empty.
fn ranges(head: &Head) -> Vec<Range> {
    if !head.headers.contains_key(ACCEPT) {
        return vec![Range::read("*/*")];
    }
    let lines = head.headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(Range::read).collect()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;
    use crate::http::head::pairs;

    fn asked(accept: Option<&str>, query: &str, suffix: &str) -> Result<Form, u16> {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, accept.parse().expect("a header"));
        }
        let head = Head {
            method: Method::GET,
            path: "/".to_owned(),
            query_text: Some(query.to_owned()),
            query: pairs(query),
            headers,
            ip: None,
            scheme: "http",
            host: "a.test".to_owned(),
            route: Some("/"),
            params: vec![(FORMAT, suffix.to_owned())],
        };
        form(&Packages::new(""), &head).map_err(|fault| if matches!(fault, Fault::NotAcceptable) { 406 } else { 404 })
    }

    #[test]
    fn the_most_special_range_decides_and_json_before_pages() {
        let json = Ok(Form::Json(0));
        for accept in
            ["*/*", "application/*", "application/json; charset=utf-8", "application/xml, application/json;q=0"]
        {
            assert_eq!(asked(Some(accept), "", ""), json, "{accept}");
        }
        assert_eq!(asked(None, "", ""), json);
        assert_eq!(asked(Some("text/html, */*"), "", ""), Ok(Form::Html));
        assert_eq!(asked(Some("text/html, application/json"), "", ""), json);
        assert_eq!(asked(Some("text/*, application/json"), "", ""), json);
        assert_eq!(asked(Some("application/json, text/html; level=1"), "", ""), Ok(Form::Html));
        for accept in ["", "nonsense", "application/xml", "text/plain"] {
            assert_eq!(asked(Some(accept), "", ""), Err(406), "{accept}");
        }
    }

    #[test]
    fn indentation_is_a_parameter_of_the_type() {
        let indent = |text: &str| asked(Some(&format!("application/json; indent={text}")), "", "");
        assert_eq!(indent("4"), Ok(Form::Json(4)));
        assert_eq!(indent("90"), Ok(Form::Json(8)));
        assert_eq!((indent("-1"), indent("x")), (Ok(Form::Json(0)), Ok(Form::Json(0))));
    }

    #[test]
    fn a_format_narrows_what_is_offered() {
        assert_eq!(asked(None, "format=json", ""), Ok(Form::Json(0)));
        assert_eq!(asked(None, "format=", ""), Ok(Form::Json(0)));
        assert_eq!(asked(None, "format=api", ""), Ok(Form::Html));
        assert_eq!(asked(None, "format=xml", ""), Err(404));
        assert_eq!(asked(None, "format=xml", "json"), Ok(Form::Json(0)));
        assert_eq!(asked(None, "", "xml"), Err(404));
        assert_eq!(asked(Some("application/xml"), "format=json", ""), Err(406));
        assert_eq!(asked(Some("text/html"), "format=json", ""), Err(406));
    }
}
