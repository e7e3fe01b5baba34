//! Files in a bucket, kept by a real storage that speaks S3, whose program `FACTOTUM_TEST_S3` names.
#![cfg(feature = "s3")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use bytes::Bytes;
use factotum::Error;
use factotum::files::{FileStorage, Pieces, one_piece};
use factotum::http::s3::{Bucket, Place};
use futures_util::{StreamExt, stream};
use program::Running;

const MEBI: usize = 1024 * 1024;

/// A storage of this test's own, with an empty bucket.
async fn storage() -> Option<Running> {
    let server = Running::start("FACTOTUM_TEST_S3", &["--host", "127.0.0.1"]).await?;
    let made = reqwest::Client::new().put(format!("{}/shop", server.address)).send().await.unwrap();
    assert!(made.status().is_success(), "{}", made.status());
    Some(server)
}

fn place(server: &Running) -> Place {
    Place {
        bucket: "shop".into(),
        endpoint: Some(server.address.clone()),
        prefix: Some("site/files".into()),
        key: Some(("a key".into(), "its secret".into())),
        ..Place::default()
    }
}

async fn whole(bucket: &Bucket, path: &str) -> Option<Bytes> {
    let kept = bucket.get(path).await.unwrap()?;
    let size = kept.size;
    let content = kept.whole(64 * MEBI).await.unwrap().unwrap();
    assert_eq!(content.len() as u64, size);
    Some(content)
}

/// So many pieces of a mebibyte, each full of its number.
fn pieces(count: u8) -> Pieces {
    stream::iter(0..count).map(|number| Ok(Bytes::from(vec![number; MEBI]))).boxed()
}

#[tokio::test]
async fn a_bucket_keeps_what_it_is_given() {
    let Some(server) = storage().await else { return };
    let bucket = Bucket::at(&place(&server)).unwrap();
    let path = "uploads/product/photo/2024/05/1a2b3c4d_front.png";
    assert!(!bucket.exists(path).await.unwrap());
    assert!(bucket.get(path).await.unwrap().is_none());
    assert!(!bucket.remove(path).await.unwrap());
    bucket.put(path, one_piece(Bytes::from_static(b"pixels"))).await.unwrap();
    assert!(bucket.exists(path).await.unwrap());
    assert_eq!(whole(&bucket, path).await.as_deref(), Some(&b"pixels"[..]));

    // Another prefix is another folder.
    let root = Bucket::at(&Place { prefix: None, ..place(&server) }).unwrap();
    assert!(!root.exists(path).await.unwrap());
    assert!(root.exists(&format!("site/files/{path}")).await.unwrap());
    for odd in ["", "..", "uploads/../x", "/uploads", "a//b"] {
        assert!(!bucket.exists(odd).await.unwrap() && !bucket.remove(odd).await.unwrap(), "{odd}");
    }
    assert!(bucket.remove(path).await.unwrap());
    assert_eq!(whole(&bucket, path).await, None);
    empty_files_and_names(&bucket).await;
    files_are_found_by_how_they_begin(&bucket).await;
    large_files_come_and_go_in_parts(&bucket).await;
    a_storage_that_is_away_is_an_error(server).await;
}

async fn empty_files_and_names(bucket: &Bucket) {
    for (path, content) in [("a/empty.txt", ""), ("a/größe %41 +.txt", "x"), ("a/{b}#c?.txt", "y")] {
        bucket.put(path, one_piece(Bytes::from_static(content.as_bytes()))).await.unwrap();
        assert_eq!(whole(bucket, path).await.as_deref(), Some(content.as_bytes()), "{path}");
        assert!(bucket.remove(path).await.unwrap(), "{path}");
    }
}

async fn files_are_found_by_how_they_begin(bucket: &Bucket) {
    for path in ["b/front.png", "b/front_20x20.jpeg", "b/front_9x9.png", "b/frost.png", "b/front_/x.png"] {
        bucket.put(path, one_piece(Bytes::from_static(b"x"))).await.unwrap();
    }
    let mut found = bucket.beginning("b/front_").await.unwrap();
    found.sort();
    assert_eq!(found, ["b/front_20x20.jpeg", "b/front_9x9.png"]);
    assert_eq!(bucket.beginning("b/front.png").await.unwrap(), ["b/front.png"]);
    assert_eq!(bucket.beginning("nothing/x").await.unwrap(), [""; 0]);
}

async fn large_files_come_and_go_in_parts(bucket: &Bucket) {
    bucket.put("large.bin", pieces(21)).await.unwrap();
    let content = whole(bucket, "large.bin").await.unwrap();
    assert_eq!((content.len(), content[0], content[20 * MEBI]), (21 * MEBI, 0, 20));
    for good in [1, 12] {
        let broken = pieces(good).chain(stream::once(async { Err(Error::Unavailable) })).boxed();
        assert!(bucket.put("broken.bin", broken).await.is_err());
        assert!(!bucket.exists("broken.bin").await.unwrap(), "nothing is left after {good}");
    }
}

async fn a_storage_that_is_away_is_an_error(server: Running) {
    let nowhere = Bucket::at(&Place { bucket: "nothing".into(), ..place(&server) }).unwrap();
    assert!(nowhere.put("a.txt", one_piece(Bytes::from_static(b"x"))).await.is_err());
    let bucket = Bucket::at(&place(&server)).unwrap();
    drop(server);
    assert!(bucket.exists("a.txt").await.is_err());
    assert!(bucket.put("a.txt", one_piece(Bytes::from_static(b"x"))).await.is_err());
}
