//! The rules of a score: what they look at, and their numbers.

use super::{Desk, Kind};
use crate::feed::{Begin, Gives, Rule, Scale, Score, State, Step};
use crate::model::FieldKind;

impl Desk<'_> {
    pub(super) fn score(&mut self, field: &str, score: &Score) {
        if score.rules.is_empty() && score.begin.is_none() {
            self.complain("F061", Some(field), "it has no rules and begins with nothing".to_owned());
        }
        if score.scale.is_some_and(|Scale { out_of, to }| !(out_of.is_finite() && out_of > 0.0 && to.is_finite())) {
            self.complain("F061", Some(field), "a sum is out of more than nothing".to_owned());
        }
        if let Some(begin) = &score.begin {
            self.begin(field, begin);
        }
        for (at, rule) in score.rules.iter().enumerate() {
            let looks = match &rule.of {
                Some(part) => self.part(field, part).map(Some),
                None => Some(None),
            };
            let wrong = looks.and_then(|kind| wrong_kind(rule, kind)).or_else(|| wrong_number(rule, score));
            if let Some(words) = wrong {
                self.complain("F061", Some(field), format!("rule {}: {words}", at + 1));
            }
        }
    }

    /// A number may begin with the highest of a source that is read before and fills the same field.
    fn begin(&mut self, field: &str, begin: &Begin) {
        let own = self.source.map(|(source, _)| source.name.as_str());
        let mut before = self.feed.sources.iter().take_while(|source| Some(source.name.as_str()) != own);
        if !before.any(|source| source.name == begin.source && source.content(field).is_some()) {
            let words = format!("no source '{}' that fills '{field}' comes before this one", begin.source);
            self.complain("F061", Some(field), words);
        }
        if !begin.otherwise.is_finite() {
            self.complain("F061", Some(field), "what it begins with otherwise is no number".to_owned());
        }
    }
}

/// What is wrong with what a rule looks at, of this kind; nothing for a rule that always holds.
fn wrong_kind(rule: &Rule, kind: Option<Kind<'_>>) -> Option<&'static str> {
    let is_number = |kind: &FieldKind| {
        matches!(kind, FieldKind::Int { .. } | FieldKind::Auto(_) | FieldKind::Float | FieldKind::Decimal { .. })
    };
    let (fits, words) = match &rule.gives {
        Gives::Points(state, _) | Gives::Less(state, _) => match (state, kind) {
            (State::Any, kind) => (kind.is_none(), "it looks at something, but not for what that is"),
            (State::Blank | State::Filled, Some(Kind::Of(kind))) => (
                matches!(kind, FieldKind::Text { .. } | FieldKind::File { .. }),
                "only texts and what is counted are blank or filled",
            ),
            (State::True | State::False, Some(Kind::Of(kind))) => (*kind == FieldKind::Bool, "it is no truth value"),
            (State::True | State::False, Some(_)) => (false, "it is no truth value"),
            (_, kind) => (kind.is_some(), "it looks at nothing"),
        },
        Gives::Number { .. } => (
            matches!(kind, Some(Kind::Number)) || matches!(kind, Some(Kind::Of(kind)) if is_number(kind)),
            "it is no number",
        ),
        Gives::Age(_) => (matches!(kind, Some(Kind::Of(FieldKind::Date | FieldKind::DateTime))), "it is no date"),
    };
    (!fits).then_some(words)
}

fn wrong_number(rule: &Rule, score: &Score) -> Option<&'static str> {
    let above = |number: f64| number.is_finite() && number > 0.0;
    match &rule.gives {
        Gives::Points(_, points) => (!points.is_finite()).then_some("its points are no number"),
        Gives::Less(..) if score.begin.is_none() => {
            Some("there is nothing to take a part of: the number begins with 0")
        }
        Gives::Less(_, part) => (!above(*part)).then_some("a part is one of more than nothing"),
        Gives::Number { per, most } => {
            let fine = per.is_none_or(above) && most.is_none_or(|most| most.is_finite() && most >= 0.0);
            (!fine).then_some("lots are of more than nothing, and the most is not negative")
        }
        Gives::Age(steps) => {
            let rising = steps.windows(2).all(|pair| pair[0].days < pair[1].days);
            let fine = |step: &Step| above(step.days) && step.points.is_finite();
            let fine = !steps.is_empty() && rising && steps.iter().all(fine);
            (!fine).then_some("ages are steps of more and more days, each with its points")
        }
    }
}
