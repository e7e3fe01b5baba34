//! `export` and `import` as somebody types them: what is written comes back, and a bad file changes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SEED: &str = include_str!("../../../examples/shop/seed/shop.sqlite.sql");

/// A folder with the seeded shop in `shop.sqlite3`.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(TempDir::new().unwrap());
        desk.sql(SEED);
        desk
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn sql(&self, sql: &str) {
        rusqlite::Connection::open(self.path("shop.sqlite3")).unwrap().execute_batch(sql).unwrap();
    }

    fn count(&self, table: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.path("shop.sqlite3")).unwrap();
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        let folder: &Path = self.0.path();
        let mut command = Command::new(env!("CARGO_BIN_EXE_factotum"));
        command.args(words).args(["--database", "sqlite:shop.sqlite3"]).current_dir(folder).env_clear();
        command.output().unwrap()
    }

    /// What was written to standard output.
    fn out(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn check(&self, words: &[&str], code: i32, said: &[&str]) {
        let output = self.run(words);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code().unwrap(), code, "{words:?}: {text}");
        for part in said {
            assert!(text.contains(part), "{words:?} says no {part:?}: {text}");
        }
    }
}

#[test]
fn rows_are_exported_as_asked() {
    let desk = Desk::new();
    assert!(desk.out(&["export", "shop_tag"]).starts_with("id,name\r\n1,new\r\n2,sale\r\n"));
    assert_eq!(desk.out(&["export", "Tag", "--ids", "3,1,99,x", "--columns", "name"]), "name\r\nnew\r\neco\r\n");
    let json = desk.out(&["export", "product", "--format", "json", "--ids", "7", "--columns", "category_id,price"]);
    assert_eq!(json, "[{\"category_id\": 4, \"price\": \"263.93\"}]");
    desk.check(&["export", "tag", "--output", "tags.xlsx"], 0, &["Wrote 10 rows to tags.xlsx"]);
    assert!(std::fs::read(desk.path("tags.xlsx")).unwrap().starts_with(b"PK"));
    desk.check(&["export", "tga"], 2, &["there is no model 'tga'", "did you mean 'Tag'?"]);
    desk.check(&["export", "tag", "--columns", "nmae"], 2, &["has no column 'nmae'", "did you mean 'name'?"]);
    desk.check(&["export", "tag", "--format", "xml"], 2, &["csv, json, xlsx"]);
}

#[test]
fn what_is_exported_and_edited_is_imported() {
    let desk = Desk::new();
    desk.sql("INSERT INTO shop_tag (name) VALUES ('=1+1'), ('''=x'), ('a \"b\", c'), ('-é')");
    let written = desk.out(&["export", "tag", "--columns", "name"]);
    assert!(written.contains("\r\n'=1+1\r\n''=x\r\n\"a \"\"b\"\", c\"\r\n'-é\r\n"), "{written}");
    desk.write("tags.csv", &written);
    desk.sql("DELETE FROM shop_product_tags; DELETE FROM shop_tag");
    desk.check(&["import", "tag", "tags.csv", "--dry-run"], 0, &["14 rows can be imported; nothing was changed"]);
    assert_eq!(desk.count("shop_tag"), 0);
    desk.check(&["import", "tag", "tags.csv"], 0, &["Imported 14 rows"]);
    assert_eq!(desk.out(&["export", "tag", "--columns", "name"]), written);
    // Columns of nearly every kind.
    let blank = "[model.field.description]\nblank = true\n[model.field.manual]\nblank = true\n";
    desk.write("factotum.toml", format!("[[model]]\nname = \"shop.Product\"\ntable = \"shop_product\"\n{blank}"));
    let columns = "name,sku,category,price,cost,stock,weight,status,is_featured,released_on,available_from,warranty,attributes,description,created_at,updated_at";
    let products = desk.out(&["export", "product", "--columns", columns]);
    desk.write("products.csv", &products);
    desk.sql("PRAGMA foreign_keys = off; DELETE FROM shop_product_tags; DELETE FROM shop_product;");
    desk.check(&["import", "product", "products.csv", "--all-or-nothing"], 0, &["Imported 200 rows"]);
    assert_eq!(desk.out(&["export", "product", "--columns", columns]), products);
}

#[test]
fn rows_that_are_refused_are_named() {
    let desk = Desk::new();
    desk.write("tags.csv", "Title;Remarks\nfresh;x\nnew;y\n;z\n");
    let map = ["--map", "Title=name", "--map", "Remarks="];
    let with = |more: &[&'static str]| {
        let mut words = vec!["import", "tag", "tags.csv"];
        words.extend(map);
        words.extend(more);
        words
    };
    let said = ["row 3: name: ", "row 4: name: "];
    desk.check(&with(&["--dry-run"]), 1, &[said[0], said[1], "2 of 3 rows would be refused; nothing was changed"]);
    desk.check(&with(&["--all-or-nothing"]), 1, &[said[0], "2 of 3 rows refused; nothing was imported"]);
    assert_eq!(desk.count("shop_tag"), 10);
    desk.check(&with(&[]), 1, &[said[0], said[1], "imported 1 row, refused 2"]);
    assert_eq!(desk.count("shop_tag"), 11);
}

#[test]
fn a_bad_file_changes_nothing() {
    let desk = Desk::new();
    let cases: [(&[u8], &str); 9] = [
        (b"name\na\nb,c\n", "Row 3 has 2 columns, expected 1"),
        (b"name\na\n\n", "Row 3 has 0 columns, expected 1"),
        (b"name\na\0b\n", "Row 2 contains a NUL character"),
        (b"name,name\na,b\n", "Column 'name' appears more than once"),
        (b"name\n\"a\nb\n", "Row 2 has a quotation mark that is never closed"),
        (b"name\ra\r", "Row 1 has a carriage return that ends no line"),
        (b"", "the file is empty"),
        (b"\xFF\xFEn\0a\0m\0e\0", "Row 1 contains a NUL character"),
        (b"title\na\n", "has no field 'title'"),
    ];
    for (bytes, words) in cases {
        desk.write("bad.csv", bytes);
        let output = desk.run(&["import", "tag", "bad.csv"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(words), "{words}: {said}");
    }
    assert_eq!(desk.count("shop_tag"), 10);
    desk.check(&["import", "tag", "none.csv"], 1, &["cannot read none.csv"]);
    desk.write("marked.csv", b"\xEF\xBB\xBFname\ncaf\xC3\xA9\n");
    desk.check(&["import", "tag", "marked.csv"], 0, &["Imported 1 row"]);
    desk.write("latin.csv", b"name\nth\xE9\n");
    desk.check(&["import", "tag", "latin.csv", "--user", "root"], 0, &["Imported 1 row"]);
    assert!(desk.out(&["export", "tag"]).ends_with("\r\n11,café\r\n12,thé\r\n"));
}

#[test]
fn somebody_who_may_not_is_told_in_words() {
    let desk = Desk::new();
    desk.write("tags.csv", "name\nnew\n");
    let refused = "error: not permitted to add rows of shop.Tag\n";
    desk.check(&["import", "shop.Tag", "tags.csv", "--user", "nobody"], 1, &[refused]);
    desk.check(&["import", "shop.Tag", "tags.csv", "--user", "ghost"], 1, &["there is no user 'ghost'"]);
}
