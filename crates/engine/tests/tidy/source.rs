//! Source files as the tidy tests read them: code without comments and without the tests at the end of a file.

use std::path::{Path, PathBuf};

/// A file below a folder of sources.
pub(crate) struct Source {
    /// The path inside the folder, with `/`.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl Source {
    /// The lines of code with their numbers.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let inline = test_modules(&self.text).into_iter().find(|(_, declared)| declared.contains('{'));
        let end = inline.map_or(self.text.len(), |(at, _)| at);
        let lines = self.text[..end].lines().enumerate();
        lines.map(|(index, line)| (index + 1, without_comment(line))).filter(|(_, line)| !line.trim().is_empty())
    }

    /// The files that this one declares for tests only: `#[cfg(test)] mod scenarios;` in `store.rs` is `store/scenarios`.
    fn test_files(&self) -> Vec<String> {
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("lib").trim_end_matches('/');
        let named = test_modules(&self.text).into_iter().filter_map(|(_, declared)| declared.strip_suffix(';'));
        named.map(|name| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }).collect()
    }

    /// The first part of the path: the room that the file belongs to.
    pub(crate) fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or(&self.path).trim_end_matches(".rs")
    }

    /// Every room of the same crate that the code names, with the line.
    pub(crate) fn rooms_named(&self) -> Vec<(usize, String)> {
        let code: Vec<(usize, &str)> = self.code().collect();
        let mut named = Vec::new();
        for (position, (number, line)) in code.iter().enumerate() {
            for (at, _) in line.match_indices("crate::") {
                let whole = at == 0 || !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let rest = &line[at + "crate::".len()..];
                if !whole {
                    continue;
                }
                if let Some(list) = rest.strip_prefix('{') {
                    let following: String = code[position + 1..].iter().map(|(_, line)| *line).collect();
                    named.extend(listed(&format!("{list}{following}")).into_iter().map(|room| (*number, room)));
                } else {
                    named.push((*number, word(rest)));
                }
            }
        }
        named
    }
}

/// Every Rust file below a folder, tests left out.
pub(crate) fn sources(folder: &Path) -> Vec<Source> {
    let mut found: Vec<Source> = files(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| Source {
            path: path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/"),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    let tests: Vec<String> = found.iter().flat_map(Source::test_files).collect();
    found.retain(|source| {
        !tests.iter().any(|test| source.path == format!("{test}.rs") || source.path.starts_with(&format!("{test}/")))
    });
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "no sources in {}", folder.display());
    found
}

/// Panics with every complaint, if there is one.
pub(crate) fn none(complaints: &[String], law: &str) {
    assert!(complaints.is_empty(), "{law}\n{}", complaints.join("\n"));
}

/// Where a module for tests is declared, and its declaration without `mod`.
fn test_modules(text: &str) -> Vec<(usize, &str)> {
    let starts = ["#[cfg(test)]", "#[cfg(all(test"].into_iter().flat_map(|mark| text.match_indices(mark));
    let declared = starts.filter_map(|(at, _)| Some((at, text[at..].lines().nth(1)?.strip_prefix("mod ")?)));
    declared.collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// The first names of a `use` list: of `a::b, c::{d, e}, f}` they are a, c and f.
fn listed(text: &str) -> Vec<String> {
    let (mut depth, mut fresh, mut names) = (0, true, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && depth == 0 && letter.is_alphabetic() => {
                names.push(word(&text[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}
