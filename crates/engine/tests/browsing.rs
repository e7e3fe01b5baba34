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
