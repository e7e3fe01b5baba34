//! `[search.NAME]` and the command `search`: what is declared, made, told and taken away.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SEED: &str = include_str!("../../../examples/shop/seed/shop.sqlite.sql");

const DECLARED: &str = r#"
[database]
url = "sqlite:shop.sqlite3"

[search.products]
model = "shop.Product"
a = ["name"]
b = ["sku"]
d = ["category__name"]
weights = [1, 0.5, 0.2, 0.1]
boost = "stock"
boost_factor = 0.001
alike = ["name"]
least_likeness = 0.25
beginnings = [3, 5]
limit = 10
order = ["name"]
"#;

fn desk(toml: &str) -> TempDir {
    let desk = TempDir::new().unwrap();
    rusqlite::Connection::open(desk.path().join("shop.sqlite3")).unwrap().execute_batch(SEED).unwrap();
    std::fs::write(desk.path().join("factotum.toml"), toml).unwrap();
    desk
}

fn run(desk: &Path, words: &[&str]) -> Output {
    let secret = "not-so-secret-but-long-enough-for-a-test-of-fifty-letters";
    let mut command = Command::new(env!("CARGO_BIN_EXE_factotum"));
    command.args(words).current_dir(desk).env_clear().env("FACTOTUM__SITE__SECRET_KEY", secret).output().unwrap()
}

fn said(desk: &TempDir, words: &[&str]) -> String {
    let output = run(desk.path(), words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_index_is_made_told_and_taken_away() {
    let desk = desk(DECLARED);
    assert_eq!(said(&desk, &["search", "status"]), "products: not indexed, every row is read: run 'search rebuild'\n");
    assert!(said(&desk, &["check"]).contains("searches:\n  products: not indexed"));
    let made = said(&desk, &["search", "rebuild", "products", "--triggers"]);
    assert_eq!(made, "products: index factotum_search_products made, triggers keep it in step\n");
    let connection = rusqlite::Connection::open(desk.path().join("shop.sqlite3")).unwrap();
    connection.execute("UPDATE shop_product SET name = 'Walrus' WHERE id = 1", []).unwrap();
    let found = "SELECT count(*) FROM factotum_search_products WHERE factotum_search_products MATCH 'walrus'";
    assert_eq!(connection.query_row(found, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    assert_eq!(said(&desk, &["search", "status"]), "products: indexed, in step (kept in step)\n");
    assert!(!said(&desk, &["check"]).contains("searches:"));
    assert_eq!(said(&desk, &["search", "remove"]), "products: removed\n");
    assert!(said(&desk, &["search", "status"]).contains("not indexed"));
    let output = run(desk.path(), &["search", "rebuild", "product"]);
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean 'products'?"));
}

#[test]
fn mistakes_in_a_search_are_told_where_they_are() {
    let told = |from: &str, to: &str| {
        assert!(DECLARED.contains(from), "{from}");
        let output = run(desk(&DECLARED.replace(from, to)).path(), &["check"]);
        assert_eq!(output.status.code(), Some(78));
        String::from_utf8(output.stderr).unwrap()
    };
    for (from, to, expected) in [
        ("shop.Product", "shop.Prodct", "6:9: there is no model 'shop.Prodct', did you mean 'shop.Product'? [C015]"),
        ("\"sku\"", "\"sqq\"", "search products: 'sqq' is no field and no path to one row [F052]"),
        ("\"stock\"", "\"name\"", "search products: 'name' is no number [F053]"),
        ("[1, 0.5, 0.2, 0.1]", "[1]", "'weights' must be four numbers"),
        ("[3, 5]", "[3]", "'beginnings' must be two whole numbers"),
        ("limit = 10", "limit = 0", "[F054]"),
        ("limit = 10", "language = \"klingon\"", "the database's full text knows no language 'klingon' [C014]"),
        ("limit = 10", "limt = 10", "unknown key 'limt' in [search.products], did you mean 'limit'?"),
        ("model = \"shop.Product\"\n", "", "[search.products] needs a 'model'"),
    ] {
        let text = told(from, to);
        assert!(text.contains(expected), "{to}: {text}");
    }
}
