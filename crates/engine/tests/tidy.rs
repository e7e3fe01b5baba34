//! The laws of the house that the compiler cannot keep, for the engine and for what holds in every crate.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "tidy/source.rs"]
mod source;

use std::path::PathBuf;

use source::{Source, none, sources};

/// The rooms of the engine and the floor each stands on. A room names only its own floor and those below.
///
/// The hall is floor 3: a hook needs a context, a context the site, the site the hooks and the ledger of the audit.
/// A plan stands there too, since whose question it is decides what it may name.
const FLOORS: &[(u8, &[&str])] = &[
    (0, &["value", "model"]),
    (1, &["store"]),
    (
        3,
        &[
            "query",
            "error",
            "principal",
            "permit",
            "context",
            "site",
            "admin",
            "problem",
            "files",
            "audit",
            "search",
            "feed",
        ],
    ),
    (4, &["form", "accounts", "settings"]),
    (5, &["ops"]),
];

/// Arrows that point upwards, each with its reason: the files, the only words they may say, why.
const ARROWS: &[(&str, &str, &str)] = &[
    (
        "model/read",
        "use crate::store::Dialect;",
        "the range of an integer follows the database, and that is only a name",
    ),
    (
        "model/read/file.rs",
        "use crate::files;",
        "what an upload is called and whether it is an image: functions of text and bytes",
    ),
    (
        "model/read/form/file.rs",
        "use crate::files;",
        "what an upload is called and whether it is an image: functions of text and bytes",
    ),
];

/// What the engine must not be able to name: everything that speaks HTTP, reads a command line or a configuration.
const NOT_IN_THE_ENGINE: &[&str] =
    &["axum", "hyper", "http", "http-body-util", "tower", "clap", "toml", "serde", "multer"];

/// Only the store says these.
const DRIVERS: &[&str] = &["sea_query", "rusqlite", "tokio_postgres", "deadpool_postgres"];

/// How a statement begins or goes on, in the only spelling the house uses for SQL.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "UPDATE \\\"",
    "CREATE TABLE",
    "CREATE INDEX",
    "ALTER TABLE",
    "DROP TABLE",
    "PRAGMA ",
    " WHERE ",
    " ORDER BY ",
];

fn crates() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn engine() -> Vec<Source> {
    sources(&crates().join("engine/src"))
}

/// The sources of every crate, with the crate in front of the path.
fn everything() -> Vec<Source> {
    let roots = ["engine", "factotum", "cli", "../examples/shop"];
    let of_root = |root: &str| {
        let found = sources(&crates().join(root).join("src"));
        found
            .into_iter()
            .map(|source| Source { path: format!("{root}/src/{}", source.path), text: source.text })
            .collect::<Vec<_>>()
    };
    roots.into_iter().flat_map(of_root).collect()
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

/// The lines of code that say one of the words.
fn saying(sources: &[Source], words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    let of_source = |source: &Source| {
        let lines = source.code().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        lines.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())).collect::<Vec<_>>()
    };
    sources.iter().filter(|source| !allowed(source)).flat_map(of_source).collect()
}

#[test]
fn the_engine_does_not_know_http() {
    let manifest = std::fs::read_to_string(crates().join("engine/Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap();
    let names = dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    let foreign: Vec<String> = names.filter(|name| NOT_IN_THE_ENGINE.contains(name)).map(str::to_owned).collect();
    none(&foreign, "law 1: these do not enter the engine");
}

#[test]
fn inner_types_have_no_wire_format() {
    none(&saying(&engine(), &["Serialize", "Deserialize"], |_| false), "law 2: the engine derives no wire format");
}

#[test]
fn a_file_names_only_its_own_floor_and_those_below() {
    let mut complaints = Vec::new();
    for source in engine().iter().filter(|source| source.path != "lib.rs") {
        let Some(own) = floor(source.room()) else {
            complaints.push(format!("{}: the room has no floor in this table", source.path));
            continue;
        };
        for (number, room) in source.rooms_named() {
            let line = source.text.lines().nth(number - 1).unwrap_or_default();
            let known = ARROWS.iter().any(|(files, words, _)| source.path.starts_with(files) && line == *words);
            if floor(&room).is_some_and(|other| other > own) && !known {
                complaints.push(format!("{}:{number}: floor {own} names {room}, a floor above", source.path));
            }
        }
    }
    none(&complaints, "law 3: floors");
}

#[test]
fn a_permit_and_a_clean_form_are_made_in_one_place() {
    let engine = engine();
    for (made, room) in [("Permit {", "permit"), ("Clean {", "form")] {
        let said = saying(&engine, &[made], |source| source.room() == room);
        let built: Vec<String> =
            said.into_iter().filter(|line| !line.contains("->") && !line.contains("impl")).collect();
        none(&built, &format!("law 5: {made} stands only in the room {room}"));
    }
}

/// Accounts are asked before there is a context: at start, and for the principal of the context itself.
#[test]
fn only_a_context_holds_a_session() {
    let held = saying(&engine(), &["dyn Session"], |source| matches!(source.room(), "store" | "context" | "accounts"));
    none(&held, "law 6: one request, one transaction: sessions are held by the context");
}

#[test]
fn sql_and_drivers_stay_in_the_store() {
    let everything = everything();
    let store = |source: &Source| source.path.starts_with("engine/src/store/");
    none(&saying(&everything, SQL, store), "law 7: SQL text");
    none(&saying(&everything, DRIVERS, store), "law 7: drivers");
}

#[test]
fn errors_are_closed() {
    none(
        &saying(&everything(), &["#[non_exhaustive"], |_| false),
        "law 8: a new way to fail is a question to every door",
    );
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = everything()
        .into_iter()
        .filter(|source| !source.text.starts_with("//! ") || source.text[4..].trim_start().len() < 10);
    none(
        &silent.map(|source| source.path).collect::<Vec<_>>(),
        "a file opens with a sentence that says what the room is for",
    );
}

#[test]
fn nothing_is_unwrapped_left_for_later_or_switched_off() {
    let words = [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "#[allow(", "#![allow("];
    none(
        &saying(&everything(), &words, |_| false),
        "no unwrap outside tests, nothing left for later, #[expect] with a reason for #[allow]",
    );
    let marks = ["TODO", "FIXME", "XXX"];
    let marked = everything().into_iter().filter(|source| marks.iter().any(|mark| source.text.contains(mark)));
    none(&marked.map(|source| source.path).collect::<Vec<_>>(), "no TODO: say it in an issue");
}

#[test]
fn no_test_is_ignored() {
    let ignored = everything().into_iter().filter(|source| source.text.contains("#[ignore"));
    none(&ignored.map(|source| source.path).collect::<Vec<_>>(), "a known wrong answer is asserted as it is");
}

#[test]
fn the_reader_of_sources_sees_names_and_not_comments() {
    let text = "//! A room.\nuse crate::{a::b, c::{d, e},\n    f};\n// crate::g\nfn x() { crate::h::y() } // crate::i\n#[cfg(test)]\nmod tests { use crate::j; }\n";
    let source = Source { path: "room/part.rs".into(), text: text.into() };
    let rooms: Vec<String> = source.rooms_named().into_iter().map(|(_, room)| room).collect();
    assert_eq!((source.room(), rooms.join(" ").as_str()), ("room", "a c f h"));
}
