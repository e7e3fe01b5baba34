//! Changelists: what stands around a page, asked of a real database, and how often it is asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "questions/library.rs"]
#[expect(dead_code, reason = "every test uses its part")]
mod library;

use factotum_engine::Value;
use factotum_engine::model::Order;
use factotum_engine::ops::{self, Browse, Browsed};
use factotum_engine::query::{Filter, Query, Search, SearchPlace, Window, field};
use factotum_engine::store::statement::Span;
use library::{Library, key, on_every_database};

fn books() -> Browse {
    let query = Query {
        order: vec![Order::parse("id")],
        window: Window { offset: 0, limit: Some(2) },
        fields: Some(vec!["title".to_owned()]),
        count: true,
        ..Query::all(key("Book"))
    };
    let (counts, choices) = (Vec::new(), Vec::new());
    Browse { query, counts, whole: false, everything: None, buckets: None, choices, most_choices: 25 }
}

async fn browse(library: &Library, asked: &Browse) -> Browsed {
    ops::browse(&mut library.read().await, asked).await.unwrap()
}

fn keys(browsed: &Browsed) -> Vec<i64> {
    browsed.rows.iter().map(|seen| seen.row.key().as_int().unwrap()).collect()
}

#[tokio::test]
async fn a_page_and_what_stands_around_it_take_two_trips() {
    on_every_database(async |library| {
        let mut asked = books();
        asked.query.filter = field("lent").is(false);
        asked.query.paths = ["author__name", "shelf__parent", "author__diary"].map(str::to_owned).to_vec();
        asked.counts = vec![0];
        asked.whole = true;
        asked.buckets = Some(("bought".to_owned(), Span::Year));
        asked.choices = vec![(key("Author"), Filter::All)];
        library.counts.take();
        let found = browse(&library, &asked).await;
        assert_eq!(library.counts.take(), (2, 6));
        assert_eq!((keys(&found), found.total, found.whole), (vec![1, 3], 3, Some(5)));
        assert_eq!(found.buckets, [(2024, 2)]);
        let names: Vec<&str> = found.choices[0].iter().flatten().map(|(_, label)| label.as_str()).collect();
        assert_eq!(names, ["Woolf", "Kafka"]);
        let first = &found.rows[0];
        assert_eq!((first.label.as_str(), &first.counts), ("Orlando by Woolf", &vec![2]));
        let ends = [(Value::from("Woolf"), None), (Value::Null, None), (Value::Null, None)];
        assert_eq!(first.paths, ends);
    })
    .await;
}

#[tokio::test]
async fn days_are_those_of_the_zone() {
    on_every_database(async |library| {
        let mut asked = books();
        asked.buckets = Some(("bought".to_owned(), Span::Day));
        assert_eq!(browse(&library, &asked).await.buckets, [(9, 1), (10, 1), (11, 2)]);
        asked.buckets = Some(("bought".to_owned(), Span::Month));
        assert_eq!(browse(&library, &asked).await.buckets, [(3, 4)]);
    })
    .await;
}

#[tokio::test]
async fn an_index_changes_no_count() {
    on_every_database(async |library| {
        let later = field("bought").more_than("2024-03-10T09:00:00Z");
        let some = [field("bought").is("2024-03-10T09:00:00Z"), later, field("pages").more_than(200), Filter::All];
        let shelves = ["top", "cellar"].map(|code| field("shelf__pk").is(code));
        let lent = [true, false].map(|lent| field("lent").is(lent));
        let none = field("title").is("no such");
        let both = lent[1].clone().and(shelves[1].clone());
        let filters: Vec<Filter> = some.into_iter().chain(shelves).chain(lent).chain([none, both]).collect();
        let spans = [Span::Year, Span::Month, Span::Day];
        let mut before = Vec::new();
        for (filter, span) in filters.iter().flat_map(|filter| spans.map(|span| (filter, span))) {
            before.push(browse(&library, &dated(filter, span)).await.buckets);
        }
        let sql = "CREATE INDEX a ON book (bought); CREATE INDEX b ON book (shelf_id, lent, bought);
                   CREATE INDEX c ON book (lent, bought)";
        let library = library.with_indexes(sql).await;
        let mut before = before.into_iter();
        for (filter, span) in filters.iter().flat_map(|filter| spans.map(|span| (filter, span))) {
            let found = browse(&library, &dated(filter, span)).await.buckets;
            assert_eq!(Some(found), before.next(), "{filter:?} {span:?}");
        }
    })
    .await;
}

fn dated(filter: &Filter, span: Span) -> Browse {
    let mut asked = books();
    asked.query.filter = filter.clone();
    asked.buckets = Some(("bought".to_owned(), span));
    asked
}

#[tokio::test]
async fn parts_that_lie_apart_are_counted_by_themselves() {
    on_every_database(async |library| {
        let library = library.with_indexes("CREATE INDEX a ON book (bought)").await;
        library.counts.take();
        assert_eq!(browse(&library, &dated(&Filter::All, Span::Day)).await.buckets, [(9, 1), (10, 1), (11, 2)]);
        // The number of rows, both ends and the page; then three days.
        assert_eq!(library.counts.take(), (2, 7));
        library.site.store().script("UPDATE book SET bought = '2023-12-31 22:59:59' WHERE id = 2").await.unwrap();
        assert_eq!(browse(&library, &dated(&Filter::All, Span::Year)).await.buckets, [(2023, 1), (2024, 3)]);
        // Days of several months are not told apart, as before.
        assert_eq!(browse(&library, &dated(&Filter::All, Span::Month)).await.buckets, [(3, 3), (12, 1)]);
        library.site.store().script("UPDATE book SET bought = '0001-06-01 00:00:00' WHERE id = 1").await.unwrap();
        assert_eq!(browse(&library, &dated(&Filter::All, Span::Year)).await.buckets, [(1, 1), (2023, 1), (2024, 2)]);
    })
    .await;
}

#[tokio::test]
async fn an_order_is_walked_without_another_page() {
    let library = Library::open().await;
    let many = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO book SELECT i, 'Book ' || (i * 7919 % 3001), i % 13, i % 3 > 0, NULL, NULL,
        '11111111111111111111111111111111', NULL FROM n";
    library.site.store().script(many).await.unwrap();
    let filters = [field("lent").is(true), field("pages").less_than(9).and(field("lent").is(true)), Filter::All];
    let orders = ["title", "-title", "pages,id", "-pages,id", "-id", "author,title"];
    let asked: Vec<Browse> = filters
        .iter()
        .flat_map(|filter| orders.map(|order| ordered(filter, order, &[0, 1_500, 9_999])))
        .flatten()
        .collect();
    let mut before = Vec::new();
    for asked in &asked {
        before.push(keys(&browse(&library, asked).await));
    }
    let sql = "CREATE INDEX a ON book (title); CREATE INDEX b ON book (pages); CREATE INDEX c ON book (lent)";
    let library = library.with_indexes(sql).await;
    for (asked, before) in asked.iter().zip(before) {
        assert_eq!(keys(&browse(&library, asked).await), before, "{:?}", asked.query);
        let listed = ops::list(&mut library.read().await, asked.query.clone()).await.unwrap();
        let listed: Vec<i64> = listed.records.iter().map(|record| record.row.key().as_int().unwrap()).collect();
        assert_eq!(listed, before, "{:?}", asked.query);
    }
}

/// Pages that begin at several places.
fn ordered(filter: &Filter, order: &str, offsets: &[u64]) -> Vec<Browse> {
    let page = |offset: &u64| {
        let mut asked = books();
        asked.query.filter = filter.clone();
        asked.query.order = order.split(',').map(Order::parse).collect();
        asked.query.window = Window { offset: *offset, limit: Some(25) };
        asked
    };
    offsets.iter().map(page).collect()
}

#[tokio::test]
async fn everything_is_given_where_there_is_little() {
    on_every_database(async |library| {
        let some = Browse { everything: Some(4), ..books() };
        let found = browse(&library, &some).await;
        assert_eq!((keys(&found), found.everything), (vec![1, 2], false));
        let found = browse(&library, &Browse { everything: Some(5), ..books() }).await;
        assert_eq!((keys(&found), found.everything), (vec![1, 2, 3, 4, 5], true));
    })
    .await;
}

#[tokio::test]
async fn too_many_choices_are_none() {
    on_every_database(async |library| {
        let choices = vec![(key("Author"), field("name").is("Kafka")), (key("Author"), Filter::All)];
        let found = browse(&library, &Browse { choices, most_choices: 1, ..books() }).await;
        let counts: Vec<Option<usize>> = found.choices.iter().map(|choice| choice.as_ref().map(Vec::len)).collect();
        assert_eq!(counts, [Some(1), None]);
    })
    .await;
}

#[tokio::test]
async fn a_path_to_a_row_comes_with_its_name() {
    on_every_database(async |library| {
        let mut asked = books();
        asked.query.paths = vec!["shelf__parent".to_owned()];
        let found = browse(&library, &asked).await;
        assert_eq!(found.rows[1].paths, [(Value::from("top"), Some("Upper".to_owned()))]);
    })
    .await;
}

/// Django's rule: the terms of a search meet in one related row.
#[tokio::test]
async fn terms_are_found_in_one_and_the_same_related_row() {
    on_every_database(async |library| {
        let found = async |terms: &[&str]| {
            let fields = [("title", SearchPlace::Anywhere), ("tags__name", SearchPlace::Anywhere)];
            let fields = fields.map(|(name, place)| (name.to_owned(), place)).to_vec();
            let terms = terms.iter().map(|&term| term.to_owned()).collect();
            let mut asked = books();
            asked.query.search = Some(Search { fields, terms });
            keys(&browse(&library, &asked).await)
        };
        assert_eq!(found(&["old"]).await, [1, 4]);
        assert_eq!(found(&["novel", "old"]).await, Vec::<i64>::new());
        assert_eq!(found(&["orl", "old"]).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn case_counts_where_a_field_says_so() {
    on_every_database(async |library| {
        let found = async |place, term: &str| {
            let mut asked = books();
            let fields = vec![("title".to_owned(), place)];
            asked.query.search = Some(Search { fields, terms: vec![term.to_owned()] });
            keys(&browse(&library, &asked).await)
        };
        assert_eq!(found(SearchPlace::AnywhereExactly, "aves").await, [2]);
        assert_eq!(found(SearchPlace::StartExactly, "waves").await, Vec::<i64>::new());
        assert_eq!(found(SearchPlace::EndExactly, "lando").await, [1]);
        assert_eq!(found(SearchPlace::WholeExactly, "Castle").await, [3]);
        assert_eq!(found(SearchPlace::End, "LANDO").await, [1]);
    })
    .await;
}
