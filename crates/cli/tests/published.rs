//! A public site that is nothing but a file, over somebody's own tables: books and authors.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "published/lending.rs"]
mod lending;

use axum::Router;
use axum::body::Body;
use factotum_cli::{Complaint, Plain};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

const TABLES: &str = "
CREATE TABLE author (id INTEGER PRIMARY KEY, slug VARCHAR(40) NOT NULL UNIQUE, name VARCHAR(40) NOT NULL, email VARCHAR(80));
CREATE TABLE imprint (code VARCHAR(10) PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE book (id VARCHAR(10) PRIMARY KEY, title VARCHAR(80) NOT NULL, kind VARCHAR(10) NOT NULL, draft BOOLEAN NOT NULL,
  price DECIMAL(6, 2), published DATE, added DATETIME NOT NULL, keywords TEXT NOT NULL,
  author_id INTEGER NOT NULL REFERENCES author (id), imprint_code VARCHAR(10) REFERENCES imprint (code));
CREATE TABLE sequel (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, book_id VARCHAR(10) NOT NULL REFERENCES book (id),
  next_id VARCHAR(10) NOT NULL REFERENCES book (id));
CREATE TABLE prize (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE book_prize (book_id VARCHAR(10) NOT NULL REFERENCES book (id), prize_id INTEGER NOT NULL REFERENCES prize (id),
  PRIMARY KEY (book_id, prize_id));
CREATE TABLE secret (id INTEGER PRIMARY KEY, words TEXT NOT NULL);
INSERT INTO author VALUES (1, 'woolf', 'Virginia Woolf', 'v@example.com'), (2, 'kafka', 'Franz Kafka', NULL);
INSERT INTO imprint VALUES ('hog/1', 'Hogarth');
INSERT INTO book VALUES
  ('a', 'Orlando', 'novel', 0, 12.50, '1928-10-11', '2024-07-01 10:00:00', 'england; time ;;', 1, 'hog/1'),
  ('b', 'The Waves', 'novel', 0, NULL, '1931-10-08', '2024-01-01 10:00:00.250000', '', 1, 'hog/1'),
  ('c', 'Amerika', 'novel', 1, 8, NULL, '2024-01-02 10:00:00', 'ship', 2, NULL),
  ('d', 'Letters', 'letters', 0, 8, NULL, '2024-01-03 10:00:00', 'post', 2, NULL);
INSERT INTO prize VALUES (5, 'Femina'), (6, 'Booker');
INSERT INTO book_prize VALUES ('a', 6), ('a', 5), ('c', 5), ('d', 5);
INSERT INTO sequel VALUES (1, 2, 'a', 'b'), (2, 1, 'a', 'd'), (3, 3, 'a', 'c');
";

const OTHERS_CLOSED: &str = "
[contracts.conjure]
enabled = false
[contracts.django_admin]
enabled = false
[contracts.litestar]
enabled = false
";

const SITE: &str = r#"
[search.books]
model = "db.Book"
a = ["title"]
b = ["author__name"]
c = ["keywords"]
[site]
title = "Library"
[contracts.packages]
mount = "/library"
docs = "/docs"
time_zone = "Europe/Berlin"
max_page_size = 3
index = ["authors", "books"]
[[contracts.packages.collection]]
name = "books"
table = "book"
singular = "Book"
about = "What was printed <so far>."
order = ["-published", "title"]
rows = { draft = false }
fields = [
    "id", "title", "price", "published", "added",
    { name = "author", link = "authors" },
    { name = "by", from = "author.name" },
    { name = "imprint", from = "imprint_code.name" },
    { name = "tags", from = "keywords", as = "list", separator = ";" },
    { name = "sequels", links = "books", through = "sequel", order = ["place"] },
    { name = "prizes", links = "prizes", order = ["name"] },
    { name = "page", by = "kind", templates = { novel = "/novels/{title}/", letters = "/letters/" } },
]
[[contracts.packages.collection]]
name = "prizes"
table = "prize"
fields = ["name", { name = "books", links = "books", order = ["book.title"] }]
[[contracts.packages.collection]]
name = "search"
table = "book"
search = "books"
rows = { draft = false }
fields = ["title", { name = "author", link = "authors" }, { name = "by", from = "author.name" }]
[[contracts.packages.collection]]
name = "authors"
table = "author"
singular = "Author"
order = ["name"]
lookup = ["slug"]
fields = ["name", { name = "books", links = "books", order = ["title"] }]
"#;

/// The router, or what is wrong with the file.
async fn open(toml: &str) -> (Result<Router, Vec<Complaint>>, TempDir) {
    open_with("", toml).await
}

/// The same with more tables.
async fn open_with(tables: &str, toml: &str) -> (Result<Router, Vec<Complaint>>, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("library.sqlite3");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&format!("{TABLES}{tables}")).unwrap();
    let text = format!("{OTHERS_CLOSED}{toml}");
    (factotum_cli::app(&text, &format!("sqlite:{}", file.display()), &Plain).await, folder)
}

async fn ask(app: &Router, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let mut request = Request::get(path).header("host", "books.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned())
}

async fn get(app: &Router, path: &str) -> (u16, Value) {
    let (status, _, body) = ask(app, path, &[]).await;
    (status, serde_json::from_str(&body).unwrap_or_default())
}

#[tokio::test]
async fn rows_are_told_as_they_were_declared() {
    let (app, _folder) = open(SITE).await;
    let app = app.unwrap();
    let index = json!({ "authors": "http://books.test/library/authors/", "books": "http://books.test/library/books/" });
    assert_eq!(get(&app, "/library/").await, (200, index));
    let orlando = json!({
        "id": "a", "title": "Orlando", "price": "12.50", "published": "1928-10-11", "added": "2024-07-01T12:00:00+02:00",
        "author": "http://books.test/library/authors/woolf/", "by": "Virginia Woolf", "imprint": "Hogarth",
        "tags": ["england", "time"],
        "sequels": ["http://books.test/library/books/d/", "http://books.test/library/books/b/"],
        "prizes": ["http://books.test/library/prizes/6/", "http://books.test/library/prizes/5/"],
        "page": "/novels/Orlando/",
    });
    assert_eq!(get(&app, "/library/books/a/").await, (200, orlando));
    let (_, list) = get(&app, "/library/books/?limit=10").await;
    let titles: Vec<&str> =
        list["results"].as_array().unwrap().iter().filter_map(|row| row["title"].as_str()).collect();
    assert_eq!((list["count"].as_u64(), titles), (Some(3), vec!["The Waves", "Orlando", "Letters"]));
    assert_eq!(list["results"][0]["added"], "2024-01-01T11:00:00.250000+01:00");
    assert_eq!(list["results"][0]["page"], "/novels/The%20Waves/");
    let kafka = json!({ "name": "Franz Kafka", "books": ["http://books.test/library/books/d/"] });
    assert_eq!(get(&app, "/library/authors/kafka/").await, (200, kafka));
    let femina = json!({ "name": "Femina", "books": ["http://books.test/library/books/d/", "http://books.test/library/books/a/"] });
    assert_eq!(get(&app, "/library/prizes/5/").await, (200, femina));
    let (status, missing) = get(&app, "/library/books/c/").await;
    assert_eq!((status, missing), (404, json!({ "detail": "No Book matches the given query." })));
    assert_eq!(get(&app, "/library/secret/").await.0, 404);
}

#[tokio::test]
async fn what_is_found_is_told_the_best_first() {
    let (app, _folder) = open(SITE).await;
    let app = app.unwrap();
    let titles = async |path: &str| {
        let (status, found) = get(&app, path).await;
        let rows = found.as_array().unwrap_or_else(|| panic!("{path}: {status} {found}")).clone();
        rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles("/library/search/?q=time").await, ["Orlando"]);
    assert_eq!(titles("/library/search.json?q=woolf&limit=1").await, ["Orlando", "The Waves"]);
    assert_eq!(titles("/library/search/?q=kafka").await, ["Letters"], "drafts are not published");
    for path in ["/library/search/", "/library/search/?q=%20", "/library/search/?q=%00", "/library/search/?q=a&q="] {
        assert!(titles(path).await.is_empty(), "{path}");
    }
    let (_, found) = get(&app, "/library/search/?q=post").await;
    let author = "http://books.test/library/authors/kafka/";
    assert_eq!(found, json!([{ "title": "Letters", "author": author, "by": "Franz Kafka" }]));
    assert_eq!(get(&app, "/library/search/a/").await.0, 404);
}

#[tokio::test]
async fn every_address_leads_somewhere() {
    let (app, _folder) = open(SITE).await;
    let app = app.unwrap();
    let mut open = vec!["http://books.test/library/".to_owned()];
    let mut seen = Vec::new();
    while let Some(url) = open.pop() {
        if seen.contains(&url) {
            continue;
        }
        let path = url.strip_prefix("http://books.test").unwrap().to_owned();
        let (status, _, body) = ask(&app, &path, &[]).await;
        assert_eq!(status, 200, "{path}");
        seen.push(url);
        let found = body.split('"').filter(|part| part.starts_with("http://books.test/"));
        open.extend(found.map(str::to_owned));
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

#[tokio::test]
async fn a_page_is_for_people_and_shows_texts_as_texts() {
    let (app, _folder) = open(SITE).await;
    let app = app.unwrap();
    let (status, headers, page) = ask(&app, "/library/books/?limit=1", &[("accept", "text/html, */*;q=0.8")]).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "text/html; charset=utf-8"));
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(page.contains("<h1>Book List</h1>") && page.contains("What was printed &lt;so far&gt;."), "{page}");
    assert!(page.contains("<a rel=\"next\" href=\"http://books.test/library/books/?limit=1&amp;offset=1\">"), "{page}");
    let (status, _, page) = ask(&app, "/library/books/%3Cb%3E/", &[("accept", "text/html")]).await;
    assert_eq!(status, 404);
    assert!(page.contains("No Book matches the given query.") && !page.contains("<b>"), "{page}");
}

#[tokio::test]
async fn the_document_tells_what_is_published_and_has_pages() {
    let (app, _folder) = open(SITE).await;
    let app = app.unwrap();
    let (_, document) = get(&app, "/library/openapi.json").await;
    assert_eq!(document["servers"], json!([{ "url": "/library" }]));
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(
        paths,
        [
            "/openapi.json",
            "/",
            "/books/",
            "/books/{key}/",
            "/prizes/",
            "/prizes/{key}/",
            "/search/",
            "/authors/",
            "/authors/{key}/"
        ]
    );
    let book = &document["components"]["schemas"]["Book"]["properties"];
    assert_eq!(book["imprint"]["type"], json!(["string", "null"]));
    assert_eq!(book["sequels"]["items"]["format"], "uri");
    assert!(!document.to_string().contains("email"), "what is not named is nowhere");
    let (status, _, page) = ask(&app, "/docs/swagger", &[]).await;
    assert!(status == 200 && page.contains("/library/openapi.json"), "{page}");
}

#[tokio::test]
async fn a_file_stays_as_it_is_where_nothing_is_served_that_writes() {
    let (app, folder) = open(SITE).await;
    assert_eq!(get(&app.unwrap(), "/library/books/a/").await.0, 200);
    let connection = rusqlite::Connection::open(folder.path().join("library.sqlite3")).unwrap();
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
}

#[tokio::test]
async fn limits_count_people_whom_nobody_knows() {
    let (app, _folder) = open(&format!("[limits.address]\nper_minute = 2\n{SITE}")).await;
    let app = app.unwrap();
    for _ in 0..2 {
        assert_eq!(get(&app, "/library/books/").await.0, 200);
    }
    let (status, headers, body) = ask(&app, "/library/books/", &[]).await;
    assert_eq!((status, &headers["x-ratelimit-remaining"]), (429, &"0".parse().unwrap()));
    assert!(body.contains("throttled") && headers.contains_key("retry-after"), "{body}");
}

/// What is wrong with the site with a part of it replaced.
async fn complaints(old: &str, new: &str) -> Vec<String> {
    assert!(SITE.contains(old), "{old}");
    let (app, _folder) = open(&SITE.replacen(old, new, 1)).await;
    app.map(drop).unwrap_err().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn mistakes_are_told_with_their_line_and_what_was_meant() {
    let cases = [
        (
            "table = \"author\"",
            "table = \"authr\"",
            "there is no table 'authr', or none that can be administered, did you mean 'author'? [C010]",
        ),
        (
            "\"id\", \"title\",",
            "\"id\", \"titel\",",
            "field 'titel': there is no field 'titel', or it is hidden, or it is more than one, did you mean 'title'? [C011]",
        ),
        ("link = \"authors\"", "link = \"autors\"", "there is no collection 'autors', did you mean 'authors'? [C015]"),
        (
            "as = \"list\"",
            "as = \"lst\"",
            "'as' must be \"value\", \"json\", \"list\" or \"emoji\", not 'lst', did you mean 'list'? [C014]",
        ),
        (
            "lookup = [\"slug\"]",
            "lookup = [\"slug\", \"id\"]",
            "every key is looked up by 'slug': what follows is never asked [C014]",
        ),
        (
            "name = \"author\", link = \"authors\"",
            "name = \"author\", link = \"prizes\"",
            "'author' does not lead to the rows of 'prizes' [C011]",
        ),
        (
            "name = \"author\", link = \"authors\"",
            "name = \"author\", link = \"search\"",
            "'search' is a search: its rows have no addresses [C015]",
        ),
        ("lookup = [\"slug\"]", "lookup = [\"slag\"]", "db.Author has no field 'slag', did you mean 'slug'? [C011]"),
        ("search = \"books\"", "search = \"boks\"", "there is no [search.boks], did you mean 'books'? [C015]"),
        (
            "max_page_size",
            "max_page_sise",
            "unknown key 'max_page_sise' in [contracts.packages], did you mean 'max_page_size'? [C003]",
        ),
        (
            "index = [\"authors\"",
            "index = [\"athors\"",
            "there is no collection 'athors', did you mean 'authors'? [C015]",
        ),
        ("name = \"authors\"", "name = \"books\"", "there is another collection 'books' [C020]"),
        (
            "Europe/Berlin",
            "Europe/Berln",
            "unknown time zone 'Europe/Berln': write a name such as \"Europe/Berlin\" [C019]",
        ),
        ("by = \"kind\", ", "", "'templates' needs 'by': the field whose value chooses among them [C005]"),
        (
            "order = [\"place\"]",
            "order = [\"plce\"]",
            "there is no field 'plce', or it is hidden, or it is more than one [C011]",
        ),
        ("{ draft = false }", "{ daft = false }", "db.Book has no field 'daft', did you mean 'draft'? [C011]"),
        (
            "[\"-published\"",
            "[\"-publishd\"",
            "there is no field 'publishd', or it is hidden, or it is more than one [C011]",
        ),
        ("{ draft = false }", "{ draft = \"x\" }", "'draft' is true or false [C016]"),
        ("\"title\", \"price\"", "\"title\", \"title\"", "'title' is twice in the fields of 'books' [C034]"),
        ("index = [\"authors\"", "index = [\"books\"", "'books' is twice in the index [C034]"),
        ("max_page_size = 3", "max_page_size = 0", "'max_page_size' must be at least 1 [C004]"),
        (
            "max_page_size = 3",
            "cache_control = \"a\\nb\"",
            "'cache_control' is said in a header: ASCII, on one line [C004]",
        ),
        (
            "max_page_size = 3",
            "cors_origins = [\"app.example/x\"]",
            "'app.example/x' is no origin: write \"*\", or a scheme and a host as \"https://app.example\" [C004]",
        ),
        (
            "\"/letters/\"",
            "\"/letters/{id\"",
            "the template '/letters/{id' has a brace without the other, or no name between them [C012]",
        ),
        ("from = \"keywords\", as", "from = \"price\", as", "'price' is no text: it cannot be told as \"list\" [C014]"),
        ("separator = \";\"", "separator = \"\"", "'separator' must have at least one character [C004]"),
        (
            "search = \"books\"",
            "search = \"books\"\norder = [\"title\"]",
            "'order' means nothing for a search: it has an order of its own, and no single rows [C005]",
        ),
        (
            "model = \"db.Book\"\na = [\"title\"]\nb = [\"author__name\"]\nc = [\"keywords\"]",
            "model = \"db.Secret\"\na = [\"words\"]",
            "[search.books] finds rows of db.Secret, which no collection publishes [C015]",
        ),
    ];
    for (old, new, expected) in cases {
        let complaints = complaints(old, new).await;
        let found = complaints.iter().find(|complaint| complaint.ends_with(expected));
        let found = found.unwrap_or_else(|| panic!("{new}: {complaints:?}"));
        assert!(found.starts_with("factotum.toml:"), "{found}");
    }
}

#[tokio::test]
async fn nothing_is_published_that_is_not_declared() {
    let (app, _folder) = open("").await;
    assert!(app.unwrap_err().iter().any(|complaint| complaint.code == "C025"));
}
