//! `[limits]`: how often something may be asked, as typed.

use super::reader::{Reader, Said};

/// The limits of all contracts together.
#[derive(Debug, Default)]
pub(crate) struct LimitsSection {
    pub(crate) redis: Option<RedisSection>,
    pub(crate) address: Option<LimitWritten>,
    pub(crate) login: Option<LimitWritten>,
    pub(crate) user: Option<LimitWritten>,
    pub(crate) model: Option<LimitWritten>,
}

/// Where several nodes count together.
#[derive(Debug, Default)]
pub(crate) struct RedisSection {
    pub(crate) url: Option<Said>,
    pub(crate) prefix: Option<String>,
}

/// A limit.
#[derive(Debug, Default)]
pub(crate) struct LimitWritten {
    pub(crate) per_minute: Option<u32>,
    pub(crate) per_hour: Option<u32>,
    pub(crate) include_paths: Vec<Said>,
    pub(crate) exclude_paths: Vec<Said>,
    pub(crate) models: Vec<Said>,
}

impl LimitsSection {
    pub(super) fn of(reader: &mut Reader<'_>) -> LimitsSection {
        LimitsSection {
            redis: reader.section("redis", RedisSection::of),
            address: reader.section("address", LimitWritten::of),
            login: reader.section("login", LimitWritten::of),
            user: reader.section("user", LimitWritten::of),
            model: reader.section("model", LimitWritten::of),
        }
    }
}

impl RedisSection {
    fn of(reader: &mut Reader<'_>) -> RedisSection {
        RedisSection { url: reader.said("url"), prefix: reader.text("prefix") }
    }
}

impl LimitWritten {
    fn of(reader: &mut Reader<'_>) -> LimitWritten {
        LimitWritten {
            per_minute: reader.size("per_minute"),
            per_hour: reader.size("per_hour"),
            include_paths: reader.texts("include_paths").unwrap_or_default(),
            exclude_paths: reader.texts("exclude_paths").unwrap_or_default(),
            models: reader.texts("models").unwrap_or_default(),
        }
    }
}
