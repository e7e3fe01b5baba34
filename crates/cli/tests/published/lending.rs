//! Keys of every kind, and links over tables of pairs: a library that lends its books.

use serde_json::json;

use super::{get, open_with};

const READERS: &str = "
CREATE TABLE reader (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE read (id INTEGER PRIMARY KEY, book_id VARCHAR(10) NOT NULL REFERENCES book (id),
  reader_id INTEGER NOT NULL REFERENCES reader (id), UNIQUE (book_id, reader_id));
CREATE TABLE loan (id INTEGER PRIMARY KEY, reader_id INTEGER NOT NULL REFERENCES reader (id), back BOOLEAN NOT NULL);
INSERT INTO reader VALUES (1, 'amara.k'), (2, ''), (3, 'x.json'), (4, 'leila');
INSERT INTO read VALUES (1, 'a', 4), (2, 'a', 1), (3, 'a', 3);
INSERT INTO loan VALUES (1, 1, 0), (2, 2, 1), (3, 3, 1);
";

const LENDING: &str = r#"
[contracts.packages]
mount = "/l"
[[contracts.packages.collection]]
name = "books"
table = "book"
fields = ["id", { name = "readers", links = "readers", through = "read", order = ["id"] }]
[[contracts.packages.collection]]
name = "readers"
table = "reader"
singular = "Reader"
lookup = ["name"]
fields = ["id", "name", { name = "books", links = "books", through = "read", order = ["-id"] }]
[[contracts.packages.collection]]
name = "loans"
table = "loan"
fields = [{ name = "reader", link = "readers" }, { name = "at", by = "back", templates = { true = "/back", false = "/out/{id}" } }]
[[contracts.packages.collection]]
name = "states"
table = "loan"
lookup = ["back"]
fields = ["id"]
"#;

#[tokio::test]
async fn keys_with_points_are_reached_and_those_that_are_nothing_are_not_told() {
    let (app, _folder) = open_with(READERS, LENDING).await;
    let app = app.unwrap();
    let reader = |name: &str| json!(format!("http://books.test/l/readers/{name}/"));
    assert_eq!(get(&app, "/l/loans/1/").await.1, json!({ "reader": reader("amara.k"), "at": "/out/1" }));
    assert_eq!(get(&app, "/l/loans/2/").await.1, json!({ "reader": null, "at": "/back" }));
    for (path, id) in
        [("amara.k/", 1), ("amara.k", 1), ("amara.k.json", 1), ("x.json/", 3), ("x.json.json", 3), ("leila.json", 4)]
    {
        let (status, found) = get(&app, &format!("/l/readers/{path}")).await;
        assert_eq!((status, &found["id"]), (200, &json!(id)), "{path}");
    }
    for path in ["/l/readers/leila.k/", "/l/readers/amara.k.xml", "/l/states/x/"] {
        assert_eq!(get(&app, path).await, (404, json!({ "detail": "Not found." })), "{path}");
    }
    assert_eq!(get(&app, "/l/readers/nobody/").await.1["detail"], "No Reader matches the given query.");
    assert_eq!(get(&app, "/l/states/False/").await.1["id"], 1);
    for path in ["/l//", "/l//books/", "/l//books", "/l/books//", "/l//.json"] {
        assert_eq!(get(&app, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn links_over_a_table_of_pairs_may_be_in_its_order() {
    let (app, _folder) = open_with(READERS, LENDING).await;
    let app = app.unwrap();
    let readers = ["leila", "amara.k", "x.json"].map(|name| format!("http://books.test/l/readers/{name}/"));
    assert_eq!(get(&app, "/l/books/a/").await.1["readers"], json!(readers));
    assert_eq!(get(&app, "/l/readers/leila/").await.1["books"], json!(["http://books.test/l/books/a/"]));
}
