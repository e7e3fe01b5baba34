//! What paths look like: `/models/{model}/{!key}.{format}`, `/files/{*path}`.
//!
//! Every request is held against every pattern of its contract, so patterns are taken apart once.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// What stands in a path for the parameters of its pattern, decoded.
pub(super) type Params = Vec<(&'static str, String)>;

/// A path as it is written in a table of endpoints.
pub(super) struct Pattern {
    segments: Vec<Segment>,
    rank: Vec<bool>,
}

/// What stands between two slashes.
enum Segment {
    Literal(&'static str),
    Parameter(Parameter),
    /// `books.{format}`, `{key}.{format}`
    Suffixed(Stem, &'static str),
    /// `{*path}`: the whole rest, not empty.
    Rest(&'static str),
}

/// What stands before a suffix.
enum Stem {
    Literal(&'static str),
    Parameter(Parameter),
}

/// `{key}`; with `{!key}` it stands for nothing with a point in it.
struct Parameter {
    name: &'static str,
    pointless: bool,
}

/// The segments of a path, decoded.
pub(super) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

impl Pattern {
    pub(super) fn new(text: &'static str) -> Pattern {
        let rank = text.split('/').map(|segment| segment.contains('{')).collect();
        Pattern { segments: text.split('/').map(Segment::new).collect(), rank }
    }

    /// Patterns in the order in which they are preferred: a literal goes before a parameter, segment by segment.
    pub(super) fn rank(&self) -> &[bool] {
        &self.rank
    }

    /// The parameters of a path that fits.
    pub(super) fn params(&self, given: &[Cow<'_, str>]) -> Option<Params> {
        let mut params = Vec::new();
        for (place, expected) in self.segments.iter().enumerate() {
            let segment = given.get(place)?.as_ref();
            match expected {
                Segment::Literal(literal) if *literal == segment => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(parameter) => params.push(parameter.stands_for(segment)?),
                Segment::Suffixed(stem, suffix) => params.extend(parted(stem, suffix, segment)?),
                Segment::Rest(name) => {
                    let path = given[place..].join("/");
                    params.push((name, Some(path).filter(|path| !path.is_empty())?));
                    return Some(params);
                }
            }
        }
        (given.len() == self.segments.len()).then_some(params)
    }
}

impl Segment {
    fn new(text: &'static str) -> Segment {
        if let Some(name) = text.strip_prefix("{*").and_then(|rest| rest.strip_suffix('}')) {
            return Segment::Rest(name);
        }
        if let Some(parameter) = Parameter::new(text) {
            return Segment::Parameter(parameter);
        }
        match text.rsplit_once(".{").and_then(|(stem, rest)| Some((stem, rest.strip_suffix('}')?))) {
            Some((stem, suffix)) => Segment::Suffixed(Stem::new(stem), suffix),
            None => Segment::Literal(text),
        }
    }
}

impl Stem {
    fn new(text: &'static str) -> Stem {
        Parameter::new(text).map_or(Stem::Literal(text), Stem::Parameter)
    }
}

impl Parameter {
    fn new(text: &'static str) -> Option<Parameter> {
        let name = text.strip_prefix('{')?.strip_suffix('}')?;
        let (name, pointless) = name.strip_prefix('!').map_or((name, false), |name| (name, true));
        (!name.contains('}')).then_some(Parameter { name, pointless })
    }

    fn stands_for(&self, text: &str) -> Option<(&'static str, String)> {
        let fits = !(text.is_empty() || (self.pointless && text.contains('.')));
        fits.then(|| (self.name, text.to_owned()))
    }
}

/// A segment with a suffix: small letters and digits behind its last point.
fn parted(stem: &Stem, suffix: &'static str, segment: &str) -> Option<Params> {
    let (before, after) = segment.rsplit_once('.')?;
    if after.is_empty() || !after.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return None;
    }
    let mut params = match stem {
        Stem::Parameter(parameter) => vec![parameter.stands_for(before)?],
        Stem::Literal(literal) if *literal == before => Vec::new(),
        Stem::Literal(_) => return None,
    };
    params.push((suffix, after.to_owned()));
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &'static str, path: &str) -> Option<String> {
        let found = Pattern::new(pattern).params(&segments(path))?;
        Some(found.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_parameter_is_a_segment() {
        assert_eq!(found("/r/{key}/", "/r/a%2Fb.c/").as_deref(), Some("key=a/b.c"));
        assert_eq!(found("/r/{!key}/", "/r/a%5Fb/").as_deref(), Some("key=a_b"));
        for path in ["/r//", "/r/a", "/r/a/b/", "/r/a.b/", "/r/a%2Eb/"] {
            assert_eq!(found("/r/{!key}/", path), None, "{path}");
        }
        assert_eq!(found("/files/{*path}", "/files/a/b%20c").as_deref(), Some("path=a/b c"));
    }

    #[test]
    fn a_suffix_has_small_letters_and_digits() {
        assert_eq!(found("/.{format}", "/.json").as_deref(), Some("format=json"));
        assert_eq!(found("/books.{format}/", "/books.json/").as_deref(), Some("format=json"));
        assert_eq!(found("/books/{!key}.{format}", "/books/1.5").as_deref(), Some("key=1 format=5"));
        for path in ["/books/1.", "/books/.json", "/books/1.JSON", "/books/a.b.json", "/books/1.a-b", "/books/1"] {
            assert_eq!(found("/books/{!key}.{format}", path), None, "{path}");
        }
        assert_eq!(found("/books.{format}", "/other.json"), None);
    }

    #[test]
    fn a_literal_goes_before_a_parameter() {
        let is_before = |one, other| Pattern::new(one).rank() < Pattern::new(other).rank();
        assert!(is_before("/a/{key}/", "/{app}/{key}/"));
        assert!(is_before("/openapi.json", "/openapi.{format}"));
    }
}
