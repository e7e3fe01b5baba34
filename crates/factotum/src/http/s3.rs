//! Files in a bucket of a storage that speaks S3: Amazon's own, MinIO, Ceph, and others.

mod line;
mod send;

use std::fmt;
use std::time::Duration;

use factotum_engine::files::{FileStorage, Kept, Pieces, is_plain_path};
use factotum_engine::{Error, Result};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};

use line::Line;
use send::send;

/// How often and how long a question is asked again that went astray.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a bucket is, and who we are there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub bucket: String,
    /// The region that requests are signed for: `us-east-1` if it is not said.
    pub region: Option<String>,
    /// The address of the storage, such as `http://127.0.0.1:9000`; Amazon's own if it is not said.
    pub endpoint: Option<String>,
    /// What stands before the paths of files in the bucket, such as `shop/files`.
    pub prefix: Option<String>,
    /// Whether the bucket stands in the path of addresses and not in the name of the host; where nothing is said, only
    /// with an endpoint.
    pub path_style: Option<bool>,
    /// The name and the secret of a key; without them it is the role that Amazon gave this machine.
    pub key: Option<(String, String)>,
}

impl fmt::Debug for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Place")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// A bucket.
#[derive(Debug)]
pub struct Bucket {
    store: AmazonS3,
    prefix: String,
}

impl Bucket {
    /// A bucket, which is asked nothing yet.
    ///
    /// ```
    /// use factotum::http::s3::{Bucket, Place};
    /// let place = Place { bucket: "shop".into(), endpoint: Some("http://127.0.0.1:9000".into()), ..Place::default() };
    /// let key = Some(("minio".into(), "a secret".into()));
    /// assert!(Bucket::at(&Place { key, ..place }).is_ok());
    /// ```
    ///
    /// # Errors
    /// When the endpoint is no address, the prefix no path, or the bucket has no name.
    pub fn at(place: &Place) -> Result<Bucket> {
        let prefix = place.prefix.as_deref().unwrap_or_default().trim_matches('/');
        if place.bucket.is_empty() {
            return Err(Error::internal("a bucket has a name"));
        }
        if !prefix.is_empty() && !is_plain_path(prefix) {
            return Err(Error::internal(format!("'{prefix}' is no path")));
        }
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let path_style = place.path_style.unwrap_or(place.endpoint.is_some());
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&place.bucket)
            .with_region(place.region.as_deref().unwrap_or("us-east-1"))
            .with_virtual_hosted_style_request(!path_style)
            .with_retry(retry)
            .with_http_connector(Line::new().map_err(|error| Error::Internal(error.into()))?);
        if let Some(endpoint) = &place.endpoint {
            builder = builder.with_endpoint(address(endpoint, &place.bucket, path_style)?);
        }
        if let Some((name, secret)) = &place.key {
            builder = builder.with_access_key_id(name).with_secret_access_key(secret);
        }
        Ok(Bucket { store: builder.build().map_err(failed)?, prefix: prefix.to_owned() })
    }

    /// Where a file lies in the bucket; a path that is none lies nowhere.
    fn place(&self, path: &str) -> Option<Path> {
        let whole = if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        Path::parse(whole).ok().filter(|_| is_plain_path(path))
    }

    async fn keep(&self, path: &str, content: Pieces) -> Result<()> {
        let place = self.place(path).ok_or_else(|| Error::internal(format!("a file cannot lie at `{path}`")))?;
        send(&self.store, &place, content).await
    }

    async fn beginning_so(&self, path: &str) -> Result<Vec<String>> {
        let Some(start) = self.place(path) else { return Ok(Vec::new()) };
        let folder = start.as_ref().rsplit_once('/').and_then(|(folder, _)| Path::parse(folder).ok());
        // Names come in the order of their letters: those that begin so follow each other.
        let mut found = self.store.list_with_offset(folder.as_ref(), &start);
        let mut paths = Vec::new();
        while let Some(object) = found.try_next().await.map_err(failed)? {
            let Some(rest) = object.location.as_ref().strip_prefix(start.as_ref()) else { break };
            if !rest.contains('/') {
                paths.push(format!("{path}{rest}"));
            }
        }
        if self.store.head(&start).await.is_ok() {
            paths.push(path.to_owned());
        }
        Ok(paths)
    }
}

impl FileStorage for Bucket {
    fn put<'a>(&'a self, path: &'a str, content: Pieces) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.keep(path, content))
    }

    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Option<Kept>>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(None) };
            let Some(found) = found(self.store.get(&place).await)? else { return Ok(None) };
            let size = found.meta.size;
            Ok(Some(Kept { size, pieces: found.into_stream().map_err(failed).boxed() }))
        })
    }

    fn exists<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(place) = self.place(path) else { return Ok(false) };
            Ok(found(self.store.head(&place).await)?.is_some())
        })
    }

    fn remove<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            // To remove what is not there is no failure for a bucket.
            let Some(place) = self.place(path) else { return Ok(false) };
            if found(self.store.head(&place).await)?.is_none() {
                return Ok(false);
            }
            Ok(found(self.store.delete(&place).await)?.is_some())
        })
    }

    fn beginning<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        Box::pin(self.beginning_so(path))
    }
}

/// The address of the storage, with the bucket in the name of its host unless that stands in paths.
fn address(endpoint: &str, bucket: &str, path_style: bool) -> Result<String> {
    let endpoint = endpoint.trim_end_matches('/');
    let parts = endpoint.split_once("://").filter(|(scheme, host)| {
        matches!(*scheme, "http" | "https") && !host.is_empty() && !host.contains(['@', '?', '#', ' '])
    });
    let (scheme, host) = parts.ok_or_else(|| Error::internal(format!("'{endpoint}' is no address of a storage")))?;
    Ok(if path_style { endpoint.to_owned() } else { format!("{scheme}://{bucket}.{host}") })
}

/// What is not there is no failure.
fn found<T>(outcome: object_store::Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: object_store::Error) -> Error {
    Error::Internal(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_bucket_before_its_host_or_in_paths() {
        for (endpoint, path_style, expected) in [
            ("http://127.0.0.1:9000/", true, Some("http://127.0.0.1:9000")),
            ("https://s3.example.com", false, Some("https://shop.s3.example.com")),
            ("s3.example.com", true, None),
            ("ftp://s3.example.com", true, None),
            ("https://user:pass@s3.example.com", true, None),
        ] {
            assert_eq!(address(endpoint, "shop", path_style).ok().as_deref(), expected, "{endpoint}");
        }
    }

    #[test]
    fn a_bucket_is_asked_only_for_paths() {
        let place = |prefix: &str| Place { bucket: "shop".into(), prefix: Some(prefix.into()), ..Place::default() };
        let bucket = Bucket::at(&place("/a/b/")).unwrap();
        assert_eq!(bucket.place("c/d.png").unwrap().as_ref(), "a/b/c/d.png");
        for path in ["../d", "", "c//d", "/c"] {
            assert!(bucket.place(path).is_none(), "{path}");
        }
        assert!(Bucket::at(&place("a/../b")).is_err());
        assert!(Bucket::at(&Place::default()).is_err());
    }
}
