//! Formats that are recognised, and for which nothing is known that rebuilds them honestly. Who sent them is told what to send.

use model::lang::Text;

use super::Format;
use crate::refusal::Reason;

macro_rules! refused {
    ($($(#[doc = $doc:literal])+ $name:ident, $id:literal, $ja:literal, $en:literal, [$($extension:literal),*], $recognise:expr,
        $instead_ja:literal, $instead_en:literal;)+) => {$(
        $(#[doc = $doc])+
        pub(super) static $name: Format = Format {
            id: $id,
            words: Text::fixed($ja, $en),
            method: Text::fixed("受け入れない", "not accepted"),
            extensions: &[$($extension),*],
            media_type: "application/octet-stream",
            recognise: |source| {
                let recognise: fn(&[u8]) -> bool = $recognise;
                recognise(source.bytes).into()
            },
            rebuild: |_, _| Err(Reason::Unsupported {
                format: Text::fixed($ja, $en),
                instead: Text::fixed($instead_ja, $instead_en),
            }),
        };
    )+};
}

/// OpenDocument files and others of containers that say what they are.
pub(super) static OPEN_DOCUMENT: Format = Format {
    id: "odf",
    words: Text::fixed("OpenDocument文書", "an OpenDocument file"),
    method: Text::fixed("受け入れない", "not accepted"),
    extensions: &["odt", "ods", "odp", "odg", "ott", "ots", "otp", "otg", "epub"],
    media_type: "application/octet-stream",
    recognise: |source| matches!(source.archive(), Some(Ok(archive)) if super::archive::document(archive)).into(),
    rebuild: |_, _| {
        Err(Reason::Unsupported {
            format: Text::fixed("OpenDocument文書", "an OpenDocument file"),
            instead: Text::fixed("docx、xlsx、pptxで送り直すよう依頼する", "ask for docx, xlsx or pptx"),
        })
    },
};

refused! {
    /// PDF: readers take it for one if it says so anywhere in its first kilobyte.
    PDF, "pdf", "PDF", "a PDF", ["pdf"],
        |bytes| bytes.get(..1_024).unwrap_or(bytes).windows(5).any(|window| window == b"%PDF-"),
        "元の文書(docx、xlsx、pptx)又は画像(PNG、JPEG)で送り直すよう依頼する", "ask for the document that it was made from, or for pictures (PNG, JPEG)";
    /// Pictures of telephones. No decoder that may be used is proven yet.
    HEIC, "heic", "HEIC・AVIF画像", "a HEIC or AVIF picture", ["heic", "heif", "hif", "avif"],
        |bytes| brand(bytes).is_some_and(|brand| PICTURES.contains(&brand)),
        "JPEGで送り直すよう依頼する", "ask for JPEG";
    /// Film and sound in boxes (ISO 14496-12), Matroska, AVI, MPEG, Windows Media, MP3.
    VIDEO, "video", "動画・音声", "film or sound", ["mp4", "mov", "m4v", "m4a", "mkv", "webm", "avi", "mpg", "mpeg", "wmv", "wma", "mp3"],
        |bytes| brand(bytes).is_some_and(|brand| !PICTURES.contains(&brand)) || film(bytes),
        "静止画、文書又はWAVで送り直すよう依頼する", "ask for pictures, a document or WAV";
    /// RAR archives, old and new.
    RAR, "rar", "RAR書庫", "a RAR archive", ["rar"], |bytes| bytes.starts_with(b"Rar!\x1A\x07"),
        "ZIPで送り直すよう依頼する", "ask for ZIP";
    /// 7-Zip archives.
    SEVEN_ZIP, "7z", "7z書庫", "a 7z archive", ["7z"], |bytes| bytes.starts_with(b"7z\xBC\xAF\x27\x1C"),
        "ZIPで送り直すよう依頼する", "ask for ZIP";
    /// Microsoft cabinets.
    CABINET, "cab", "CAB書庫", "a cabinet", ["cab"], |bytes| bytes.starts_with(b"MSCF\0\0\0\0"),
        "ZIPで送り直すよう依頼する", "ask for ZIP";
    /// LHA archives.
    LZH, "lzh", "LZH書庫", "an LZH archive", ["lzh", "lha"],
        |bytes| bytes.get(2..5).is_some_and(|method| method == b"-lh" || method == b"-lz") && bytes.get(6) == Some(&b'-'),
        "ZIPで送り直すよう依頼する", "ask for ZIP";
    /// Drawings of AutoCAD: AC10 and the number of the release.
    DWG, "dwg", "DWG図面", "a DWG drawing", ["dwg"],
        |bytes| bytes.starts_with(b"AC10") && bytes.get(4..6).is_some_and(|release| release.iter().all(u8::is_ascii_digit)),
        "画像(PNG、JPEG)で送り直すよう依頼する", "ask for pictures (PNG, JPEG)";
    /// Drawings of Jw_cad.
    JWW, "jww", "Jw_cad図面", "a Jw_cad drawing", ["jww"], |bytes| bytes.starts_with(b"JwwData."),
        "画像(PNG、JPEG)で送り直すよう依頼する", "ask for pictures (PNG, JPEG)";
    /// DocuWorks documents and binders.
    DOCUWORKS, "xdw", "DocuWorks文書", "a DocuWorks document", ["xdw", "xbd"], |bytes| bytes.starts_with(b"\x60\x0E\x82\x07"),
        "元の文書(docx、xlsx、pptx)又は画像(PNG、JPEG)で送り直すよう依頼する", "ask for the document that it was made from, or for pictures (PNG, JPEG)";
    /// Compound files: Word, Excel and PowerPoint before 2007, 一太郎, Outlook messages; also encrypted newer ones.
    COMPOUND, "cfb", "旧形式(複合ファイル)の文書", "a compound file of an older program",
        ["doc", "xls", "ppt", "dot", "xlt", "pot", "pps", "docx", "xlsx", "pptx", "jtd", "jtt", "msg", "msi", "db"],
        |bytes| bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        "docx、xlsx、pptxをパスワードなしで送り直すよう依頼する", "ask for docx, xlsx or pptx, without a password";
    /// Programs: of Windows, of Linux, scripts that say so, shortcuts.
    PROGRAM, "program", "プログラム", "a program", ["exe", "dll", "scr", "com", "sys", "lnk", "sh", "so"],
        |bytes| bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7FELF") || bytes.starts_with(b"#!") || bytes.starts_with(b"L\0\0\0\x01\x14\x02\0"),
        "プログラムは受け渡ししない。別の方法を情報システム担当に相談する", "programs do not cross; ask the office for information systems";
}

/// Brands of boxes that hold still pictures.
const PICTURES: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis",
];

/// The main brand of a file of boxes (ISO 14496-12, 4.3).
fn brand(bytes: &[u8]) -> Option<&[u8; 4]> {
    (bytes.get(4..8)? == b"ftyp")
        .then(|| bytes.get(8..12)?.try_into().ok())
        .flatten()
}

fn film(bytes: &[u8]) -> bool {
    let begins: &[&[u8]] = &[
        b"\x1A\x45\xDF\xA3",
        b"\0\0\x01\xBA",
        b"\0\0\x01\xB3",
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11",
        b"ID3",
        b"\xFF\xFB",
    ];
    begins.iter().any(|magic| bytes.starts_with(magic))
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI "))
}
