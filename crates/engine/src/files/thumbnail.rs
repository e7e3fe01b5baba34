//! Smaller pictures of pictures. What a file claims to be is not believed, and a picture that would unfold to more than
//! it may is not unfolded.

#[cfg(feature = "images")]
mod make;

use bytes::Bytes;

#[cfg(feature = "images")]
pub use make::thumbnail;

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// JPEG, on white where the picture is transparent.
    #[default]
    Jpeg,
    /// PNG.
    Png,
    /// WebP, of which nothing is lost.
    Webp,
}

impl Format {
    /// The format of a name, in any case of its letters: `jpeg`, `jpg`, `png` or `webp`.
    #[must_use]
    pub fn named(name: &str) -> Option<Format> {
        match name.to_ascii_lowercase().as_str() {
            "jpeg" | "jpg" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            "webp" => Some(Format::Webp),
            _ => None,
        }
    }

    /// Its name, which is also the extension of its files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Jpeg => "jpeg",
            Format::Png => "png",
            Format::Webp => "webp",
        }
    }
}

/// What a smaller picture is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The most points from left to right.
    pub width: u32,
    /// The most points from top to bottom.
    pub height: u32,
    /// How it is written.
    pub format: Format,
    /// How much of a JPEG is kept: 1 to 100.
    pub quality: u8,
}

/// A smaller picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The file.
    pub content: Bytes,
    /// Its points from left to right.
    pub width: u32,
    /// Its points from top to bottom.
    pub height: u32,
}

/// Why there is no smaller picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoThumbnail {
    /// It is no JPEG, PNG, WebP or GIF, or a broken one.
    #[error("the file is no picture that can be read")]
    NotAPicture,
    /// It has more points than are read.
    #[error("the picture is too large to be read")]
    TooLarge,
}
