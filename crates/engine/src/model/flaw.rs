//! What can be wrong with one value. A flaw is a code with parameters; each contract has its own words for it.

/// One fault of one value. A hook or a declared check may bring its own words.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// Words that replace the contract's own.
    pub words: Option<String>,
}

impl Flaw {
    /// A fault that somebody's own rule found, in its words.
    #[must_use]
    pub fn custom(words: impl Into<String>) -> Flaw {
        Flaw { kind: FlawKind::Custom, words: Some(words.into()) }
    }
}

impl From<FlawKind> for Flaw {
    fn from(kind: FlawKind) -> Flaw {
        Flaw { kind, words: None }
    }
}

/// The type of a JSON value, for messages that name what was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without fraction.
    Int,
    /// A number with fraction or exponent.
    Float,
    /// A text.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
    /// An uploaded file.
    File,
}

impl Received {
    /// The type of a JSON value.
    #[must_use]
    pub fn of(json: &serde_json::Value) -> Received {
        match json {
            serde_json::Value::Null => Received::Null,
            serde_json::Value::Bool(_) => Received::Bool,
            serde_json::Value::Number(number) if number.is_f64() => Received::Float,
            serde_json::Value::Number(_) => Received::Int,
            serde_json::Value::String(_) => Received::Text,
            serde_json::Value::Array(_) => Received::List,
            serde_json::Value::Object(_) => Received::Object,
        }
    }
}

/// What can be wrong with one value.
#[derive(Debug, Clone, PartialEq)]
pub enum FlawKind {
    /// Nothing was sent for a field that must be given.
    Required,
    /// Null for a field that has none.
    Null,
    /// Empty text for a field that may not be blank.
    Blank,
    /// Not text.
    NotText,
    /// More characters than `max`.
    TooLong {
        /// The most characters allowed.
        max: u32,
        /// The characters received.
        length: usize,
    },
    /// Fewer characters than `min`.
    TooShort {
        /// The fewest characters allowed.
        min: u32,
        /// The characters received.
        length: usize,
    },
    /// A NUL character.
    NulCharacter,
    /// Not an e-mail address.
    BadEmail,
    /// Not a URL of an allowed scheme.
    BadUrl,
    /// Not a slug.
    BadSlug,
    /// Not an IP address of the allowed family.
    BadIp {
        /// Whether only IPv4 is allowed.
        only_v4: bool,
        /// Whether only IPv6 is allowed.
        only_v6: bool,
    },
    /// Not an IPv6 address, though it has colons.
    BadIpv6,
    /// Does not match a declared pattern.
    BadPattern,
    /// Not one of the choices.
    NotChoice {
        /// The text of what was received.
        given: String,
    },
    /// Not a truth value.
    NotBool,
    /// Not a whole number.
    NotInt {
        /// Whether the column is a 64-bit one (some contracts have another word for it).
        big: bool,
    },
    /// Not a number.
    NotNumber,
    /// A number's text is absurdly long.
    TextTooLarge,
    /// A whole number too large for a binary one.
    FloatOverflow,
    /// Below the least value allowed.
    TooLow {
        /// The least value allowed, as text.
        min: String,
    },
    /// Above the greatest value allowed.
    TooHigh {
        /// The greatest value allowed, as text.
        max: String,
    },
    /// More digits than the column has.
    TooManyDigits {
        /// All digits allowed.
        max: u32,
    },
    /// More decimal places than the column has.
    TooManyPlaces {
        /// Decimal places allowed.
        max: u32,
    },
    /// More digits before the point than the column has.
    TooManyWholeDigits {
        /// Digits allowed before the point.
        max: u32,
    },
    /// Not a date.
    BadDate,
    /// A date with a time where a date was wanted.
    DateTimeForDate,
    /// Not a time.
    BadTime,
    /// Not a date with time.
    BadDateTime,
    /// A local time that the zone skips or has twice.
    NotInZone {
        /// The local time.
        local: String,
        /// The zone's name.
        zone: String,
    },
    /// A date with time outside the calendar.
    DateTimeRange,
    /// Not a duration.
    BadDuration,
    /// A duration outside the range.
    DurationRange,
    /// Not a UUID.
    BadUuid {
        /// The text received.
        given: String,
        /// Whether it was sent as a key of a related row.
        as_key: bool,
    },
    /// Not JSON.
    BadJson,
    /// Not an upload.
    NotFile,
    /// A file field got nothing.
    NoFile,
    /// An upload for a file that was to be emptied.
    FileAndClear,
    /// An upload without content.
    EmptyFile,
    /// An upload without a name.
    NoFileName,
    /// An upload's name is too long.
    FileNameTooLong {
        /// The most characters allowed.
        max: u32,
        /// The characters received.
        length: usize,
    },
    /// Not an image, or a broken one.
    NotImage,
    /// A file of an extension that images do not have.
    NotImageName {
        /// The extension in lower case, without its point; empty for a name without one.
        extension: String,
    },
    /// A key that cannot be one of the related model.
    BadKeyType {
        /// The type received.
        received: Received,
    },
    /// A key in a list that cannot be one of the related model.
    BadKey {
        /// The text received.
        given: String,
    },
    /// No related row has this key (or it is not visible to who asks).
    NoTarget {
        /// The text of the key.
        key: String,
    },
    /// Not a list of keys.
    NotList {
        /// The type received.
        received: Received,
    },
    /// An empty list where at least one key is needed.
    EmptyList,
    /// Another row has this value.
    Taken,
    /// Another row has these values together.
    TakenTogether {
        /// The fields of the rule.
        fields: Vec<String>,
    },
    /// Another row has this value on the same day, month or year.
    TakenForDate {
        /// The date field of the rule.
        date_field: String,
        /// `date`, `month` or `year`.
        part: DatePart,
    },
    /// A child whose unique values another child of the same form has, too.
    Repeated,
    /// Several children of one form have the same values in these fields, which must be unique.
    RepeatedValues {
        /// The fields of the rule, without the foreign key to the parent.
        fields: Vec<String>,
    },
    /// A child that was sent with one parent and names another.
    OtherParent,
    /// A rule of the site's own; the words say what.
    Custom,
}

/// The part of a date that a uniqueness rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The whole day.
    Date,
    /// The month of the year, in any year.
    Month,
    /// The year.
    Year,
}
