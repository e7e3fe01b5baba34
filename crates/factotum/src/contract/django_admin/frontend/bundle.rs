//! The folder of the built files, and what its manifest says that a page has to load.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::http::assets::Assets;

/// What a page loads, as paths in the folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bundle {
    pub(super) script: String,
    pub(super) styles: Vec<String>,
}

/// Where the builder leaves its manifest: its present versions in a hidden folder, the older ones beside the files.
const MANIFESTS: [&str; 2] = [".vite/manifest.json", "manifest.json"];
/// Where the built files are in what a package installer, or Django's `collectstatic`, makes of the folder named.
const PLACES: [&str; 4] = ["", "django_admin_react/static/admin_react", "static/admin_react", "admin_react"];

/// The bundle and the files of a folder, or what is wrong with it.
pub(super) fn open(folder: &Path) -> Result<(Bundle, Assets), String> {
    if !folder.is_dir() {
        return Err(format!("there is no folder {}", folder.display()));
    }
    let Some((place, manifest)) = find(folder) else {
        return Err(format!(
            "{} holds no built front end: there is no {} in it (pip install --no-deps --target {} django-admin-react)",
            folder.display(),
            MANIFESTS[0],
            folder.display(),
        ));
    };
    let text = std::fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    let bundle = read(&text).map_err(|words| format!("{}: {words}", manifest.display()))?;
    let assets = Assets::read(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    let missing = bundle.styles.iter().chain([&bundle.script]).find(|path| !assets.has(path)).cloned();
    match missing {
        Some(path) => Err(format!("{} names {path}, which is not there", manifest.display())),
        None => Ok((bundle, assets)),
    }
}

fn find(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let places = PLACES.iter().map(|place| folder.join(place));
    places
        .flat_map(|place| MANIFESTS.map(|manifest| (place.clone(), place.join(manifest))))
        .find(|(_, manifest)| manifest.is_file())
}

/// The entry of a manifest: `index.html`, or else the one that says that it is the entry.
fn read(manifest: &str) -> Result<Bundle, String> {
    let manifest: Json = serde_json::from_str(manifest).map_err(|error| format!("no JSON: {error}"))?;
    let chunks = manifest.as_object().ok_or("no object")?;
    let named = chunks.get_key_value("index.html");
    let entry = named.or_else(|| chunks.iter().find(|(_, chunk)| chunk["isEntry"] == true));
    let (name, entry) = entry.ok_or("no entry 'index.html'")?;
    let script = entry["file"].as_str().ok_or("the entry names no file")?.to_owned();
    let mut styles = Vec::new();
    gather(chunks, entry, &mut vec![name], &mut styles);
    Ok(Bundle { script, styles })
}

/// The style sheets of a chunk, after those of the chunks that it imports.
fn gather<'m>(
    chunks: &'m serde_json::Map<String, Json>,
    chunk: &'m Json,
    seen: &mut Vec<&'m str>,
    styles: &mut Vec<String>,
) {
    let texts = |name: &str| chunk[name].as_array().into_iter().flatten().filter_map(Json::as_str);
    for name in texts("imports") {
        if let Some(imported) = chunks.get(name).filter(|_| !seen.contains(&name)) {
            seen.push(name);
            gather(chunks, imported, seen, styles);
        }
    }
    for style in texts("css") {
        if !styles.iter().any(|known| known == style) {
            styles.push(style.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_the_entry_and_its_styles() {
        let check = |manifest: &str, script: &str, styles: &[&str]| {
            let styles = styles.iter().map(|&style| style.to_owned()).collect();
            assert_eq!(read(manifest), Ok(Bundle { script: script.to_owned(), styles }), "{manifest}");
        };
        check(r#"{"index.html": {"file": "assets/a.js", "css": ["assets/a.css"]}}"#, "assets/a.js", &["assets/a.css"]);
        check(r#"{"b.tsx": {"file": "b.js"}, "index.html": {"file": "a.js", "isEntry": true}}"#, "a.js", &[]);
        check(r#"{"b.tsx": {"file": "b.js"}, "src/main.tsx": {"file": "a.js", "isEntry": true}}"#, "a.js", &[]);
        let shared = r#"{"index.html": {"file": "a.js", "imports": ["c", "d"], "css": ["a.css"]},
            "c": {"file": "c.js", "imports": ["d", "index.html"], "css": ["c.css"]}, "d": {"css": ["d.css"]}}"#;
        check(shared, "a.js", &["d.css", "c.css", "a.css"]);
    }

    #[test]
    fn what_is_no_manifest_is_told() {
        for bad in ["", "[]", "{}", "{", r#"{"index.html": 1}"#, r#"{"index.html": {"file": 2}}"#, r#"{"a": {}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_folder_may_be_that_of_an_installer() {
        for place in PLACES {
            let folder = tempfile::tempdir().expect("a folder");
            let built = folder.path().join(place);
            std::fs::create_dir_all(built.join(".vite")).expect("a folder");
            assert!(open(folder.path()).expect_err("a problem").contains("no built front end"));
            std::fs::write(built.join(MANIFESTS[0]), r#"{"index.html": {"file": "a.js"}}"#).expect("a file");
            assert!(open(folder.path()).expect_err("a problem").contains("a.js, which is not there"));
            std::fs::write(built.join("a.js"), "1").expect("a file");
            assert_eq!(open(folder.path()).map(|(bundle, _)| bundle.script), Ok("a.js".to_owned()), "{place}");
        }
        assert!(open(Path::new("/no/such/folder")).expect_err("a problem").contains("no folder"));
    }
}
