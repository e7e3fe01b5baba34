//! The program as somebody types it: exit codes, one clear message for each mistake, and what it writes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

const SEED: &str = include_str!("../../../examples/shop/seed/shop.sqlite.sql");

/// A folder of its own, in which the program runs without the environment of whoever tests.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(TempDir::new().unwrap())
    }

    /// With the seeded shop in `shop.sqlite3`.
    fn with_shop() -> Desk {
        let desk = Desk::new();
        let connection = rusqlite::Connection::open(desk.path().join("shop.sqlite3")).unwrap();
        connection.execute_batch(SEED).unwrap();
        desk
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_factotum"));
        command.args(words).current_dir(self.path()).env_clear();
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// The exit code and what was said on standard error.
    fn told(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn check(&self, words: &[&str], code: i32, said: &[&str]) {
        let (got, text) = self.told(words);
        assert_eq!(got, code, "{words:?}: {text}");
        for part in said {
            assert!(text.contains(part), "{words:?} says no {part:?}: {text}");
        }
    }
}

#[test]
fn mistakes_on_the_command_line_are_told() {
    let desk = Desk::with_shop();
    desk.check(&["serve", "--datbase", "x"], 2, &["--database"]);
    desk.check(&["sevre"], 2, &["serve"]);
    desk.check(&["schema"], 78, &["no database is named"]);
    desk.check(&["schema", "--database", "sqlite:none.sqlite3"], 69, &["none.sqlite3"]);
    desk.check(&["schema", "--database", "postgres://u:secret@127.0.0.1:1/x"], 69, &["u:********@127.0.0.1:1/x"]);
    desk.check(&["schema", "--database", "oracle://x"], 78, &["oracle"]);
    desk.check(&["schema", "--config", "none.toml", "--database", "sqlite:shop.sqlite3"], 78, &["none.toml"]);
    desk.check(&["serve", "--database", "sqlite:shop.sqlite3"], 78, &["secret_key"]);
    assert!(!desk.path().join("none.sqlite3").exists());
}

#[test]
fn every_mistake_in_a_file_is_told_at_once() {
    let desk = Desk::with_shop();
    let text = "[site]\ntime_zon = \"UTC\"\nsecret_key = 5\n\n[[model]]\nname = \"shop.Tag\"\nlist_dsplay = [\"name\"]\n[model.field.name]\nmax_lenght = 9\n";
    desk.write("factotum.toml", text);
    let (code, said) = desk.told(&["check", "--database", "sqlite:shop.sqlite3"]);
    assert_eq!(code, 78);
    insta::assert_snapshot!(said, @r#"
    error: 4 problems in the configuration
      1. factotum.toml:3:14: 'site.secret_key' must be text, not a whole number [C004]
      2. factotum.toml:2:1: unknown key 'time_zon' in [site], did you mean 'time_zone'? [C003]
      3. factotum.toml:9:1: unknown key 'max_lenght' in [model.field.name], did you mean 'max_length'? [C003]
      4. factotum.toml:7:1: unknown key 'list_dsplay' in [model], did you mean 'list_display'? [C003]
    "#);
}

#[test]
fn what_the_database_does_not_have_is_told_with_its_place() {
    let desk = Desk::with_shop();
    let text = "[site]\nsecret_key = \"0123456789abcdef0123456789abcdef\"\n[[model]]\nname = \"shop.Tag\"\nsearch_fields = [\"nam\"]\n[model.field.colour]\nblank = true\n[[model]]\ntable = \"shop_prodct\"\n[[model]]\nname = \"shop.Product\"\n[model.field.status]\ndefault = 5.5\n[[model.action]]\nname = \"go\"\nset = { stauts = \"x\" }\npermissions = [\"chnge\"]\n";
    desk.write("factotum.toml", text);
    let (code, said) = desk.told(&["check", "--database", "sqlite:shop.sqlite3"]);
    assert_eq!(code, 78);
    insta::assert_snapshot!(said);
}

#[test]
fn a_file_made_from_a_database_changes_nothing() {
    let desk = Desk::with_shop();
    let before = desk.run(&["schema", "--database", "sqlite:shop.sqlite3"]).stdout;
    let file = std::fs::read(desk.path().join("shop.sqlite3")).unwrap();
    desk.check(&["init", "sqlite:shop.sqlite3"], 0, &["Wrote"]);
    assert!(std::fs::read(desk.path().join("shop.sqlite3")).unwrap() == file, "the database was changed");
    desk.check(&["init", "sqlite:shop.sqlite3"], 1, &["--force"]);
    desk.check(&["check"], 0, &[]);
    let after = desk.run(&["schema"]).stdout;
    assert!(!before.is_empty() && before == after, "the schema changed");
}

#[test]
fn the_same_holds_for_a_nasty_file() {
    let desk = Desk::new();
    let connection = rusqlite::Connection::open(desk.path().join("nasty.sqlite3")).unwrap();
    connection.execute_batch(include_str!("../../engine/tests/inference/nasty.sqlite.sql")).unwrap();
    let before = desk.run(&["schema", "--database", "sqlite:nasty.sqlite3"]).stdout;
    desk.check(&["init", "sqlite:nasty.sqlite3"], 0, &["left out"]);
    desk.check(&["check"], 0, &[]);
    assert_eq!(String::from_utf8(before).unwrap(), String::from_utf8(desk.run(&["schema"]).stdout).unwrap());
}

#[test]
fn a_new_database_gets_its_tables_and_its_people() {
    let desk = Desk::new();
    let url = ["--database", "sqlite:new.sqlite3"];
    desk.check(&["migrate", url[0], url[1]], 0, &[]);
    let mut child = desk
        .command(&["user", "create", "ann", "--superuser", "--password-stdin", url[0], url[1]])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"seven-blue-horses\n").unwrap();
    assert!(child.wait().unwrap().success());
    let list = String::from_utf8(desk.run(&["user", "list", url[0], url[1]]).stdout).unwrap();
    assert_eq!(list, "ann\t\tsuperuser, staff\tlast sign-in never\n");
    let short = desk
        .command(&["user", "create", "bob", "--password-stdin", url[0], url[1]])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(short.status.code(), Some(1));
}

#[test]
fn secrets_are_masked_when_the_configuration_is_printed() {
    let desk = Desk::new();
    desk.write("key", "from-a-file\n");
    let output = desk
        .command(&["serve", "--print-config", "--listen", "127.0.0.1:1"])
        .env("FACTOTUM__SITE__SECRET_KEY_FILE", "key")
        .env("DATABASE_URL", "postgres://ann:secret@db/shop")
        .env("FACTOTUM__CONTRACTS__CONJURE__PAGE_SIZE", "7")
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
    let mut printing = desk.command(&["serve", "--print-config"]);
    let output = printing.env("FACTOTUM__CONTRACTS__LITESTAR__FILES__S3__SECRET_ACCESS_KEY", "of a bucket").output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    assert!(printed.contains("secret_access_key") && !printed.contains("of a bucket"), "{printed}");
    let unknown = desk.command(&["check"]).env("FACTOTUM__SITE__TITEL", "x").output().unwrap();
    let said = String::from_utf8(unknown.stderr).unwrap();
    assert!(said.contains("FACTOTUM__SITE__TITEL") && said.contains("'title'"), "{said}");
}

/// The program while it serves.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(desk: &Desk, words: &[&str]) -> Serving {
        let mut child = desk.command(words).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = String::new();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("ended: {said}")).unwrap();
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap().to_owned();
            }
            said.push_str(&line);
        };
        std::thread::spawn(move || lines.for_each(drop));
        Serving { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn a_site_is_served_until_it_is_told_to_stop() {
    let desk = Desk::with_shop();
    desk.check(&["init", "sqlite:shop.sqlite3"], 0, &[]);
    std::fs::create_dir_all(desk.path().join("media/manuals")).unwrap();
    desk.write("media/manuals/a.html", "<script>");
    desk.write("media/manuals/.b.pdf.part", "cut");
    let left = std::fs::File::options().write(true).open(desk.path().join("media/manuals/.b.pdf.part")).unwrap();
    left.set_modified(std::time::UNIX_EPOCH).unwrap();
    let serving = Serving::start(&desk, &["serve", "--listen", "127.0.0.1:0"]);
    let config = serving.get("/conjure/config/");
    assert!(config.starts_with("HTTP/1.1 200") && config.contains("\"auth\":\"session\""), "{config}");
    assert!(!desk.path().join("media/manuals/.b.pdf.part").exists(), "what a crash left is swept");
    assert!(serving.get("/livez").starts_with("HTTP/1.1 200"));
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(serving.get("/metrics").contains("http_requests_total"));
    assert!(serving.get("/nope").starts_with("HTTP/1.1 404"));
    let media = serving.get("/media/manuals/a.html").to_lowercase();
    assert!(media.contains("content-disposition: attachment") && media.contains("nosniff"), "{media}");
    desk.check(&["serve", "--listen", &serving.address], 1, &["the port is in use"]);
    assert_eq!(serving.stop(), Some(0));
}

#[test]
fn the_demo_needs_nothing() {
    let desk = Desk::new();
    let serving = Serving::start(&desk, &["demo", "--listen", "127.0.0.1:0", "--keep", "demo.sqlite3"]);
    assert!(serving.get("/conjure/config/").contains("\"name\":\"Shop\""));
    assert_eq!(serving.stop(), Some(0));
    assert!(desk.path().join("demo.sqlite3").exists());
}

#[test]
fn rules_of_fields_are_read_and_their_mistakes_named() {
    let desk = Desk::with_shop();
    let site = |rules: &str| {
        format!(
            "[site]\nsecret_key = \"0123456789012345678901234567890123456789\"\n[[model]]\nname = \"shop.Order\"\n{rules}"
        )
    };
    let words = ["check", "--config", "site.toml", "--database", "sqlite:shop.sqlite3"];
    desk.write(
        "site.toml",
        &site(
            "[[model.unique]]\nfields = [\"number\", \"customer\"]\nmessage = \"Twice.\"\n\
             [model.field.number]\nunique_for_month = \"placed_at\"\n[model.field.placed_at]\ndefault = \"now\"\n",
        ),
    );
    desk.check(&words, 0, &[]);
    desk.write(
        "site.toml",
        &site(
            "[[model.unique]]\nfields = [\"nmber\"]\n[model.field.number]\nunique_for_date = \"status\"\n\
             [model.field.note]\nkind = \"GenericIPAddressField\"\nprotocol = \"v5\"\n",
        ),
    );
    let said = ["has no field 'nmber'", "has no date 'status'", "'protocol' must be"];
    desk.check(&words, 78, &said);
}

#[test]
fn a_contract_prints_its_document() {
    let desk = Desk::with_shop();
    let places = [
        ("conjure", "/conjure/auth/me/"),
        ("django_admin", "/admin-api/api/v1/registry/"),
        ("litestar", "/admin/api/models"),
    ];
    for (contract, path) in places {
        let printed = desk.run(&["openapi", contract, "--database", "sqlite:shop.sqlite3"]).stdout;
        let document: serde_json::Value = serde_json::from_slice(&printed).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        assert!(document["paths"][path]["get"].is_object(), "{contract} has no {path}");
    }
    desk.check(&["openapi", "packages", "--database", "sqlite:shop.sqlite3"], 78, &["not offered here"]);
    desk.check(&["openapi", "soap"], 2, &["django_admin"]);
}

#[test]
fn indexes_that_are_missing_are_advised_and_then_not() {
    let desk = Desk::with_shop();
    let text = "[site]\nsecret_key = \"0123456789abcdef0123456789abcdef\"\n[contracts.django_admin]\n[[model]]\n\
        name = \"shop.Product\"\nsearch_fields = [\"^sku\"]\nlist_filter = [\"status\", \"is_featured\"]\n\
        ordering = [\"-price\", \"name\"]\ndate_hierarchy = \"released_on\"\n";
    desk.write("factotum.toml", text);
    let words = ["check", "--database", "sqlite:shop.sqlite3"];
    let said = String::from_utf8(desk.run(&words).stdout).unwrap();
    let of_products: Vec<&str> = said.lines().filter(|line| line.contains("shop.Product.")).collect();
    insta::assert_snapshot!(of_products.join("\n"), @r#"
  W001 shop.Product.ordering: CREATE INDEX "shop_product_price_desc_name" ON "shop_product" ("price" DESC, "name")
  W002 shop.Product.date_hierarchy: CREATE INDEX "shop_product_released_on" ON "shop_product" ("released_on")
  W002 shop.Product.date_hierarchy: CREATE INDEX "shop_product_status_released_on" ON "shop_product" ("status", "released_on")
  W002 shop.Product.date_hierarchy: CREATE INDEX "shop_product_is_featured_released_on" ON "shop_product" ("is_featured", "released_on")
  W004 shop.Product.search_fields: CREATE INDEX "shop_product_sku_collate_nocase" ON "shop_product" ("sku" COLLATE NOCASE)
    "#);
    let connection = rusqlite::Connection::open(desk.path().join("shop.sqlite3")).unwrap();
    for line in of_products {
        connection.execute_batch(line.split_once(": ").unwrap().1).unwrap();
    }
    let said = String::from_utf8(desk.run(&words).stdout).unwrap();
    assert!(said.contains("OK: no problems") && !said.contains("shop.Product."), "{said}");
}
