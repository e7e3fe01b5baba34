//! Items in a JSON file that people may also write by hand. It is read whenever it is asked for, and replaced as a whole.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use factotum_engine::error::Error;
use factotum_engine::{Context, Result};
use futures_util::future::BoxFuture;
use serde_json::Value as Json;
use tempfile::NamedTempFile;

use super::super::custom::Column;
use super::rows::Rules;
use super::{Item, Items, ItemsAsked, ItemsPage};

/// The most bytes of a file.
const MOST: u64 = 32 * 1024 * 1024;

/// Items in a JSON file: a list of objects, or an object of objects, which becomes a list when it is first written.
/// A file that is not there has no items, and is made with its folders. At most 32 MiB and 10,000 items.
///
/// Nobody ever reads half a file: a new one takes its place. Only one process may write it.
///
/// What keys, searches and filters mean is as with [`InMemoryItems`](super::InMemoryItems).
///
/// ```
/// use factotum::contract::litestar::{Column, CustomView, JsonFileItems};
///
/// let columns = vec![Column::new("id"), Column { searchable: true, ..Column::new("title") }, Column::new("url")];
/// let items = JsonFileItems::new("data/bookmarks.json", "id", &columns);
/// let view = CustomView::new("Bookmarks", columns, items).writable();
/// assert!(view.can_create);
/// ```
#[derive(Debug)]
pub struct JsonFileItems(Arc<Book>);

#[derive(Debug)]
struct Book {
    file: PathBuf,
    rules: Rules,
    /// Who writes reads before, and nobody comes between.
    turn: Mutex<()>,
}

impl JsonFileItems {
    /// The items of a file, told apart by a column. The file is not looked at yet.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>, pk_field: &str, columns: &[Column]) -> JsonFileItems {
        let (file, rules) = (file.into(), Rules::of(pk_field, columns));
        JsonFileItems(Arc::new(Book { file, rules, turn: Mutex::default() }))
    }

    async fn read(&self) -> Result<Vec<Item>> {
        let book = self.0.clone();
        aside(move || Ok(read(&book.file)?)).await
    }

    /// Changes the items, and writes them if that goes well, whether or not somebody still waits for it.
    async fn change<T, C>(&self, change: C) -> Result<T>
    where
        T: Send + 'static,
        C: FnOnce(&Rules, &mut Vec<Item>) -> Result<T> + Send + 'static,
    {
        let book = self.0.clone();
        aside(move || {
            let _turn = book.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let mut items = read(&book.file)?;
            let changed = change(&book.rules, &mut items)?;
            write(&book.file, &items)?;
            Ok(changed)
        })
        .await
    }
}

impl Items for JsonFileItems {
    fn are_elsewhere(&self) -> bool {
        true
    }

    fn list<'a>(&'a self, _: &'a mut Context, asked: &'a ItemsAsked) -> BoxFuture<'a, Result<ItemsPage>> {
        Box::pin(async { Ok(self.0.rules.page(&self.read().await?, asked)) })
    }

    fn get<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async move {
            let mut items = self.read().await?;
            Ok(self.0.rules.place(&items, id).map(|place| items.swap_remove(place)))
        })
    }

    fn create<'a>(&'a self, _: &'a mut Context, sent: Item) -> BoxFuture<'a, Result<Item>> {
        Box::pin(self.change(move |rules, items| rules.add(items, sent)))
    }

    fn update<'a>(&'a self, _: &'a mut Context, id: &'a str, sent: Item) -> BoxFuture<'a, Result<Item>> {
        let id = id.to_owned();
        Box::pin(self.change(move |rules, items| rules.change(items, &id, sent)))
    }

    fn delete<'a>(&'a self, _: &'a mut Context, id: &'a str) -> BoxFuture<'a, Result<bool>> {
        let id = id.to_owned();
        Box::pin(self.change(move |rules, items| {
            let place = rules.place(items, &id);
            Ok(place.map(|place| items.remove(place)).is_some())
        }))
    }
}

/// Why a file could not be read or changed.
enum Failed {
    Refused(Error),
    Disk(io::Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Refused(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        Failed::Disk(error)
    }
}

/// Runs what waits for the disk on a thread where that may take its time.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failed> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.into()))?;
    done.map_err(|failed| match failed {
        Failed::Refused(error) => error,
        Failed::Disk(error) => Error::Internal(error.into()),
    })
}

fn read(file: &Path) -> io::Result<Vec<Item>> {
    let mut text = Vec::new();
    match fs::File::open(file) {
        Ok(opened) => opened.take(MOST + 1).read_to_end(&mut text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let bad = |words: &str| io::Error::other(format!("{}: {words}", file.display()));
    if text.len() as u64 > MOST {
        return Err(bad("too large"));
    }
    if text.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    let all = match serde_json::from_slice(&text).map_err(|error| bad(&error.to_string()))? {
        Json::Array(items) => items,
        Json::Object(items) => items.into_iter().map(|(_, item)| item).collect(),
        _ => return Err(bad("neither a list nor an object")),
    };
    let item = |item| if let Json::Object(item) = item { Ok(item) } else { Err(bad("an item is no object")) };
    all.into_iter().map(item).collect()
}

fn write(file: &Path, items: &[Item]) -> io::Result<()> {
    // Where the name is a link, the file that it leads to is replaced.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let text = serde_json::to_vec_pretty(items)?;
    if text.len() as u64 > MOST {
        return Err(io::Error::other(format!("{}: it would be too large", file.display())));
    }
    let mut new = NamedTempFile::new_in(folder)?;
    new.write_all(&text)?;
    if let Ok(about) = fs::metadata(&file) {
        new.as_file().set_permissions(about.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(&file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_list_or_an_object_or_nothing_yet() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b.json");
        assert!(read(&file).unwrap().is_empty());
        write(&file, &[Item::from_iter([("id".to_owned(), Json::from(1))])]).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "[\n  {\n    \"id\": 1\n  }\n]");
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
        for (text, items) in [(" \n", Some(0)), ("{\"a\": {}, \"b\": {}}", Some(2)), ("[1]", None), ("[", None)] {
            fs::write(&file, text).unwrap();
            assert_eq!(read(&file).ok().map(|items| items.len()), items, "{text}");
        }
    }
}
