//! The files of documents, by the hash of their bytes.

use std::path::Path;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions};
use sha2::{Digest as _, Sha256};
use tokio::runtime::{Builder, Runtime};

use crate::failure::{Failure, Result};
use crate::terms::hex;

/// Keeps files under the SHA-256 of their bytes, in a folder or a bucket. What was put is never overwritten or removed.
///
/// Calls block; an asynchronous caller makes them on a thread that may. A file that a document refers to is made known by
/// [`Change::Blob`](crate::Change::Blob), after it was put: a file without its act is garbage, an act without its file would
/// be a loss.
pub struct Blobs {
    objects: Arc<dyn ObjectStore>,
    runtime: Runtime,
}

impl Blobs {
    /// In a folder, which is made.
    ///
    /// # Errors
    /// The folder cannot be made.
    #[expect(
        clippy::disallowed_methods,
        reason = "the folder of the files of documents is made here"
    )]
    pub fn in_folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| Failure::File(error.kind().to_string()))?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(|error| told(&error))?;
        Self::over(Arc::new(objects.with_fsync(true)))
    }

    /// In a bucket of S3 or something that speaks its protocol; the options are those of `object_store`
    /// (`aws_endpoint`, `aws_bucket_name`, `aws_access_key_id`, `aws_secret_access_key`, `aws_region`, `aws_allow_http`, …).
    ///
    /// # Errors
    /// An option is unknown or wrong.
    #[cfg(feature = "aws")]
    pub fn in_bucket(options: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
        let mut builder = AmazonS3Builder::new();
        for (key, value) in options {
            let key: AmazonS3ConfigKey = key.parse().map_err(|error: Error| told(&error))?;
            builder = builder.with_config(key, value);
        }
        Self::over(Arc::new(builder.build().map_err(|error| told(&error))?))
    }

    fn over(objects: Arc<dyn ObjectStore>) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .thread_name("blobs")
            .build();
        let runtime = runtime.map_err(|error| Failure::Unavailable(error.kind().to_string()))?;
        Ok(Self { objects, runtime })
    }

    /// Keeps a file and returns its hash; it is no fault if it is there already.
    ///
    /// # Errors
    /// [`Failure::File`] where it cannot be written.
    pub fn put(&self, bytes: Vec<u8>) -> Result<[u8; 32]> {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let (place, options) = (place(&hash), PutOptions::from(PutMode::Create));
        let put = self.objects.put_opts(&place, bytes.into(), options);
        match self.runtime.block_on(put) {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(hash),
            Err(error) => Err(told(&error)),
        }
    }

    /// The bytes of a file; `None` where there is none.
    ///
    /// # Errors
    /// [`Failure::File`] where it cannot be read, [`Failure::Damaged`] where its bytes are not those that were put.
    pub fn get(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        let read = self
            .runtime
            .block_on(async { self.objects.get(&place(hash)).await?.bytes().await });
        match read {
            Ok(bytes) if <[u8; 32]>::from(Sha256::digest(&bytes)) == *hash => Ok(Some(bytes.into())),
            Ok(_) => Err(Failure::Damaged("a file of a document".to_owned())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }
}

/// `3f/9a…`: no folder grows too long.
fn place(hash: &[u8; 32]) -> Place {
    let mut name = String::with_capacity(65);
    let [first, rest @ ..] = hash;
    hex(&mut name, &[*first]);
    name.push('/');
    hex(&mut name, rest);
    Place::from(name)
}

fn told(error: &Error) -> Failure {
    Failure::File(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_hash_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let hash = blobs.put(b"one".to_vec()).unwrap();
        assert_eq!(blobs.put(b"one".to_vec()), Ok(hash));
        assert_eq!(blobs.get(&hash), Ok(Some(b"one".to_vec())));
        assert_eq!(blobs.get(&[0; 32]), Ok(None));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test damages the file")]
    fn a_file_with_other_bytes_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_folder(folder.path()).unwrap();
        let hash = blobs.put(b"one".to_vec()).unwrap();
        std::fs::write(folder.path().join(place(&hash).as_ref()), b"two").unwrap();
        assert!(matches!(blobs.get(&hash), Err(Failure::Damaged(_))));
    }
}
