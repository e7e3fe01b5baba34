//! What can be asked, asked of a real database: filters, orders, labels, pages, actions; and how often it is asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "questions/library.rs"]
mod library;

use factotum_engine::admin::Outcome;
use factotum_engine::form::Payload;
use factotum_engine::model::Order;
use factotum_engine::ops::{self, Which};
use factotum_engine::query::{BadQuery, Filter, Op, Query, Search, SearchPlace, Term, Window, field};
use factotum_engine::{Error, Raw, Value};
use library::{Library, key, on_every_database};

fn raw(text: &str) -> Raw {
    Raw::Text(text.to_owned())
}

fn test(path: &str, op: Op, term: &str) -> Filter {
    field(path).test(op, Term::Raw(raw(term)))
}

fn any(path: &str, terms: &[&str]) -> Filter {
    field(path).test(Op::In, Term::Raws(terms.iter().map(|term| raw(term)).collect()))
}

fn not(filter: Filter) -> Filter {
    Filter::Not(Box::new(filter))
}

fn books() -> Query {
    Query { count: true, order: vec![Order::parse("id")], ..Query::all(key("Book")) }
}

/// The keys of the books that a query finds; the total must agree.
async fn found(library: &Library, query: Query) -> Vec<i64> {
    let mut cx = library.read().await;
    let page = ops::list(&mut cx, query).await.unwrap();
    let keys: Vec<i64> = page.records.iter().map(|record| record.row.key().as_int().unwrap()).collect();
    assert_eq!(page.total, Some(keys.len() as u64));
    keys
}

async fn refused(library: &Library, query: Query) -> BadQuery {
    let mut cx = library.read().await;
    match ops::list(&mut cx, query).await {
        Err(Error::BadQuery(bad)) => bad,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn filters_find_each_row_once() {
    on_every_database(async |library| {
        let woolf = "11111111-1111-1111-1111-111111111111";
        let cases: Vec<(Filter, &[i64])> = vec![
            (test("title", Op::Is, "Waves"), &[2]),
            (test("title", Op::Contains, "%"), &[4]),
            (test("title", Op::Contains, "l_"), &[4]),
            (test("title", Op::StartsWith, "w"), &[2]),
            (test("lent", Op::Is, "Yes"), &[2, 4]),
            (test("lent", Op::Is, "nonsense"), &[1, 3, 5]),
            (test("pages", Op::Gte, " 250 "), &[1, 4, 5]),
            (test("pages", Op::IsNull, "1"), &[3]),
            (not(test("pages", Op::Is, "250")), &[1, 2, 3]),
            (test("pages", Op::Is, "99999999999"), &[]),
            (test("pages", Op::Gt, "99999999999999999999999"), &[]),
            (test("pages", Op::Lt, "99999999999999999999999"), &[1, 2, 3, 4, 5]),
            (test("pages", Op::Gt, "-1"), &[1, 2, 3, 4, 5]),
            (any("id", &["1", "+2", "99999999999999999999"]), &[1, 2]),
            (any("id", &[]), &[]),
            (test("author", Op::Is, woolf), &[1, 2]),
            (test("author__name", Op::Contains, "kaf"), &[3, 4, 5]),
            (test("shelf__parent__name", Op::Is, "Upper"), &[2]),
            (not(test("shelf__parent__name", Op::Is, "Upper")), &[1, 3, 4, 5]),
            (test("shelf__pk", Op::Is, "a/b"), &[2]),
            (test("tags", Op::Is, "1"), &[1, 2, 4]),
            (any("tags", &["1", "2", "3"]), &[1, 2, 4]),
            (not(any("tags", &["2", "3"])), &[2, 3, 5]),
            (test("tags__name", Op::Contains, "e"), &[1, 2, 4]),
            (test("tags", Op::IsNull, "true"), &[3, 5]),
            (test("tags", Op::IsNull, "0"), &[1, 2, 4]),
            (test("cover__colour", Op::Is, "red"), &[1]),
            (test("cover", Op::IsNull, "true"), &[2, 3, 5]),
            (test("notes", Op::IsNull, "true"), &[3, 4, 5]),
            (any("notes", &["1", "2", "3"]), &[1, 2]),
            (not(any("notes", &["1", "2"])), &[2, 3, 4, 5]),
            (test("author__book__tags__name", Op::Is, "letters"), &[1, 2]),
            (test("meta", Op::Is, "first"), &[1]),
            (test("meta", Op::Contains, "\"A\""), &[2]),
            (test("title", Op::Is, "a\0b"), &[]),
            (field("pages").is(Value::Null), &[3]),
            (Filter::Or(vec![test("id", Op::Is, "1"), Filter::Nothing]), &[1]),
            (not(Filter::Or(vec![test("id", Op::Is, "1"), test("tags", Op::Is, "1")])), &[3, 5]),
            (field("author").is("11111111-1111-1111-1111-111111111111"), &[1, 2]),
            (field("bought").less_than("2024-03-10"), &[1]),
            (field("title").is(5), &[]),
            (field("notes__words").is_null(), &[1, 3, 4, 5]),
        ];
        for (filter, expected) in cases {
            let query = Query { filter: filter.clone(), ..books() };
            assert_eq!(found(&library, query).await, expected, "{filter:?}");
            let query = Query { filter: not(filter.clone()), ..books() };
            let rest: Vec<i64> = (1..=5).filter(|key| !expected.contains(key)).collect();
            assert_eq!(found(&library, query).await, rest, "not {filter:?}");
            let mut cx = library.read().await;
            let rows = factotum_engine::admin::Selection::of(key("Book"), filter.clone());
            assert_eq!(rows.count(&mut cx).await.unwrap(), expected.len() as u64, "count of {filter:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn days_are_local() {
    on_every_database(async |library| {
        for (day, expected) in [("2024-03-09", vec![1]), ("2024-03-10", vec![2]), ("2024-03-11", vec![4, 5])] {
            let query = Query { filter: test("bought", Op::OnDay, day), ..books() };
            assert_eq!(found(&library, query).await, expected, "{day}");
        }
        let query = Query { filter: test("bought", Op::OnDay, "yesterday"), ..books() };
        assert!(matches!(refused(&library, query).await, BadQuery::BadTerm { .. }));
    })
    .await;
}

#[tokio::test]
async fn bad_questions_are_refused() {
    on_every_database(async |library| {
        for path in ["nothing", "title__x", "author__diary", "author_id", "notes__words", "tags__nothing", "", "__"] {
            let query = Query { filter: test(path, Op::Contains, "d"), ..books() };
            assert_eq!(refused(&library, query).await, BadQuery::UnknownPath { path: path.to_owned() });
        }
        for path in ["author__diary", "tags", "tags__name", "notes", "x"] {
            let query = Query { order: vec![Order::parse(path)], ..books() };
            assert_eq!(refused(&library, query).await, BadQuery::UnknownPath { path: path.to_owned() });
        }
        for (path, op) in [("author", Op::Contains), ("title", Op::OnDay), ("meta", Op::Lt), ("tags", Op::Contains)] {
            let query = Query { filter: test(path, op, "1"), ..books() };
            assert!(matches!(refused(&library, query).await, BadQuery::UnsupportedOp { .. }), "{path}");
        }
        for (path, name) in [("pages", "pages"), ("tags", "id"), ("author", "id"), ("author__id", "id")] {
            let query = Query { filter: any(path, &["abc"]), ..books() };
            let bad = refused(&library, query).await;
            assert!(
                matches!(&bad, BadQuery::BadTerm { field, given, .. } if field == name && given == "abc"),
                "{bad:?}"
            );
        }
        // What a hook says may use anything.
        let query = Query { filter: field("author__diary").is("dark"), ..books() };
        assert_eq!(found(&library, query).await, [3, 4, 5]);
    })
    .await;
}

#[tokio::test]
async fn searches_look_everywhere() {
    on_every_database(async |library| {
        let at = |name: &str| (name.to_owned(), SearchPlace::Anywhere);
        let search = |fields: Vec<(String, SearchPlace)>, terms: &[&str]| Query {
            search: Some(Search { fields, terms: terms.iter().map(|&term| term.to_owned()).collect() }),
            ..books()
        };
        let wide = || vec![at("title"), at("pages"), at("author__name"), at("tags__name")];
        assert_eq!(found(&library, search(wide(), &["25"])).await, [4, 5]);
        assert_eq!(found(&library, search(wide(), &["LET"])).await, [1]);
        assert_eq!(found(&library, search(wide(), &["kafka", "a"])).await, [3, 4, 5]);
        assert_eq!(found(&library, search(wide(), &["kafka", "25"])).await, [4, 5]);
        assert_eq!(found(&library, search(vec![("title".to_owned(), SearchPlace::Start)], &["a"])).await, [5]);
        assert_eq!(found(&library, search(vec![at("author__diary")], &["dark"])).await, [1, 2, 3, 4, 5]);
        assert_eq!(found(&library, search(wide(), &["\0"])).await, [] as [i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn orders_follow_relations_and_are_total() {
    let library = Library::open().await;
    let cases: [(&str, &[i64]); 8] = [
        ("-id", &[5, 4, 3, 2, 1]),
        ("pages", &[3, 2, 4, 5, 1]),
        ("-pages", &[1, 4, 5, 2, 3]),
        ("author", &[1, 2, 3, 4, 5]),
        ("-author", &[3, 4, 5, 1, 2]),
        ("author__name", &[3, 4, 5, 1, 2]),
        ("shelf", &[3, 4, 5, 2, 1]),
        ("cover", &[2, 3, 5, 1, 4]),
    ];
    for (order, expected) in cases {
        let query = Query { order: vec![Order::parse(order)], ..books() };
        assert_eq!(found(&library, query).await, expected, "{order}");
    }
    let query = Query { order: Vec::new(), ..books() };
    assert_eq!(found(&library, query).await, [4, 5, 3, 1, 2]);
}

#[tokio::test]
async fn labels_come_with_the_rows() {
    on_every_database(async |library| {
        let mut cx = library.read().await;
        let page =
            ops::list(&mut cx, Query { order: vec![Order::parse("id")], ..Query::all(key("Cover")) }).await.unwrap();
        let labels: Vec<&str> = page.records.iter().map(|record| record.label.as_str()).collect();
        assert_eq!(labels, ["Cover of Orlando by Woolf", "Cover of 100% Trial_ by Kafka"]);
        assert_eq!(page.records[0].related.get("book"), Some("Orlando by Woolf"));
        let book = ops::get(&mut cx, &key("Book"), &raw(" 1")).await.unwrap();
        assert_eq!(book.related.get("shelf"), Some("Upper"));
        assert_eq!(*book.row.get("tags"), Value::Keys(vec![Value::Int(3), Value::Int(1), Value::Int(2)]));
        let note = ops::get(&mut cx, &key("Note"), &raw("4")).await.unwrap();
        assert_eq!((note.label.as_str(), note.related.get("book")), ("Note object (4)", None));
        let site = cx.site().clone();
        let resource = site.resource(&key("Cover")).unwrap();
        let rows = ops::fetch(&mut cx, resource, Filter::All, false).await.unwrap();
        library.counts.take();
        let records = ops::labelled(&mut cx, resource, rows).await.unwrap();
        assert_eq!(library.counts.take(), (1, 1));
        assert_eq!(records[1].label, "Cover of 100% Trial_ by Kafka");
        assert_eq!(records[1].related.get("book"), Some("100% Trial_ by Kafka"));
    })
    .await;
}

#[tokio::test]
async fn a_page_takes_two_trips() {
    on_every_database(async |library| {
        let mut cx = library.read().await;
        library.counts.take();
        let window = Window { offset: 1, limit: Some(2) };
        let page = ops::list(&mut cx, Query { window, ..books() }).await.unwrap();
        assert_eq!(library.counts.take(), (1, 3));
        assert_eq!((page.records.len(), page.total), (2, Some(5)));
        ops::get(&mut cx, &key("Book"), &raw("1")).await.unwrap();
        assert_eq!(library.counts.take(), (1, 2));
        ops::lookup(&mut cx, &key("Book"), "a", Window { offset: 0, limit: Some(20) }).await.unwrap();
        assert_eq!(library.counts.take(), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_new_row_is_judged_in_one_trip_and_stored_in_one() {
    let library = Library::open().await;
    let mut cx = library.write().await;
    library.counts.take();
    let fields = [("colour", raw("red")), ("book", raw("2"))];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let record = ops::create(&mut cx, &key("Cover"), Payload { fields, ..Payload::default() }).await.unwrap();
    assert_eq!(library.counts.take(), (2, 4), "is the book taken, is it there; the new row, and how it reads");
    assert_eq!(record.related.get("book"), Some("Waves by Woolf"));
}

#[tokio::test]
async fn pages_together_are_the_whole() {
    let library = Library::open().await;
    let mut rows = String::from("INSERT INTO tag (id, name) VALUES (10, 'x0')");
    for at in 1..2_600 {
        rows.push_str(&format!(", ({}, 'x{}')", at + 10, at % 7));
    }
    library.site.store().script(&rows).await.unwrap();
    let mut cx = library.read().await;
    for order in ["name", "-name", "id", "-id"] {
        let query = Query { order: vec![Order::parse(order)], count: true, ..Query::all(key("Tag")) };
        let keys = |page: factotum_engine::query::Page| -> Vec<Value> {
            page.records.iter().map(|record| record.row.key().clone()).collect()
        };
        let whole = keys(ops::list(&mut cx, query.clone()).await.unwrap());
        let mut parts = Vec::new();
        for offset in (0..2_800).step_by(400) {
            let window = Window { offset, limit: Some(400) };
            let page = ops::list(&mut cx, Query { window, ..query.clone() }).await.unwrap();
            assert_eq!(page.total, Some(whole.len() as u64));
            parts.extend(keys(page));
        }
        assert_eq!(parts, whole, "{order}");
    }
}

#[tokio::test]
async fn rows_that_are_not_to_be_seen_are_not_there() {
    on_every_database(async |library| {
        let mut cx = library.as_who("reader").await;
        let page = ops::list(&mut cx, books()).await.unwrap();
        assert_eq!((page.records.len(), page.total), (3, Some(3)));
        for key_text in ["2", "77", "abc", "99999999999999999999", "1.0"] {
            let missing = ops::get(&mut cx, &key("Book"), &raw(key_text)).await;
            assert!(matches!(missing, Err(Error::NotFound(_))), "{key_text}");
        }
        assert_eq!(ops::count(&mut cx, &key("Book"), Filter::All).await.unwrap(), 3);
        let tally = ops::tally(&mut cx, &key("Book"), "pages", not(field("pages").is_null())).await.unwrap();
        assert_eq!(tally, [(Value::Int(250), 1), (Value::Int(300), 1)]);
    })
    .await;
}

#[tokio::test]
async fn keys_of_every_kind_are_found() {
    on_every_database(async |library| {
        let mut cx = library.read().await;
        let uuid = raw("11111111111111111111111111111111");
        assert_eq!(ops::get(&mut cx, &key("Author"), &uuid).await.unwrap().label, "Woolf");
        assert_eq!(ops::get(&mut cx, &key("Shelf"), &raw("a/b")).await.unwrap().related.get("parent"), Some("Upper"));
        assert!(ops::get(&mut cx, &key("Author"), &raw("12")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn lookups_know_keys_and_pages() {
    on_every_database(async |library| {
        let mut cx = library.read().await;
        let first = Window { offset: 0, limit: Some(2) };
        let found = ops::lookup(&mut cx, &key("Book"), "", first).await.unwrap();
        assert_eq!((found.rows.len(), found.more), (2, true));
        assert_eq!(found.rows[0].1, "100% Trial_ by Kafka");
        let found = ops::lookup(&mut cx, &key("Book"), " 003 ", first).await.unwrap();
        assert_eq!(found.rows, [(Value::Int(3), "Castle by Kafka".to_owned())]);
        let far = Window { offset: u64::MAX, limit: Some(2) };
        assert!(ops::lookup(&mut cx, &key("Book"), "", far).await.unwrap().rows.is_empty());
        assert!(ops::lookup(&mut cx, &key("Author"), "12", first).await.unwrap().rows.is_empty());
    })
    .await;
}

#[tokio::test]
async fn actions_run_on_what_was_selected() {
    on_every_database(async |library| {
        let mut cx = library.write().await;
        let which = Which::Keys(vec![raw("1"), raw("3"), raw("99")]);
        let acted = ops::act(&mut cx, &key("Book"), "lend", which).await.unwrap();
        assert_eq!((acted.rows, acted.outcome), (2, Outcome::Message("1 lent".to_owned())));
        let book = ops::get(&mut cx, &key("Book"), &raw("1")).await.unwrap();
        assert_eq!((book.row.get("lent"), book.row.get("pages")), (&Value::Bool(true), &Value::Int(301)));
        let which = Which::Matching { filter: test("tags", Op::Is, "1"), search: None };
        assert_eq!(ops::act(&mut cx, &key("Book"), "lend", which).await.unwrap().rows, 3);
        let which = Which::Keys(vec![raw("abc")]);
        assert_eq!(ops::act(&mut cx, &key("Book"), "lend", which).await.unwrap().rows, 0, "a key that none can have");
        let which = Which::Keys(Vec::new());
        assert!(matches!(ops::act(&mut cx, &key("Book"), "burn", which).await, Err(Error::NotFound(_))));
    })
    .await;
}

#[tokio::test]
async fn an_index_in_any_case_changes_no_search() {
    let library = Library::open().await;
    let odd = "INSERT INTO book VALUES (6, 'wAVe', 1, false, NULL, NULL, '11111111111111111111111111111111', NULL),
                                       (7, 'Wave_x', 1, false, NULL, NULL, '11111111111111111111111111111111', NULL),
                                       (8, 'Ätna', 1, false, NULL, NULL, '11111111111111111111111111111111', NULL),
                                       (9, 'w', 1, false, NULL, NULL, '11111111111111111111111111111111', NULL),
                                       (10, '[x', 1, false, NULL, NULL, '11111111111111111111111111111111', NULL)";
    library.site.store().script(odd).await.unwrap();
    let starts = ["w", "W", "wave", "WAVE_", "1", "100%", "Ä", "ä", "[", "@", "Z", "`", "\u{10FFFF}", "", "%"];
    let mut before = Vec::new();
    for start in starts {
        before.push(found(&library, starting(start)).await);
    }
    assert_eq!(before[..4], [vec![2, 6, 7, 9], vec![2, 6, 7, 9], vec![2, 6, 7], vec![7]]);
    let library = library.with_indexes("CREATE INDEX a ON book (title COLLATE NOCASE)").await;
    for (start, before) in starts.iter().zip(before) {
        assert_eq!(found(&library, starting(start)).await, before, "{start}");
    }
}

fn starting(text: &str) -> Query {
    Query { filter: test("title", Op::StartsWith, text), ..books() }
}
