//! Pictures as files of their own.

use model::lang::Text;

use super::{Format, Output};
use crate::picture::{self, Kind};

macro_rules! pictures {
    ($($(#[doc = $doc:literal])+ $name:ident, $kind:ident, $id:literal, $ja:literal, $en:literal, [$($extension:literal),+], $media_type:literal,
        $method_ja:literal, $method_en:literal;)+) => {$(
        $(#[doc = $doc])+
        pub(super) static $name: Format = Format {
            id: $id,
            words: Text::fixed($ja, $en),
            method: Text::fixed($method_ja, $method_en),
            extensions: &[$($extension),+],
            media_type: $media_type,
            recognise: |source| (Kind::of(source.bytes) == Some(Kind::$kind)).into(),
            rebuild: |job, source| {
                let picture = picture::rebuild(job, source.bytes)?;
                Ok(Output { format: &$name, bytes: picture.bytes })
            },
        };
    )+};
}

pictures! {
    /// Photographs.
    JPEG, Jpeg, "jpg", "JPEG画像", "a JPEG picture", ["jpg", "jpeg", "jpe", "jfif"], "image/jpeg",
        "画素に展開し、向きを直して、JPEGに書き直す。撮影情報、色プロファイル等は引き継がない",
        "decoded to pixels, turned upright and encoded as JPEG; what cameras tell and colour profiles are not carried over";
    /// Screens and drawings.
    PNG, Png, "png", "PNG画像", "a PNG picture", ["png"], "image/png",
        "画素に展開し、PNGに書き直す。動画像は先頭の1枚だけとする",
        "decoded to pixels and encoded as PNG; of an animation the first picture stays";
    /// Small drawings, also in motion.
    GIF, Gif, "gif", "GIF画像", "a GIF picture", ["gif"], "image/gif",
        "各コマを画素に展開し、GIFに書き直す", "every frame is decoded to pixels and encoded as GIF";
    /// Scans and facsimiles, of several pages.
    TIFF, Tiff, "tif", "TIFF画像", "a TIFF picture", ["tif", "tiff"], "image/tiff",
        "各ページを画素に展開し、TIFFに書き直す", "every page is decoded to pixels and encoded as TIFF";
    /// Bitmaps of Windows.
    BMP, Bmp, "bmp", "BMP画像", "a BMP picture", ["bmp", "dib"], "image/bmp",
        "画素に展開し、BMPに書き直す", "decoded to pixels and encoded as BMP";
    /// Pictures of the Web.
    WEBP, Webp, "webp", "WebP画像", "a WebP picture", ["webp"], "image/webp",
        "画素に展開し、可逆圧縮のWebPに書き直す。動画像は先頭の1枚だけとする",
        "decoded to pixels and encoded as WebP without loss; of an animation the first picture stays";
}
