//! Which uploads are images: by what they hold, and by how they are called.

/// The extensions that Django allows for images, in its order: those that Pillow reads or writes.
pub const EXTENSIONS: &str = "avif, avifs, blp, bmp, dib, bufr, cur, pcx, dcx, dds, ps, eps, fit, fits, fli, flc, ftc, ftu, \
     gbr, gif, grib, h5, hdf, png, apng, jp2, j2k, jpc, jpf, jpx, j2c, icns, ico, im, iim, jfif, jpe, jpg, jpeg, mpg, \
     mpeg, tif, tiff, mpo, msp, palm, pcd, pdf, pxr, pbm, pgm, ppm, pnm, pfm, psd, qoi, bw, rgb, rgba, sgi, ras, tga, \
     icb, vda, vst, webp, wmf, emf, xbm, xpm";

/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether the content begins as an image does that browsers show, with a size of its own; a PNG also tells whether it
/// came whole.
#[must_use]
pub(crate) fn is_image(content: &[u8]) -> bool {
    let whole = content.strip_prefix(PNG).is_none_or(is_whole_png);
    whole && imagesize::blob_size(content).is_ok_and(|size| size.width > 0 && size.height > 0)
}

/// The extension of a name in lower case, if it is none that images have.
#[must_use]
pub(crate) fn strange_extension(name: &str) -> Option<String> {
    let extension = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_lowercase(),
        _ => String::new(),
    };
    let known = EXTENSIONS.split(", ").any(|known| known == extension);
    (!known).then_some(extension)
}

/// Whether every chunk is there, up to the last one, and has the checksum it says.
fn is_whole_png(mut chunks: &[u8]) -> bool {
    loop {
        let Some((length, rest)) = chunks.split_first_chunk::<4>() else { return false };
        let Ok(length) = usize::try_from(u32::from_be_bytes(*length)) else { return false };
        let Some((chunk, rest)) = rest.split_at_checked(length.saturating_add(4)) else { return false };
        if chunk.starts_with(b"IEND") {
            return true;
        }
        let Some((sum, rest)) = rest.split_first_chunk::<4>() else { return false };
        if crc32fast::hash(chunk) != u32::from_be_bytes(*sum) {
            return false;
        }
        chunks = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> Vec<u8> {
        let mut image = PNG.to_vec();
        for (name, content) in [(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]), (b"IEND", &[][..])] {
            let chunk: Vec<u8> = name.iter().chain(content).copied().collect();
            image.extend(u32::try_from(content.len()).expect("chunks of a test are short").to_be_bytes());
            image.extend(&chunk);
            image.extend(crc32fast::hash(&chunk).to_be_bytes());
        }
        image
    }

    #[test]
    fn a_png_must_have_come_whole() {
        let image = png();
        assert!(is_image(&image));
        assert!(!is_image(&image[..image.len() - 8]), "the end is missing");
        let mut broken = image;
        broken[20] ^= 1;
        assert!(!is_image(&broken), "the checksum tells");
    }

    #[test]
    fn extensions_are_those_of_images() {
        assert_eq!(strange_extension("a.PNG"), None);
        assert_eq!(strange_extension("a.png.html").as_deref(), Some("html"));
        assert_eq!(strange_extension("png").as_deref(), Some(""));
    }
}
