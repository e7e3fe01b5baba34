//! Excerpts: the ends of paths and what is linked, read of whole pages at once and of what somebody may know of.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "questions/library.rs"]
#[expect(dead_code, reason = "not everything is asked of the library here")]
mod library;

use factotum_engine::model::Order;
use factotum_engine::ops;
use factotum_engine::query::{Excerpt, Filter, Links, Query, Window, field};
use factotum_engine::{Error, Value};
use library::{Library, key, on_every_database};

fn excerpt(columns: &[&str], links: Vec<Links>) -> Excerpt {
    Excerpt { columns: columns.iter().map(|&path| path.to_owned()).collect(), links }
}

fn ordered(path: &str, order: &[&str]) -> Links {
    Links { order: order.iter().map(|text| Order::parse(text)).collect(), ..Links::along(path) }
}

fn all(model: &str) -> Query {
    Query { count: true, order: vec![Order::parse("pk")], ..Query::all(key(model)) }
}

/// Each row's lists, as texts.
async fn lists(library: &Library, who: &str, query: &Query, links: Links) -> Vec<Vec<String>> {
    let mut cx = library.as_who(who).await;
    let found = ops::excerpt(&mut cx, query, &excerpt(&[], vec![links])).await.unwrap();
    found.rows.iter().map(|row| row.links[0].iter().map(Value::to_string).collect()).collect()
}

#[tokio::test]
async fn columns_are_the_ends_of_paths() {
    on_every_database(async |library| {
        let mut cx = library.read().await;
        let what = excerpt(&["title", "shelf", "shelf__parent__name", "cover__colour", "author__name"], Vec::new());
        let found = ops::excerpt(&mut cx, &all("Book"), &what).await.unwrap();
        assert_eq!(found.total, Some(5));
        let texts: Vec<Vec<String>> = found
            .rows
            .iter()
            .map(|row| {
                row.values.iter().map(|value| if value.is_null() { "-".into() } else { value.to_string() }).collect()
            })
            .collect();
        assert_eq!(texts[0], ["Orlando", "top", "-", "red", "Woolf"]);
        assert_eq!(texts[1], ["Waves", "a/b", "Upper", "-", "Woolf"]);
        assert_eq!(texts[2], ["Castle", "-", "-", "-", "Kafka"]);
        assert_eq!(found.rows[3].key, Value::Int(4));
    })
    .await;
}

#[tokio::test]
async fn lists_go_over_every_kind_of_relation() {
    on_every_database(async |library| {
        let cases: Vec<(&str, Links, Vec<Vec<&str>>)> = vec![
            ("Book", Links::along("tags"), vec![vec!["3", "1", "2"], vec!["1"], vec![], vec!["3", "1"], vec![]]),
            ("Book", ordered("tags", &["name"]), vec![vec!["2", "1", "3"], vec!["1"], vec![], vec!["1", "3"], vec![]]),
            (
                "Book",
                ordered("tags__name", &["id"]),
                vec![vec!["novel", "letters", "old"], vec!["novel"], vec![], vec!["novel", "old"], vec![]],
            ),
            ("Book", Links::along("notes"), vec![vec!["1", "2"], vec!["3"], vec![], vec![], vec![]]),
            (
                "Tag",
                ordered("book_tags__book__title", &["-book__pages"]),
                vec![vec!["Orlando", "100% Trial_", "Waves"], vec!["Orlando"], vec!["Orlando", "100% Trial_"]],
            ),
            ("Author", ordered("book", &["-title"]), vec![vec!["2", "1"], vec!["3", "5", "4"]]),
            (
                "Book",
                Links::along("shelf__name"),
                vec![vec!["Upper"], vec!["Lower"], vec![], vec!["Deep"], vec!["Deep"]],
            ),
        ];
        for (model, links, expected) in cases {
            let path = links.path.clone();
            assert_eq!(lists(&library, "boss", &all(model), links).await, expected, "{model} {path}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_may_not_know_of_is_not_linked() {
    on_every_database(async |library| {
        let by_title = || ordered("book", &["title"]);
        assert_eq!(lists(&library, "boss", &all("Author"), by_title()).await, [vec!["1", "2"], vec!["4", "5", "3"]]);
        assert_eq!(lists(&library, "reader", &all("Author"), by_title()).await, [vec!["1"], vec!["5", "3"]]);
        let long = Links { rows: field("pages").more_than(250), ..by_title() };
        assert_eq!(lists(&library, "boss", &all("Author"), long).await, [vec!["1"], Vec::new()]);
        let upper = Links { rows: field("name").is("Upper"), ..Links::along("shelf") };
        let expected: [&[&str]; 5] = [&["top"], &[], &[], &[], &[]];
        assert_eq!(lists(&library, "boss", &all("Book"), upper).await, expected);
        let few = Links { rows: Filter::Nothing, ..Links::along("tags") };
        assert!(lists(&library, "boss", &all("Book"), few).await.iter().all(Vec::is_empty));
    })
    .await;
}

#[tokio::test]
async fn hidden_fields_and_paths_that_repeat_are_refused() {
    on_every_database(async |library| {
        for (model, path) in [("Book", "author__diary"), ("Note", "words"), ("Book", "tags__name"), ("Book", "nothing")]
        {
            let mut cx = library.read().await;
            let found = ops::excerpt(&mut cx, &all(model), &excerpt(&[path], Vec::new())).await;
            assert!(matches!(found, Err(Error::BadQuery(_))), "{path}: {found:?}");
            let resource = library.site.resource(&key(model)).unwrap();
            assert!(ops::try_excerpt(&library.site, resource, &all(model), &excerpt(&[path], Vec::new())).is_err());
        }
        let mut cx = library.read().await;
        let linked =
            ops::excerpt(&mut cx, &all("Author"), &excerpt(&[], vec![Links::along("book__note__words")])).await;
        assert!(linked.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_page_asks_once_for_each_list() {
    let library = Library::open().await;
    let what = excerpt(&["title", "author__name"], vec![Links::along("tags"), Links::along("notes")]);
    for limit in [1, 5] {
        let mut cx = library.read().await;
        library.counts.take();
        let query = Query { window: Window { offset: 0, limit: Some(limit) }, ..all("Book") };
        let found = ops::excerpt(&mut cx, &query, &what).await.unwrap();
        assert_eq!((found.rows.len() as u64, found.total), (limit, Some(5)));
        assert_eq!(library.counts.take(), (1, 4));
    }
    let mut cx = library.read().await;
    let behind = Query { window: Window { offset: 7, limit: Some(2) }, ..all("Book") };
    let found = ops::excerpt(&mut cx, &behind, &what).await.unwrap();
    assert_eq!((found.rows.len(), found.total), (0, Some(5)));
}
