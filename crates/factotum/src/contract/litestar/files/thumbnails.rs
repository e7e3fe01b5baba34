//! How uploaded pictures are made smaller, where the program can.

use factotum_engine::files::thumbnail::Format;

/// The usual sides.
const USUAL: u32 = 200;
const USUAL_QUALITY: u8 = 85;

/// How pictures are made smaller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnails {
    /// The most points from left to right, of one that is made with its upload.
    pub width: u32,
    /// The most points from top to bottom.
    pub height: u32,
    /// How they are written, unless a request says.
    pub format: Format,
    /// How much of a JPEG is kept, unless a request says: 1 to 100.
    pub quality: u8,
    /// The sizes that can be asked for, each as width and height; if there are none, any up to 1024 points a side.
    pub sizes: Vec<(u32, u32)>,
}

impl Default for Thumbnails {
    /// JPEGs of quality 85 with at most 200 points a side.
    fn default() -> Thumbnails {
        Thumbnails { width: USUAL, height: USUAL, format: Format::Jpeg, quality: USUAL_QUALITY, sizes: Vec::new() }
    }
}

impl Thumbnails {
    /// Reads a size, `200x100`: width and height. `None` if it is none.
    ///
    /// ```
    /// use factotum::contract::litestar::Thumbnails;
    /// let read = Thumbnails::read_size;
    /// assert_eq!((read("200x100"), read("200"), read("0x9")), (Some((200, 100)), None, None));
    /// ```
    #[must_use]
    pub fn read_size(text: &str) -> Option<(u32, u32)> {
        let (width, height) = text.split_once(['x', 'X'])?;
        let side = |text: &str| text.trim().parse().ok().filter(|side| *side > 0);
        Some((side(width)?, side(height)?))
    }
}
