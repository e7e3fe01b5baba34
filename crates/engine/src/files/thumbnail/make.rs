//! Pictures read within limits, made smaller and written. What they say of their size is read before anything else.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits, RgbImage};
use tokio::sync::Semaphore;

use super::{Format, NoThumbnail, Shape, Thumbnail};
use crate::error::{Error, Result};
use crate::files::Kept;

/// The most bytes of a file that is read.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// The most points of a picture: those of a large camera.
const MOST_POINTS: u64 = 40_000_000;
/// The most points of a side.
const LONGEST_SIDE: u32 = 20_000;
/// The most bytes of an unfolded picture.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;
/// A large picture is first brought, coarsely and fast, to so many times its size to be.
const COARSE: u32 = 4;

/// One picture at a time: while it is read, the largest takes a few hundred megabytes.
static TURN: Semaphore = Semaphore::const_new(1);

/// A smaller picture of a picture, with its sides in proportion; one that is small enough keeps its size. It is
/// turned as its camera was held, and nothing else that the file tells is kept. Of a file that is no picture, or has
/// more than 32 MiB or 40 million points, there is none.
///
/// # Errors
/// When the file cannot be read to its end.
pub async fn thumbnail(file: Kept, shape: Shape) -> Result<Result<Thumbnail, NoThumbnail>> {
    if file.size > MOST_BYTES as u64 {
        return Ok(Err(NoThumbnail::TooLarge));
    }
    let turn = TURN.acquire().await.map_err(|error| Error::Internal(error.into()))?;
    let Some(content) = file.whole(MOST_BYTES).await? else { return Ok(Err(NoThumbnail::TooLarge)) };
    let made = tokio::task::spawn_blocking(move || {
        // Held until the memory is free again, whether or not somebody still waits.
        let _turn = turn;
        make(&content, shape)
    });
    Ok(made.await.unwrap_or(Err(NoThumbnail::NotAPicture)))
}

fn make(content: &[u8], shape: Shape) -> Result<Thumbnail, NoThumbnail> {
    let (picture, orientation) = read(content)?;
    let mut picture = shrunk(picture, &shape, orientation);
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let content = written(picture, &shape).map_err(|error| why(&error))?;
    Ok(Thumbnail { content: content.into(), width, height })
}

/// The picture that a file holds, and how it is to be turned.
fn read(content: &[u8]) -> Result<(DynamicImage, Orientation), NoThumbnail> {
    let mut reader = ImageReader::new(Cursor::new(content));
    let format = image::guess_format(content).map_err(|error| why(&error))?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif) {
        return Err(NoThumbnail::NotAPicture);
    }
    reader.set_format(format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| why(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_POINTS || decoder.total_bytes() > MOST_MEMORY {
        return Err(NoThumbnail::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(|error| why(&error))?, orientation))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn why(error: &ImageError) -> NoThumbnail {
    match error {
        ImageError::Limits(_) => NoThumbnail::TooLarge,
        _ => NoThumbnail::NotAPicture,
    }
}

/// The picture within its bounds, before it is turned.
fn shrunk(picture: DynamicImage, shape: &Shape, orientation: Orientation) -> DynamicImage {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    let lies = matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH);
    let (width, height) = if lies { (shape.height, shape.width) } else { (shape.width, shape.height) };
    let fits = |width: u32, height: u32| picture.width() <= width && picture.height() <= height;
    let (wide, high) = (width.saturating_mul(COARSE), height.saturating_mul(COARSE));
    if fits(width, height) {
        picture
    } else if fits(wide, high) {
        picture.resize(width, height, FilterType::Lanczos3)
    } else {
        picture.thumbnail(wide, high).resize(width, height, FilterType::Lanczos3)
    }
}

fn written(picture: DynamicImage, shape: &Shape) -> ImageResult<Vec<u8>> {
    let mut out = Vec::new();
    match shape.format {
        Format::Jpeg => {
            on_white(picture).write_with_encoder(JpegEncoder::new_with_quality(&mut out, shape.quality))?;
        }
        Format::Png => plain(picture).write_with_encoder(PngEncoder::new(&mut out))?,
        Format::Webp => plain(picture).write_with_encoder(WebPEncoder::new_lossless(&mut out))?,
    }
    Ok(out)
}

/// A byte for each colour of a point.
fn plain(picture: DynamicImage) -> DynamicImage {
    match picture.color().has_alpha() {
        true => picture.into_rgba8().into(),
        false => picture.into_rgb8().into(),
    }
}

fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let over_white = |colour: u32| ((colour * alpha + 255 * (255 - alpha)) / 255) as u8;
        image::Rgb([red, green, blue].map(over_white))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::one_piece;
    use bytes::Bytes;
    use image::{Rgba, RgbaImage};

    async fn thumbnail(content: Bytes, shape: Shape) -> Result<Thumbnail, NoThumbnail> {
        let file = Kept { size: content.len() as u64, pieces: one_piece(content) };
        super::thumbnail(file, shape).await.unwrap()
    }

    fn file(picture: &DynamicImage, format: ImageFormat) -> Bytes {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner().into()
    }

    fn shape(format: Format) -> Shape {
        Shape { width: 40, height: 40, format, quality: 85 }
    }

    #[tokio::test]
    async fn a_picture_becomes_smaller_in_proportion() {
        let picture = DynamicImage::from(RgbaImage::from_pixel(400, 200, Rgba([0, 0, 255, 255])));
        for from in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
            for format in [Format::Jpeg, Format::Png, Format::Webp] {
                let made = thumbnail(file(&picture, from), shape(format)).await.unwrap();
                assert_eq!((made.width, made.height), (40, 20), "{from:?}");
                assert_eq!(image::guess_format(&made.content).unwrap().extensions_str()[0], short(format));
                let read = image::load_from_memory(&made.content).unwrap().into_rgb8();
                assert!(read.get_pixel(20, 10).0[2] > 240, "{from:?} to {format:?}");
            }
        }
        let small = DynamicImage::from(RgbImage::new(4, 2));
        let made = thumbnail(file(&small, ImageFormat::Jpeg), shape(Format::Png)).await.unwrap();
        assert_eq!((made.width, made.height), (4, 2));
    }

    fn short(format: Format) -> &'static str {
        if format == Format::Jpeg { "jpg" } else { format.name() }
    }

    #[tokio::test]
    async fn what_is_transparent_becomes_white_in_a_jpeg() {
        let picture = DynamicImage::from(RgbaImage::from_pixel(60, 60, Rgba([0, 0, 0, 0])));
        let made = thumbnail(file(&picture, ImageFormat::Png), shape(Format::Jpeg)).await.unwrap();
        let read = image::load_from_memory(&made.content).unwrap().into_rgb8();
        assert!(read.pixels().all(|point| point.0.iter().all(|colour| *colour > 250)));
    }

    #[tokio::test]
    async fn what_is_no_picture_or_too_large_a_one_is_refused() {
        for content in [&b""[..], b"hello", b"GIF89a", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xd8\xff", b"BM\0\0\0\0"] {
            let made = thumbnail(Bytes::from_static(content), shape(Format::Png)).await;
            assert_eq!(made, Err(NoThumbnail::NotAPicture), "{content:?}");
        }
        // A few bytes that say how much there would be.
        let mut bomb = file(&DynamicImage::from(RgbImage::new(1, 1)), ImageFormat::Png).to_vec();
        for (width, height) in [(60_000_u32, 60_000_u32), (10_000, 10_000), (1, 4_000_000_000)] {
            bomb[16..20].copy_from_slice(&width.to_be_bytes());
            bomb[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc32fast::hash(&bomb[12..29]);
            bomb[29..33].copy_from_slice(&sum.to_be_bytes());
            let made = thumbnail(bomb.clone().into(), shape(Format::Png)).await;
            assert!(made.is_err() && (width == 1 || made == Err(NoThumbnail::TooLarge)), "{width}");
        }
        let cut = file(&DynamicImage::from(RgbImage::new(90, 90)), ImageFormat::Png);
        let made = thumbnail(cut.slice(..cut.len() - 20), shape(Format::Png)).await;
        assert_eq!(made, Err(NoThumbnail::NotAPicture));
    }
}
