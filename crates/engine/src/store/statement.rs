//! SQL as values: what the engine asks of a database. Names in here come from the schema, values are arguments.

pub use super::document::{Class, Document, Sought, Weights};
use crate::value::Value;

/// How a value is spelled in a column: what a driver needs to bind and to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Truth.
    Bool,
    /// A whole number.
    Int,
    /// A binary number.
    Float,
    /// An exact number; read with this many places where the database keeps none.
    Decimal {
        /// Digits after the point, if fixed.
        places: Option<u32>,
    },
    /// Text.
    Text,
    /// An IP address (`inet` on PostgreSQL, text elsewhere).
    Ip,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant; SQLite stores `2024-01-01 09:00:00[.ffffff]` in UTC, as Django does.
    DateTime,
    /// An instant as ISO text with `T` and zone (SQLite) or without zone (PostgreSQL `timestamp`).
    DateTimePlain,
    /// A span of time: microseconds on SQLite, `interval` on PostgreSQL.
    Duration,
    /// A UUID: 32 digits on SQLite, `uuid` on PostgreSQL.
    Uuid,
    /// A UUID as text with hyphens.
    UuidText,
    /// A JSON document: text on SQLite, `jsonb` or `json` on PostgreSQL.
    Json,
    /// Bytes.
    Bytes,
    /// Whatever the database says: used for tables that no model describes.
    Any,
}

/// A value with the spelling of the column it meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    /// The value.
    pub value: Value,
    /// Its spelling.
    pub cell: Cell,
}

/// A column of a table in the statement, by the table's alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    /// The alias of the table; empty in statements over one table.
    pub table: String,
    /// The column.
    pub column: String,
}

/// Something computed by the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// An argument.
    Arg(Arg),
    /// The sum of two numbers.
    Add(Box<Expr>, Box<Expr>),
    /// The text of something, for searches.
    Text(Box<Expr>),
    /// The number of rows.
    CountAll,
    /// The day (in UTC shifted by this many seconds) of an instant.
    DayOf(Box<Expr>, i32),
    /// A part of a day or an instant, as a number.
    PartOf {
        /// The day or instant.
        of: Box<Expr>,
        /// How it is spelled.
        cell: Cell,
        /// Which part.
        span: Span,
        /// The zone in which an instant is read, by its name; UTC if there is none.
        zone: Option<String>,
    },
    /// A text, compared without regard to the case of letters: with one in small letters on PostgreSQL.
    AnyCase(Box<Expr>),
    /// The sum of a column.
    Sum(Box<Expr>),
    /// The least of a column.
    Min(Box<Expr>),
    /// The greatest of a column.
    Max(Box<Expr>),
    /// A number times a factor; null counts as nothing.
    Times(Box<Expr>, f64),
    /// A text that is compared byte by byte, whatever order of letters the database keeps.
    Bytewise(Box<Expr>),
    /// How well a document answers what is looked for.
    Rank(Box<Document>, Sought, Weights),
    /// How alike a text is to the one of several that is likest: 0 to 1.
    Likeness(Vec<Expr>, String),
}

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Its year.
    Year,
    /// Its month in the year.
    Month,
    /// Its day in the month.
    Day,
}

/// How two things are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// Equal.
    Is,
    /// Not equal.
    IsNot,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
}

/// Where a text must be found. Wildcards in the text are literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Anywhere,
    /// At the start.
    Start,
    /// At the end.
    End,
    /// It is the whole.
    Whole,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    /// Every row.
    True,
    /// No row.
    False,
    /// All of these.
    And(Vec<Cond>),
    /// Any of these.
    Or(Vec<Cond>),
    /// Not this.
    Not(Box<Cond>),
    /// A comparison.
    Compare(Expr, Compare, Expr),
    /// Being one of several values.
    In(Expr, Vec<Arg>),
    /// Being in the only output of a select.
    InSelect(Expr, Box<Select>),
    /// Being a JSON list that holds a text.
    Holds(Expr, String),
    /// Being null.
    Null(Expr),
    /// Containing a text.
    Like {
        /// Where to look.
        expr: Expr,
        /// What to find, literally.
        text: String,
        /// Where it must be.
        place: Place,
        /// Whether case counts.
        case_sensitive: bool,
    },
    /// A document being what is looked for.
    Found(Box<Document>, Sought),
    /// A text being at least so alike to another.
    Alike {
        /// The text.
        of: Expr,
        /// The other one.
        to: String,
        /// How alike: more than 0, at most 1.
        least: f64,
    },
    /// A whole number being that of a row which a full-text index finds (SQLite).
    InIndex {
        /// The number.
        key: Expr,
        /// The index.
        index: String,
        /// The question in the index's own language, in which every word stands in quotes.
        question: String,
    },
    /// A select that gives at least one row.
    Exists(Box<Select>),
    /// The same, with a hint that it leaves most rows: better walk through an order and skip a few than sort (SQLite).
    Likely(Box<Cond>),
}

/// One output of a select.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// What is computed.
    pub expr: Expr,
    /// How it is read.
    pub cell: Cell,
}

/// A left join on equality of two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The table joined.
    pub table: String,
    /// Its alias.
    pub alias: String,
    /// Its column.
    pub column: String,
    /// The column of an earlier table that it must equal.
    pub on: ColumnRef,
}

/// One step of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// What is compared.
    pub expr: Expr,
    /// Whether the greatest come first.
    pub descending: bool,
    /// Whether null counts as less than every value, where the database thinks otherwise.
    pub nulls_least: bool,
}

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// The table.
    pub table: String,
    /// Its alias.
    pub alias: String,
    /// Left joins, each after what it joins on.
    pub joins: Vec<Join>,
    /// What to give.
    pub outputs: Vec<Output>,
    /// Which rows.
    pub filter: Cond,
    /// What to group by.
    pub group: Vec<Expr>,
    /// In which order.
    pub order: Vec<Sort>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// Leaving out so many.
    pub offset: u64,
    /// The primary key column: when set, keys are found first (with the limit) and joined to the rest afterwards,
    /// so that rows left out by the offset are not joined.
    pub keys_first: Option<String>,
    /// Whether rows are locked until the end of the transaction (PostgreSQL).
    pub lock: bool,
}

impl Select {
    /// All rows of a table, with nothing asked of them yet.
    #[must_use]
    pub fn from(table: &str, alias: &str) -> Select {
        Select {
            table: table.to_owned(),
            alias: alias.to_owned(),
            joins: Vec::new(),
            outputs: Vec::new(),
            filter: Cond::True,
            group: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: 0,
            keys_first: None,
            lock: false,
        }
    }
}

/// A new row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Insert {
    /// The table.
    pub table: String,
    /// Columns with values.
    pub values: Vec<(String, Arg)>,
    /// Columns whose value is the only output of a select; null if it finds no row.
    pub asked: Vec<(String, Select)>,
    /// The column whose value is given back (as the only output), usually the key.
    pub returning: Option<(String, Cell)>,
    /// Whether a row that breaks a unique rule is silently left out.
    pub or_ignore: bool,
}

/// A change of rows. The filter speaks of the bare table: aliases are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: String,
    /// Columns with new values.
    pub set: Vec<(String, Expr)>,
    /// Which rows.
    pub filter: Cond,
}

/// A removal of rows. The filter speaks of the bare table: aliases are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: String,
    /// Which rows.
    pub filter: Cond,
}

/// Something asked of a database.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// A question.
    Select(Select),
    /// The number of rows that a question would give, without limit and offset.
    Count(Select),
    /// A new row.
    Insert(Insert),
    /// A change of rows.
    Update(Update),
    /// A removal of rows.
    Delete(Delete),
}

impl Statement {
    /// How the outputs are read, in order.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        match self {
            Statement::Select(select) => select.outputs.iter().map(|output| output.cell).collect(),
            Statement::Count(_) => vec![Cell::Int],
            Statement::Insert(insert) => insert.returning.iter().map(|(_, cell)| *cell).collect(),
            Statement::Update(_) | Statement::Delete(_) => Vec::new(),
        }
    }
}

/// Short ways to write what is written often.
impl Expr {
    /// A column of an aliased table.
    #[must_use]
    pub fn column(table: &str, column: &str) -> Expr {
        Expr::Column(ColumnRef { table: table.to_owned(), column: column.to_owned() })
    }

    /// An argument.
    #[must_use]
    pub fn arg(value: Value, cell: Cell) -> Expr {
        Expr::Arg(Arg { value, cell })
    }
}

impl Cond {
    /// Equality of a column with a value.
    #[must_use]
    pub fn is(expr: Expr, value: Value, cell: Cell) -> Cond {
        Cond::Compare(expr, Compare::Is, Expr::arg(value, cell))
    }

    /// Both conditions.
    #[must_use]
    pub fn and(self, other: Cond) -> Cond {
        match (self, other) {
            (Cond::True, cond) | (cond, Cond::True) => cond,
            (Cond::And(mut all), cond) => {
                all.push(cond);
                Cond::And(all)
            }
            (first, second) => Cond::And(vec![first, second]),
        }
    }
}
