//! Full text: PostgreSQL's own functions and operators, and the functions that SQLite was taught.
//!
//! What an index of PostgreSQL may hold has no arguments: the language, the classes and the weights are part of the text.

use sea_query::extension::postgres::PgBinOper;
use sea_query::extension::sqlite::SqliteBinOper;
use sea_query::{Expr as Built, ExprTrait, Func, PostgresQueryBuilder, SelectStatement};

use super::cond::{never, text_arg};
use super::{FOUND, LIKENESS, Printer, RANK};
use crate::store::Dialect;
use crate::store::statement::{Arg, Cell, Document, Expr, Sought, Weights};
use crate::value::Value;

/// The likeness that PostgreSQL's operator asks for, as every connection of ours sets it.
pub(in crate::store) const LEAST_LIKENESS: f64 = 0.3;

/// How a text is found to be alike to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// By an operator that an index serves.
    Operator,
    /// By a function and a number.
    Measured,
}

/// Which comparisons are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Operator,
    Measured,
    Both,
}

impl Way {
    /// The operator is of use where it does not ask for more than is asked.
    pub(super) fn of(dialect: Dialect, least: f64) -> Way {
        match dialect {
            Dialect::Sqlite => Way::Measured,
            Dialect::Postgres if least < LEAST_LIKENESS => Way::Measured,
            Dialect::Postgres if least > LEAST_LIKENESS => Way::Both,
            Dialect::Postgres => Way::Operator,
        }
    }

    pub(super) fn comparisons(self) -> &'static [Comparison] {
        match self {
            Way::Operator => &[Comparison::Operator],
            Way::Measured => &[Comparison::Measured],
            Way::Both => &[Comparison::Operator, Comparison::Measured],
        }
    }
}

impl Printer {
    pub(super) fn sought_in(&mut self, document: &Document, sought: &Sought) -> Built {
        match self.dialect {
            Dialect::Sqlite => self.taught(FOUND, document, sought, Weights::default()),
            Dialect::Postgres => {
                let vector = self.vector(document);
                vector.binary(PgBinOper::Matches, self.question(&document.language, sought))
            }
        }
    }

    pub(super) fn rank(&mut self, document: &Document, sought: &Sought, weights: Weights) -> Built {
        match self.dialect {
            Dialect::Sqlite => self.taught(RANK, document, sought, weights),
            Dialect::Postgres => {
                let Weights([a, b, c, d]) = weights;
                let weights = Built::cust(format!("'{{{d},{c},{b},{a}}}'"));
                let vector = self.vector(document);
                let question = self.question(&document.language, sought);
                Func::cust("ts_rank").arg(weights).arg(vector).arg(question).into()
            }
        }
    }

    /// A document as a vector: no argument is in it, so that it can be that of an index.
    pub(super) fn vector(&mut self, document: &Document) -> Built {
        let language = named(&document.language);
        let mut parts = document.parts.iter().map(|(expr, class)| {
            let text = Func::coalesce([self.expr(expr), Built::cust("''")]);
            let vector = Func::cust("to_tsvector").arg(language.clone()).arg(text);
            Built::from(Func::cust("setweight").arg(vector).arg(Built::cust(format!("'{}'", class.letter()))))
        });
        let first = parts.next().unwrap_or_else(|| Built::cust("''::tsvector"));
        parts.fold(first, |all, part| all.binary(PgBinOper::Concatenate, part))
    }

    fn question(&mut self, language: &str, sought: &Sought) -> Built {
        let language = named(language);
        let text = self.bind(text_arg(sought.text.clone()));
        let whole = Built::from(Func::cust("websearch_to_tsquery").arg(language.clone()).arg(text));
        let Some(start) = &sought.start else { return whole };
        // The word is made of letters, digits, `_` and `-`: nothing that the function would read as its own.
        let start =
            self.bind(text_arg(start.clone())).cast_as("text").binary(PgBinOper::Concatenate, Built::cust("':*'"));
        whole.binary(PgBinOper::Concatenate, Func::cust("to_tsquery").arg(language).arg(start))
    }

    /// A function that SQLite was taught: the language, what is asked, how the parts count, the parts.
    fn taught(&mut self, name: &'static str, document: &Document, sought: &Sought, weights: Weights) -> Built {
        let text = self.bind(text_arg(sought.text.clone()));
        let start = sought.start.clone().map_or_else(|| Built::cust("NULL"), |start| self.bind(text_arg(start)));
        let weights = weights.0.map(|weight| weight.to_string()).join(" ");
        let call = Func::cust(name)
            .arg(named(&document.language))
            .arg(text)
            .arg(start)
            .arg(Built::cust(format!("'{}'", document.classes())))
            .arg(Built::cust(format!("'{weights}'")));
        document.parts.iter().fold(call, |call, (expr, _)| call.arg(self.expr(expr))).into()
    }

    pub(super) fn alike(&mut self, of: &Expr, to: &str, least: f64) -> Built {
        let mut comparisons = Way::of(self.dialect, least).comparisons().iter().map(|comparison| match comparison {
            Comparison::Operator => {
                let text = self.expr(of);
                text.binary(PgBinOper::Similarity, self.bind(text_arg(to.to_owned())))
            }
            Comparison::Measured => {
                let measured = self.measured(of, to);
                measured.gte(self.bind(number_arg(least)).cast_as("double precision"))
            }
        });
        let first = comparisons.next().unwrap_or_else(|| Built::cust("1 = 1"));
        comparisons.fold(first, ExprTrait::and)
    }

    /// The likest of several; a text that is not there is like nothing.
    pub(super) fn likeness(&mut self, texts: &[Expr], text: &str) -> Built {
        let mut each: Vec<Built> = texts.iter().map(|of| self.measured(of, text)).collect();
        if each.len() < 2 {
            return each.pop().unwrap_or_else(|| Built::cust("0"));
        }
        let greatest = if self.dialect == Dialect::Postgres { "GREATEST" } else { "max" };
        Func::cust(greatest).args(each).into()
    }

    fn measured(&mut self, of: &Expr, to: &str) -> Built {
        let measure = if self.dialect == Dialect::Postgres { "similarity" } else { LIKENESS };
        let text = Func::coalesce([self.expr(of), Built::cust("''")]);
        Func::cust(measure).arg(text).arg(self.bind(text_arg(to.to_owned()))).into()
    }

    /// Only SQLite has such an index.
    pub(super) fn in_index(&mut self, key: &Expr, index: &str, question: &str) -> Built {
        if self.dialect == Dialect::Postgres {
            return never();
        }
        let key = self.expr(key);
        let question = self.bind(text_arg(question.to_owned()));
        let mut found = SelectStatement::new();
        found.column("rowid").from(index.to_owned());
        found.and_where(Built::col(index.to_owned()).binary(SqliteBinOper::Match, question));
        key.in_subquery(found)
    }
}

/// A number as an argument.
pub(super) fn number_arg(number: f64) -> Arg {
    Arg { value: Value::Float(number), cell: Cell::Float }
}

/// The name of a language as part of the text, whatever it is made of.
fn named(language: &str) -> Built {
    let name: String = language.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    Built::cust(format!("'{name}'"))
}

/// A document as PostgreSQL would index it: the text of an expression in which no argument is.
pub(in crate::store) fn vector_text(document: &Document) -> String {
    let mut printer = Printer { dialect: Dialect::Postgres, args: Vec::new() };
    let vector = printer.vector(document);
    let text = SelectStatement::new().expr(vector).to_string(PostgresQueryBuilder);
    text.trim_start_matches("SELECT ").to_owned()
}
