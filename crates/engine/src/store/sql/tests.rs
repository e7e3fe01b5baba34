//! One line per statement.

use proptest::prelude::*;

use super::{build, render};
use crate::store::Dialect::{self, Postgres, Sqlite};
use crate::store::statement::{
    Arg, Cell, Class, Compare, Cond, Delete, Document, Expr, Insert, Join, Output, Place, Select, Sort, Sought, Span,
    Statement, Update, Weights,
};
use crate::value::Value;

fn check(statement: &Statement, dialect: Dialect, expected: &str) {
    let (sql, args) = build(statement, dialect);
    assert_eq!(sql, expected);
    assert_eq!(placeholders(&sql), args.len(), "{sql}");
    for _ in 0..2 {
        assert_eq!(render(statement, dialect), (sql.as_str().into(), args.clone()));
    }
}

fn placeholders(sql: &str) -> usize {
    sql.matches('?').count() + sql.matches('$').count()
}

fn product() -> Select {
    Select {
        joins: vec![
            Join {
                table: "category".to_owned(),
                alias: "t1".to_owned(),
                column: "id".to_owned(),
                on: column("t0", "category_id"),
            },
            Join {
                table: "section".to_owned(),
                alias: "t2".to_owned(),
                column: "id".to_owned(),
                on: column("t1", "section_id"),
            },
        ],
        outputs: vec![
            Output { expr: Expr::column("t0", "id"), cell: Cell::Int },
            Output { expr: Expr::column("t1", "name"), cell: Cell::Text },
        ],
        ..Select::from("product", "t0")
    }
}

fn column(table: &str, name: &str) -> crate::store::statement::ColumnRef {
    crate::store::statement::ColumnRef { table: table.to_owned(), column: name.to_owned() }
}

fn bare(filter: Cond) -> Statement {
    Statement::Delete(Delete { table: "t".to_owned(), filter })
}

fn x() -> Expr {
    Expr::column("", "x")
}

fn int(number: i64) -> Arg {
    Arg { value: Value::Int(number), cell: Cell::Int }
}

fn like(text: &str, place: Place, case_sensitive: bool) -> Statement {
    bare(Cond::Like { expr: x(), text: text.to_owned(), place, case_sensitive })
}

#[test]
fn a_page_joins_everything() {
    let select = Select {
        filter: Cond::is(Expr::column("t1", "name"), "a".into(), Cell::Text),
        order: vec![Sort { expr: Expr::column("t0", "id"), descending: true, nulls_least: false }],
        limit: Some(25),
        offset: 50,
        ..product()
    };
    let text = |mark: [&str; 3]| {
        format!(
            r#"SELECT "t0"."id", "t1"."name" FROM "product" AS "t0" LEFT JOIN "category" AS "t1" ON "t0"."category_id" = "t1"."id" LEFT JOIN "section" AS "t2" ON "t1"."section_id" = "t2"."id" WHERE "t1"."name" = {} ORDER BY "t0"."id" DESC LIMIT {} OFFSET {}"#,
            mark[0], mark[1], mark[2]
        )
    };
    check(&Statement::Select(select.clone()), Sqlite, &text(["?", "?", "?"]));
    check(&Statement::Select(select), Postgres, &text(["$1", "$2", "$3"]));
}

#[test]
fn keys_are_found_first_with_the_joins_they_need() {
    let select = Select {
        order: vec![
            Sort { expr: Expr::column("t1", "name"), descending: false, nulls_least: false },
            Sort { expr: Expr::column("t0", "id"), descending: false, nulls_least: false },
        ],
        limit: Some(25),
        offset: 5_000,
        keys_first: Some("id".to_owned()),
        ..product()
    };
    check(
        &Statement::Select(select.clone()),
        Sqlite,
        r#"SELECT "t0"."id", "t1"."name" FROM (SELECT "t0"."id" AS "key" FROM "product" AS "t0" LEFT JOIN "category" AS "t1" ON "t0"."category_id" = "t1"."id" ORDER BY "t1"."name" ASC, "t0"."id" ASC LIMIT ? OFFSET ?) AS "page" CROSS JOIN "product" AS "t0" LEFT JOIN "category" AS "t1" ON "t0"."category_id" = "t1"."id" LEFT JOIN "section" AS "t2" ON "t1"."section_id" = "t2"."id" WHERE "t0"."id" = "page"."key" ORDER BY "t1"."name" ASC, "t0"."id" ASC"#,
    );
    let near = Statement::Select(Select { offset: 10, ..select });
    assert!(!render(&near, Postgres).0.contains("page"));
}

#[test]
fn a_count_joins_only_what_its_filter_needs() {
    let count = |filter| Statement::Count(Select { filter, limit: Some(5), ..product() });
    check(&count(Cond::True), Sqlite, r#"SELECT COUNT(*) FROM "product" AS "t0""#);
    check(
        &count(Cond::Null(Expr::column("t2", "x"))),
        Sqlite,
        r#"SELECT COUNT(*) FROM "product" AS "t0" LEFT JOIN "category" AS "t1" ON "t0"."category_id" = "t1"."id" LEFT JOIN "section" AS "t2" ON "t1"."section_id" = "t2"."id" WHERE "t2"."x" IS NULL"#,
    );
    let grouped = Statement::Count(Select { group: vec![Expr::column("t", "x")], ..Select::from("p", "t") });
    check(&grouped, Sqlite, r#"SELECT COUNT(*) FROM (SELECT 1 FROM "p" AS "t" GROUP BY "t"."x") AS "page""#);
}

#[test]
fn rows_are_locked_without_what_is_joined() {
    let select = Statement::Select(Select { lock: true, joins: Vec::new(), ..product() });
    check(&select, Postgres, r#"SELECT "t0"."id", "t1"."name" FROM "product" AS "t0" FOR UPDATE OF "t0""#);
    check(&select, Sqlite, r#"SELECT "t0"."id", "t1"."name" FROM "product" AS "t0""#);
}

#[test]
fn days_and_sums() {
    let select = |expr| {
        let output = Output { expr, cell: Cell::Any };
        Statement::Select(Select { outputs: vec![output], ..Select::from("t", "") })
    };
    let day = |seconds| select(Expr::DayOf(Box::new(x()), seconds));
    check(&day(0), Sqlite, r#"SELECT date("x") FROM "t""#);
    check(&day(-3600), Sqlite, r#"SELECT date("x", '-3600 seconds') FROM "t""#);
    check(&day(0), Postgres, r#"SELECT CAST("x" AS date) FROM "t""#);
    check(&day(3600), Postgres, r#"SELECT CAST(("x" + (INTERVAL '3600 seconds')) AS date) FROM "t""#);
    check(&select(Expr::Sum(Box::new(x()))), Sqlite, r#"SELECT SUM("x") FROM "t""#);
    check(&select(Expr::Text(Box::new(x()))), Postgres, r#"SELECT CAST("x" AS text) FROM "t""#);
    check(&select(Expr::CountAll), Postgres, r#"SELECT COUNT(*) FROM "t""#);
    let offset = Statement::Select(Select { offset: 3, ..Select::from("t", "") });
    assert!(render(&offset, Sqlite).0.ends_with("LIMIT ? OFFSET ?"));
}

#[test]
fn conditions() {
    let x_is = |number| Cond::is(x(), Value::Int(number), Cell::Int);
    let cases = [
        (Cond::True, ""),
        (Cond::False, " WHERE 1 = 0"),
        (Cond::And(vec![]), ""),
        (Cond::Or(vec![]), " WHERE 1 = 0"),
        (Cond::Not(Box::new(Cond::True)), " WHERE 1 = 0"),
        (Cond::Or(vec![x_is(1), Cond::True]), r#" WHERE "x" = ? OR (1 = 1)"#),
        (Cond::Or(vec![x_is(1), Cond::And(vec![x_is(2), x_is(3)])]), r#" WHERE "x" = ? OR ("x" = ? AND "x" = ?)"#),
        (Cond::And(vec![x_is(1), Cond::Or(vec![x_is(2), x_is(3)])]), r#" WHERE "x" = ? AND ("x" = ? OR "x" = ?)"#),
        (Cond::Not(Box::new(x_is(1))), r#" WHERE NOT "x" = ?"#),
        (Cond::Not(Box::new(Cond::And(vec![x_is(1), x_is(2)]))), r#" WHERE NOT ("x" = ? AND "x" = ?)"#),
        (Cond::Not(Box::new(Cond::Null(x()))), r#" WHERE NOT "x" IS NULL"#),
        (Cond::Compare(x(), Compare::Gte, Expr::Arg(int(1))), r#" WHERE "x" >= ?"#),
        (Cond::In(x(), vec![]), " WHERE 1 = 0"),
        (Cond::In(x(), vec![int(1)]), r#" WHERE "x" = ?"#),
        (Cond::In(x(), vec![int(1), int(2), int(3)]), r#" WHERE "x" IN (?, ?, ?, ?)"#),
        (Cond::In(x(), vec![int(1); 600]), r#" WHERE "x" IN (SELECT "value" FROM json_each(?) AS "listed")"#),
    ];
    for (cond, expected) in cases {
        check(&bare(cond), Sqlite, &format!(r#"DELETE FROM "t"{expected}"#));
    }
    check(&bare(Cond::In(x(), vec![int(1), int(2)])), Postgres, r#"DELETE FROM "t" WHERE "x" = ANY($1)"#);
    let inner = Select {
        outputs: vec![Output { expr: Expr::column("u", "y"), cell: Cell::Int }],
        filter: x_is(4),
        ..Select::from("other", "u")
    };
    check(
        &bare(Cond::InSelect(x(), Box::new(inner.clone()))),
        Postgres,
        r#"DELETE FROM "t" WHERE "x" IN (SELECT "u"."y" FROM "other" AS "u" WHERE "x" = $1)"#,
    );
    check(
        &bare(Cond::Exists(Box::new(inner))),
        Sqlite,
        r#"DELETE FROM "t" WHERE EXISTS(SELECT 1 FROM "other" AS "u" WHERE "x" = ?)"#,
    );
}

#[test]
fn texts_are_found_literally() {
    check(&like("a", Place::Anywhere, false), Sqlite, r#"DELETE FROM "t" WHERE "x" LIKE ? ESCAPE ('\')"#);
    check(&like("a", Place::Anywhere, false), Postgres, r#"DELETE FROM "t" WHERE CAST("x" AS text) ILIKE $1"#);
    check(&like("a", Place::Start, true), Postgres, r#"DELETE FROM "t" WHERE CAST("x" AS text) LIKE $1"#);
    check(&like("a", Place::Anywhere, true), Sqlite, r#"DELETE FROM "t" WHERE instr("x", ?) > (0)"#);
    check(&like("a", Place::Start, true), Sqlite, r#"DELETE FROM "t" WHERE substr("x", 1, length(?)) = ?"#);
    check(&like("a", Place::End, true), Sqlite, r#"DELETE FROM "t" WHERE substr("x", length(?) * (-1)) = ?"#);
    check(&like("a", Place::Whole, true), Sqlite, r#"DELETE FROM "t" WHERE "x" = ?"#);
    let (_, args) = render(&like(r"50%_\", Place::End, false), Sqlite);
    assert_eq!(args[0].value, Value::Text(r"%50\%\_\\".to_owned()));
}

fn sought(text: &str, start: Option<&str>) -> Sought {
    Sought { text: text.to_owned(), start: start.map(str::to_owned) }
}

fn document() -> Box<Document> {
    let parts = vec![(x(), Class::A), (Expr::Text(Box::new(Expr::column("t1", "y"))), Class::C)];
    Box::new(Document { language: "english".to_owned(), parts })
}

#[test]
fn documents_are_found_and_ranked() {
    let vector = "setweight(to_tsvector('english', COALESCE(\"x\", '')), 'A') || \
                  setweight(to_tsvector('english', COALESCE(CAST(\"t1\".\"y\" AS text), '')), 'C')";
    let found = |start| bare(Cond::Found(document(), sought("a b", start)));
    check(
        &found(None),
        Postgres,
        &format!(r#"DELETE FROM "t" WHERE ({vector}) @@ websearch_to_tsquery('english', $1)"#),
    );
    check(
        &found(Some("abc")),
        Postgres,
        &format!(
            r#"DELETE FROM "t" WHERE ({vector}) @@ (websearch_to_tsquery('english', $1) || to_tsquery('english', CAST($2 AS text) || (':*')))"#
        ),
    );
    check(
        &found(Some("abc")),
        Sqlite,
        r#"DELETE FROM "t" WHERE factotum_found('english', ?, ?, 'AC', '1 0.4 0.2 0.1', "x", CAST("t1"."y" AS text))"#,
    );
    let rank = Expr::Rank(document(), sought("a", None), Weights::default());
    let select = |expr| {
        let output = Output { expr, cell: Cell::Float };
        Statement::Select(Select { outputs: vec![output], ..Select::from("t", "") })
    };
    let ranked = format!(r#"ts_rank('{{0.1,0.2,0.4,1}}', {vector}, websearch_to_tsquery('english', $1))"#);
    check(&select(rank.clone()), Postgres, &format!(r#"SELECT {ranked} FROM "t""#));
    check(
        &select(Expr::Add(Box::new(rank), Box::new(Expr::Times(Box::new(x()), 0.02)))),
        Postgres,
        &format!(r#"SELECT {ranked} + (COALESCE("x", 0) * CAST($2 AS double precision)) FROM "t""#),
    );
    check(&select(Expr::Bytewise(Box::new(x()))), Postgres, r#"SELECT "x" COLLATE "C" FROM "t""#);
    check(&select(Expr::Bytewise(Box::new(x()))), Sqlite, r#"SELECT "x" COLLATE BINARY FROM "t""#);
    let odd = Document { language: "x'); --".to_owned(), ..*document() };
    assert!(render(&bare(Cond::Found(Box::new(odd), sought("a", None))), Postgres).0.contains("to_tsvector('x', "));
}

#[test]
fn texts_are_alike() {
    let alike = |least| bare(Cond::Alike { of: x(), to: "a".to_owned(), least });
    check(&alike(0.3), Postgres, r#"DELETE FROM "t" WHERE "x" % $1"#);
    check(
        &alike(0.2),
        Postgres,
        r#"DELETE FROM "t" WHERE similarity(COALESCE("x", ''), $1) >= CAST($2 AS double precision)"#,
    );
    check(
        &alike(0.5),
        Postgres,
        r#"DELETE FROM "t" WHERE "x" % $1 AND similarity(COALESCE("x", ''), $2) >= CAST($3 AS double precision)"#,
    );
    check(
        &alike(0.3),
        Sqlite,
        r#"DELETE FROM "t" WHERE factotum_likeness(COALESCE("x", ''), ?) >= CAST(? AS double precision)"#,
    );
    let likeness = |texts| {
        let output = Output { expr: Expr::Likeness(texts, "a".to_owned()), cell: Cell::Float };
        Statement::Select(Select { outputs: vec![output], ..Select::from("t", "") })
    };
    check(&likeness(vec![x()]), Postgres, r#"SELECT similarity(COALESCE("x", ''), $1) FROM "t""#);
    check(
        &likeness(vec![x(), x()]),
        Sqlite,
        r#"SELECT max(factotum_likeness(COALESCE("x", ''), ?), factotum_likeness(COALESCE("x", ''), ?)) FROM "t""#,
    );
    check(
        &bare(Cond::InIndex { key: x(), index: "i".to_owned(), question: "\"a\"".to_owned() }),
        Sqlite,
        r#"DELETE FROM "t" WHERE "x" IN (SELECT "rowid" FROM "i" WHERE "i" MATCH ?)"#,
    );
}

#[test]
fn writes() {
    let insert = |values: Vec<(String, Arg)>, returning, or_ignore| {
        Statement::Insert(Insert { table: "t".to_owned(), values, returning, or_ignore, asked: Vec::new() })
    };
    let id = || Some(("id".to_owned(), Cell::Int));
    check(
        &insert(vec![("a".to_owned(), int(1)), ("b".to_owned(), int(2))], id(), false),
        Postgres,
        r#"INSERT INTO "t" ("a", "b") VALUES ($1, $2) RETURNING "id""#,
    );
    check(&insert(vec![], id(), false), Sqlite, r#"INSERT INTO "t" DEFAULT VALUES RETURNING "id""#);
    check(&insert(vec![], id(), false), Postgres, r#"INSERT INTO "t" VALUES (DEFAULT) RETURNING "id""#);
    check(
        &insert(vec![("a".to_owned(), int(1))], None, true),
        Sqlite,
        r#"INSERT INTO "t" ("a") VALUES (?) ON CONFLICT  DO NOTHING"#,
    );
    let mut asking = Insert { table: "t".to_owned(), values: vec![("a".to_owned(), int(1))], ..Insert::default() };
    asking
        .asked
        .push(("b".to_owned(), Select { filter: Cond::is(x(), 2.into(), Cell::Int), ..Select::from("u", "u") }));
    asking.asked[0].1.outputs.push(Output { expr: x(), cell: Cell::Int });
    check(
        &Statement::Insert(asking),
        Postgres,
        r#"INSERT INTO "t" ("a", "b") VALUES ($1, (SELECT "x" FROM "u" AS "u" WHERE "x" = $2))"#,
    );
    let plus = Expr::Add(Box::new(x()), Box::new(Expr::Arg(int(1))));
    let update = Update { table: "t".to_owned(), set: vec![("x".to_owned(), plus)], filter: Cond::Null(x()) };
    check(&Statement::Update(update), Sqlite, r#"UPDATE "t" SET "x" = "x" + ? WHERE "x" IS NULL"#);
    let odd = Statement::Delete(Delete { table: "a\"b".to_owned(), filter: Cond::True });
    check(&odd, Sqlite, r#"DELETE FROM "a""b""#);
}

fn any_cond() -> impl Strategy<Value = Cond> {
    let text = "zz[a-z%_'\"?$\\\\;]{1,8}";
    let leaf = prop_oneof![
        Just(Cond::True),
        Just(Cond::False),
        text.prop_map(|text| Cond::is(x(), text.into(), Cell::Text)),
        text.prop_map(|text| Cond::is(Expr::AnyCase(Box::new(x())), text.into(), Cell::Text)),
        (text, any::<bool>(), any::<bool>(), 0..4_usize).prop_map(|(text, case_sensitive, blank, place)| Cond::Like {
            expr: x(),
            text: if blank { String::new() } else { text },
            place: [Place::Anywhere, Place::Start, Place::End, Place::Whole][place],
            case_sensitive
        }),
        (text, prop::option::of(text))
            .prop_map(|(text, start)| { Cond::Found(document(), sought(&text, start.as_deref())) }),
        (text, 1..9_u8).prop_map(|(to, tenths)| Cond::Alike { of: x(), to, least: f64::from(tenths) / 10.0 }),
        text.prop_map(|text| Cond::InIndex { key: x(), index: "i".to_owned(), question: text }),
        prop::collection::vec(text, 0..9).prop_map(|texts| {
            let arg = |text: String| Arg { value: Value::Text(text), cell: Cell::Text };
            Cond::In(x(), texts.into_iter().map(arg).collect())
        }),
    ];
    let leaf = (leaf, any::<bool>()).prop_map(|(cond, likely)| match cond {
        Cond::True | Cond::False => cond,
        cond if likely => Cond::Likely(Box::new(cond)),
        cond => cond,
    });
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Cond::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Cond::Or),
            inner.prop_map(|cond| Cond::Not(Box::new(cond))),
        ]
    })
}

fn part(of_instant: bool, in_zone: bool) -> Expr {
    let cell = if of_instant { Cell::DateTime } else { Cell::Date };
    let zone = in_zone.then(|| "Europe/Helsinki".to_owned());
    Expr::PartOf { of: Box::new(x()), cell, span: Span::Month, zone }
}

/// An order by rank, by how alike, by a number or by bytes.
fn ranked(with_start: bool, measured: bool) -> Sort {
    let question = sought("zz", with_start.then_some("zzz"));
    let expr = match (with_start, measured) {
        (true, true) => Expr::Likeness(vec![x(), x()], "zz".to_owned()),
        (false, true) => Expr::Bytewise(Box::new(x())),
        _ => {
            let boost = Expr::Times(Box::new(x()), 0.02);
            Expr::Add(Box::new(Expr::Rank(document(), question, Weights::default())), Box::new(boost))
        }
    };
    Sort { expr, descending: true, nulls_least: false }
}

fn any_select() -> impl Strategy<Value = Select> {
    let sort = |descending| Sort { expr: Expr::column("t1", "name"), descending, nulls_least: false };
    let parts = (any_cond(), 0..3_u64, prop::option::of(0..3_u64), any::<[bool; 5]>());
    parts.prop_map(move |(filter, offset, limit, [keys_first, lock, far, grouped, counted])| {
        let sum = Expr::Add(Box::new(x()), Box::new(Expr::Arg(int(7))));
        let outputs =
            vec![Output { expr: sum.clone(), cell: Cell::Int }, Output { expr: Expr::CountAll, cell: Cell::Int }];
        Select {
            outputs: if counted { outputs } else { product().outputs },
            filter,
            order: vec![sort(far), Sort { expr: sum, descending: lock, nulls_least: false }, ranked(far, grouped)],
            group: if grouped { vec![Expr::DayOf(Box::new(x()), 60), part(lock, far)] } else { Vec::new() },
            limit,
            offset: if far { offset * 5_000 } else { offset },
            keys_first: keys_first.then(|| "id".to_owned()),
            lock,
            ..product()
        }
    })
}

fn any_statement() -> impl Strategy<Value = Statement> {
    let within = |select: Select, exists| {
        let select = Box::new(select);
        bare(if exists { Cond::Exists(select) } else { Cond::InSelect(x(), select) })
    };
    prop_oneof![
        any_select().prop_map(Statement::Select),
        any_select().prop_map(Statement::Count),
        (any_select(), any::<bool>()).prop_map(move |(select, exists)| within(select, exists)),
        any_cond().prop_map(bare),
        (any_cond(), 0..9_i64).prop_map(|(filter, number)| {
            let set = vec![("x".to_owned(), Expr::Arg(int(number)))];
            Statement::Update(Update { table: "t".to_owned(), set, filter })
        }),
        (0..4_usize, any::<bool>(), any::<bool>()).prop_map(|(width, or_ignore, gives)| {
            let values = (0..width).map(|at| (format!("c{at}"), int(9))).collect();
            let returning = gives.then(|| ("id".to_owned(), Cell::Int));
            let asked = if width == 3 { vec![("asked".to_owned(), product())] } else { Vec::new() };
            Statement::Insert(Insert { table: "t".to_owned(), values, asked, returning, or_ignore })
        }),
    ]
}

proptest! {
    #[test]
    fn no_text_gets_into_the_sql(cond in any_cond(), postgres in any::<bool>()) {
        let dialect = if postgres { Postgres } else { Sqlite };
        let (sql, args) = render(&bare(cond), dialect);
        prop_assert!(!sql.contains("zz"), "{}", sql);
        prop_assert_eq!(placeholders(&sql), args.len());
    }

    /// Whatever was remembered of other statements: a text looked up is the text that would be made.
    #[test]
    fn a_shape_has_one_text(statements in prop::collection::vec(any_statement(), 1..12), postgres in any::<bool>()) {
        let dialect = if postgres { Postgres } else { Sqlite };
        for statement in statements.iter().chain(&statements) {
            let (sql, args) = render(statement, dialect);
            prop_assert_eq!((sql.to_string(), args), build(statement, dialect));
        }
    }
}
