//! The laws of the house that the compiler cannot keep, for the doors.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../engine/tests/tidy/source.rs"]
mod source;

use std::path::PathBuf;

use source::{Source, none, sources};

/// The rooms of this crate and their floors; the engine's are 0 to 5.
const FLOORS: &[(u8, &[&str])] = &[(6, &["http", "transfer"]), (7, &["contract"]), (8, &["mcp", "ui"])];

fn doors() -> Vec<Source> {
    sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, rooms)| rooms.contains(&room)).map(|(floor, _)| *floor)
}

/// The contract a file belongs to: `contract/conjure.rs` and everything in `contract/conjure/`.
fn contract(source: &Source) -> Option<&str> {
    source.path.strip_prefix("contract/").and_then(|rest| rest.split(['/', '.']).next())
}

#[test]
fn a_file_names_only_its_own_floor_and_those_below() {
    let mut complaints = Vec::new();
    for source in doors().iter().filter(|source| source.path != "lib.rs") {
        let Some(own) = floor(source.room()) else {
            complaints.push(format!("{}: the room has no floor in this table", source.path));
            continue;
        };
        for (number, room) in source.rooms_named() {
            if floor(&room).is_some_and(|other| other > own) {
                complaints.push(format!("{}:{number}: floor {own} names {room}, a floor above", source.path));
            }
        }
    }
    none(&complaints, "law 3: floors");
}

#[test]
fn contracts_do_not_know_each_other() {
    let doors = doors();
    let mut names: Vec<&str> = doors.iter().filter_map(contract).collect();
    names.sort_unstable();
    names.dedup();
    let mut complaints = Vec::new();
    for source in &doors {
        let Some(own) = contract(source) else { continue };
        for (number, line) in source.code() {
            let foreign = names.iter().find(|name| **name != own && line.contains(&format!("contract::{name}")));
            complaints.extend(foreign.map(|name| format!("{}:{number}: names the contract {name}", source.path)));
        }
    }
    none(&complaints, "law 4: contracts apart");
}

#[test]
fn a_route_is_declared_once() {
    let mut complaints = Vec::new();
    for source in doors().iter().filter(|source| !source.path.starts_with("http/router")) {
        let routed = source.code().filter(|(_, line)| line.contains(".route("));
        complaints.extend(routed.map(|(number, line)| format!("{}:{number}: {}", source.path, line.trim())));
    }
    none(&complaints, "law 9: a route is a line of an endpoint table");
}

#[test]
fn the_crate_does_not_read_files_of_configuration_or_command_lines() {
    let manifest = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let foreign: Vec<String> = manifest
        .lines()
        .filter(|line| ["clap", "toml", "tracing-subscriber"].iter().any(|name| line.starts_with(name)))
        .map(str::to_owned)
        .collect();
    none(&foreign, "these do not enter the crate of the doors");
}
