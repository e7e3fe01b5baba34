//! Numbers that rules give: what a row must be, and what that is worth. Nothing here asks a database.

use bigdecimal::ToPrimitive;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Part;
use crate::value::Value;

/// A number that rules give: what it begins with and what each rule adds, brought to a scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    /// What it begins with; 0 if nothing is said.
    pub begin: Option<Begin>,
    /// The rules, in the order in which they are summed.
    pub rules: Vec<Rule>,
    /// The scale to which the sum is brought.
    pub scale: Option<Scale>,
}

/// The highest number that another source gave to the same field.
#[derive(Debug, Clone, PartialEq)]
pub struct Begin {
    /// The source, one that is read before.
    pub source: String,
    /// The number where that source has no rows.
    pub otherwise: f64,
}

/// From the most that the rules can give to the most that the score can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The sum is divided by this.
    pub out_of: f64,
    /// And multiplied by this.
    pub to: f64,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it looks at; nothing for a rule that always holds.
    pub of: Option<Part>,
    /// What it gives.
    pub gives: Gives,
}

/// What a rule gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Gives {
    /// Points, where it is in a state.
    Points(State, f64),
    /// Takes a part of what the score begins with away, where it is in a state: 6 for a sixth.
    Less(State, f64),
    /// The number itself, never less than 0.
    Number {
        /// One for each whole lot of so many, instead of one for each.
        per: Option<f64>,
        /// At most so many.
        most: Option<f64>,
    },
    /// Points for being younger than so many days: the first step that fits. What is to come is young.
    Age(Vec<Step>),
}

/// A step of an age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Younger than so many days of 24 hours.
    pub days: f64,
    /// What that is worth.
    pub points: f64,
}

/// What something must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Anything.
    Any,
    /// Null.
    Null,
    /// Not null.
    Set,
    /// Null, a text of nothing but white space, or none of something that is counted.
    Blank,
    /// Not blank.
    Filled,
    /// True.
    True,
    /// Not true.
    False,
}

impl State {
    /// Every state that a rule can ask for, with its word.
    pub const NAMED: [(&'static str, State); 6] = [
        ("null", State::Null),
        ("set", State::Set),
        ("blank", State::Blank),
        ("filled", State::Filled),
        ("true", State::True),
        ("false", State::False),
    ];

    fn holds(self, value: &Value) -> bool {
        match self {
            State::Any => true,
            State::Null => value.is_null(),
            State::Set => !value.is_null(),
            State::Blank => is_blank(value),
            State::Filled => !is_blank(value),
            State::True => *value == Value::Bool(true),
            State::False => *value != Value::Bool(true),
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        value => value.is_null() || *value == Value::Int(0),
    }
}

/// The moment from which ages are counted, and where days are those of a zone.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) at: Timestamp,
    pub(super) zone: TimeZone,
}

impl Clock {
    /// Whether something is younger than so many days; what has no age is not.
    fn is_younger(&self, value: &Value, days: f64) -> bool {
        match value {
            Value::DateTime(instant) => SignedDuration::try_from_secs_f64(days * 86_400.0)
                .is_ok_and(|span| self.at.duration_since(*instant) < span),
            Value::Date(day) => {
                let today = self.at.to_zoned(self.zone.clone()).date();
                today.since(*day).is_ok_and(|span| f64::from(span.get_days()) < days)
            }
            _ => false,
        }
    }
}

impl Score {
    /// The score of a row: `read` gives its parts, `begin` what is begun with.
    pub(super) fn of(&self, read: impl Fn(&Part) -> Value, begin: f64, clock: &Clock) -> f64 {
        let mut sum = begin;
        for rule in &self.rules {
            let value = rule.of.as_ref().map_or(Value::Null, &read);
            sum += rule.gives.worth(&value, begin, clock);
        }
        self.scale.map_or(sum, |Scale { out_of, to }| sum / out_of * to)
    }
}

impl Gives {
    fn worth(&self, value: &Value, begin: f64, clock: &Clock) -> f64 {
        match self {
            Gives::Points(state, points) if state.holds(value) => *points,
            Gives::Less(state, part) if state.holds(value) => -(begin / part),
            Gives::Points(..) | Gives::Less(..) => 0.0,
            Gives::Number { per, most } => {
                let number = number(value);
                let lots = per.map_or(number, |per| (number / per).floor());
                lots.min(most.unwrap_or(f64::INFINITY)).max(0.0)
            }
            Gives::Age(steps) => {
                let fits = |step: &&Step| clock.is_younger(value, step.days);
                steps.iter().find(fits).map_or(0.0, |step| step.points)
            }
        }
    }
}

/// A number as one that can be reckoned with; nothing for what is none.
pub(super) fn number(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Decimal(number) => number.to_f64().unwrap_or_default(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        Clock { at: "2025-03-15T12:00:00Z".parse().unwrap(), zone: TimeZone::UTC }
    }

    fn worth(gives: &Gives, value: impl Into<Value>) -> f64 {
        gives.worth(&value.into(), 96.0, &clock())
    }

    #[test]
    fn points_are_for_a_state() {
        for (state, value, holds) in [
            (State::Null, Value::Null, true),
            (State::Null, Value::from(""), false),
            (State::Set, Value::from(""), true),
            (State::Blank, Value::from(" \n"), true),
            (State::Blank, Value::Int(0), true),
            (State::Filled, Value::from("x"), true),
            (State::Filled, Value::Null, false),
            (State::True, Value::Bool(true), true),
            (State::False, Value::Bool(false), true),
            (State::False, Value::Null, true),
            (State::Any, Value::Null, true),
        ] {
            let points = if holds { 20.0 } else { 0.0 };
            assert_eq!(Gives::Points(state, 20.0).worth(&value, 96.0, &clock()), points, "{state:?} {value:?}");
            let less = if holds { -16.0 } else { 0.0 };
            assert_eq!(Gives::Less(state, 6.0).worth(&value, 96.0, &clock()), less, "{state:?} {value:?}");
        }
    }

    #[test]
    fn numbers_are_capped_and_counted_in_whole_lots() {
        let thousands = Gives::Number { per: Some(1_000.0), most: Some(20.0) };
        for (number, expected) in [(999, 0.0), (1_000, 1.0), (19_999, 19.0), (50_000, 20.0), (-1, 0.0)] {
            assert_eq!(worth(&thousands, number), expected);
        }
        let capped = Gives::Number { per: None, most: Some(20.0) };
        assert_eq!((worth(&capped, 7), worth(&capped, 70), worth(&capped, -7)), (7.0, 20.0, 0.0));
        assert_eq!(worth(&Gives::Number { per: None, most: None }, 70), 70.0);
    }

    #[test]
    fn ages_go_down_in_steps() {
        let step = |(days, points)| Step { days, points };
        let age = Gives::Age([(90.0, 20.0), (182.0, 10.0), (365.0, 5.0)].map(step).to_vec());
        for (moment, expected) in [
            ("2025-03-15T12:00:00Z", 20.0),
            ("2026-01-01T00:00:00Z", 20.0),
            ("2024-12-15T12:00:00.000001Z", 20.0),
            ("2024-12-15T12:00:00Z", 10.0),
            ("2024-09-14T12:00:00Z", 5.0),
            ("2024-03-15T12:00:00Z", 0.0),
        ] {
            assert_eq!(age.worth(&Value::DateTime(moment.parse().unwrap()), 0.0, &clock()), expected, "{moment}");
        }
        let day = |text: &str| age.worth(&Value::Date(text.parse().unwrap()), 0.0, &clock());
        assert_eq!((day("2024-12-16"), day("2024-12-15"), day("2019-01-01")), (20.0, 10.0, 0.0));
        assert_eq!(age.worth(&Value::Null, 0.0, &clock()), 0.0);
    }

    #[test]
    fn a_sum_is_brought_to_a_scale() {
        let always = |gives| Rule { of: None, gives };
        let points = always(Gives::Points(State::Any, 106.0));
        let scale = Some(Scale { out_of: 160.0, to: 100.0 });
        let score = Score { begin: None, rules: vec![points], scale };
        assert_eq!(score.of(|_| Value::Null, 0.0, &clock()), 66.25);
        let sixth = always(Gives::Less(State::Any, 6.0));
        let score = Score { begin: None, rules: vec![sixth.clone(), sixth], scale: None };
        assert_eq!(score.of(|_| Value::Null, 100.0, &clock()).trunc(), 66.0);
    }
}
