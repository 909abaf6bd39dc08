//! What bytes are, by how they begin.

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No bytes.
    Empty,
    /// Text of no other kind.
    Text,
    /// Rich Text Format.
    Rtf,
    /// HTML or XHTML.
    Html,
    /// A FHIR resource in JSON or XML.
    Fhir,
    /// A CDA document.
    Cda,
    /// XML of another kind.
    Xml,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// PDF.
    Pdf,
    /// TIFF.
    Tiff,
    /// An Office document before 2007.
    Office,
    /// A ZIP archive, or an Office document, which is one.
    Zip,
    /// DICOM.
    Dicom,
    /// Sound or film.
    Media,
    /// None of these.
    Unknown,
}

/// Names, media types that may be stated for it.
const KINDS: &[(Kind, &str, &[&str])] = &[
    (Kind::Empty, "nothing", &[]),
    (Kind::Text, "text", &["text/", "application/json", "application/xml"]),
    (Kind::Rtf, "RTF", &["application/rtf", "text/rtf", "application/x-rtf", "text/richtext"]),
    (Kind::Html, "HTML", &["text/html", "application/xhtml+xml"]),
    (
        Kind::Fhir,
        "a FHIR resource",
        &[
            "application/fhir",
            "application/json",
            "application/xml",
            "text/",
            "application/json+fhir",
            "application/xml+fhir",
        ],
    ),
    (Kind::Cda, "a CDA document", &["text/xml", "application/xml", "application/hl7", "text/"]),
    (Kind::Xml, "XML", &["text/", "application/xml", "application/"]),
    (Kind::Png, "a PNG image", &["image/png", "image/x-png"]),
    (Kind::Jpeg, "a JPEG image", &["image/jpeg", "image/jpg", "image/pjpeg"]),
    (Kind::Gif, "a GIF image", &["image/gif"]),
    (Kind::Pdf, "a PDF", &["application/pdf", "application/x-pdf"]),
    (Kind::Tiff, "a TIFF image", &["image/tiff", "image/tif", "image/x-tiff"]),
    (Kind::Office, "an Office document", &["application/msword", "application/vnd.ms-", "application/x-ole"]),
    (Kind::Zip, "a ZIP archive or an Office document", &["application/zip", "application/x-zip", "application/vnd."]),
    (Kind::Dicom, "a DICOM object", &["application/dicom", "image/dicom"]),
    (Kind::Media, "sound or film", &["audio/", "video/"]),
    (Kind::Unknown, "bytes of a kind that is not known", &[]),
];

impl Kind {
    fn row(self) -> Option<&'static (Kind, &'static str, &'static [&'static str])> {
        KINDS.iter().find(|(kind, ..)| *kind == self)
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| name)
    }

    /// Its media type, where it is an image that may be shown.
    pub fn media_type(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            _ => "image/gif",
        }
    }

    /// Whether it may be called by a media type; none is no lie, and of what cannot be told nothing can be said.
    pub fn fits(self, stated: &str) -> bool {
        let stated = stated.trim().to_ascii_lowercase();
        let unspecific = stated.is_empty() || stated.starts_with("application/octet-stream");
        let any = self.row().is_some_and(|(_, _, types)| types.iter().any(|known| stated.starts_with(known)));
        // What has a mark of its own is known by it: a type for which none was found is only doubted if it has one.
        let marked = KINDS.iter().any(|(kind, _, types)| {
            !matches!(kind, Kind::Text | Kind::Xml | Kind::Fhir | Kind::Cda | Kind::Zip | Kind::Media)
                && types.iter().any(|known| stated.starts_with(known))
        });
        unspecific || any || self == Kind::Unknown && !marked && !stated.starts_with("text/")
    }
}

/// What bytes are. A text that is said to be plain is read as it stands, whatever it is the source of.
pub fn detect(bytes: &[u8], stated: &str) -> Kind {
    let starts = |with: &[u8]| bytes.starts_with(with);
    match () {
        () if bytes.is_empty() => return Kind::Empty,
        () if bytes.get(..1024.min(bytes.len())).is_some_and(|head| head.windows(5).any(|five| five == b"%PDF-")) => {
            return Kind::Pdf;
        }
        () if starts(b"\x89PNG\r\n\x1a\n") => return Kind::Png,
        () if starts(b"\xff\xd8\xff") => return Kind::Jpeg,
        () if starts(b"GIF87a") || starts(b"GIF89a") => return Kind::Gif,
        () if starts(b"II*\0") || starts(b"MM\0*") => return Kind::Tiff,
        () if starts(b"\xd0\xcf\x11\xe0") => return Kind::Office,
        () if starts(b"PK\x03\x04") => return Kind::Zip,
        () if bytes.get(128..132) == Some(b"DICM") => return Kind::Dicom,
        () if starts(b"RIFF") || starts(b"ID3") || starts(b"OggS") || bytes.get(4..8) == Some(b"ftyp") => {
            return Kind::Media;
        }
        () if starts(b"{\\rtf") => return Kind::Rtf,
        () => {}
    }
    // Text has no control characters but those that lay it out.
    if bytes.iter().any(|byte| matches!(byte, 0..=8 | 11 | 14..=31)) {
        return Kind::Unknown;
    }
    let head = String::from_utf8_lossy(bytes.get(..2048.min(bytes.len())).unwrap_or_default()).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let plain = stated.trim().to_ascii_lowercase().starts_with("text/plain");
    match () {
        () if plain => Kind::Text,
        () if is_cda(head, bytes) => Kind::Cda,
        () if head.starts_with('<') && head.contains("http://hl7.org/fhir") && !head.contains("<html") => Kind::Fhir,
        () if head.starts_with('{') && head.contains("\"resourcetype\"") => Kind::Fhir,
        () if head.starts_with('<') && (stated.to_ascii_lowercase().contains("html") || head.contains("<html")) => {
            Kind::Html
        }
        () if head.starts_with("<?xml") => Kind::Xml,
        () if stated.to_ascii_lowercase().contains("html") => Kind::Html,
        () => Kind::Text,
    }
}

/// Whether XML is a CDA document, or an envelope with one.
fn is_cda(head: &str, bytes: &[u8]) -> bool {
    let is_named = |text: &str| text.contains("ClinicalDocument");
    let of = |root| root == crate::cda::Root::Document || std::str::from_utf8(bytes).is_ok_and(is_named);
    head.starts_with('<') && crate::cda::root(&String::from_utf8_lossy(bytes)).is_some_and(of)
}

/// How many points an image has by its header.
pub(super) fn points(kind: Kind, bytes: &[u8]) -> Option<u64> {
    let big = |at: usize, count: usize| -> Option<u64> {
        Some(bytes.get(at..at + count)?.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
    };
    let (width, height) = match kind {
        Kind::Png => (big(16, 4)?, big(20, 4)?),
        Kind::Gif => {
            let little = |at: usize| Some(big(at + 1, 1)? << 8 | big(at, 1)?);
            (little(6)?, little(8)?)
        }
        _ => {
            // The segments of a JPEG up to the one that says how large it is.
            let mut at = 2;
            loop {
                let (mark, length) = (big(at + 1, 1)?, big(at + 2, 2)?);
                if big(at, 1)? != 0xff {
                    return None;
                }
                if matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc) {
                    break (big(at + 7, 2)?, big(at + 5, 2)?);
                }
                at += 2 + usize::try_from(length.max(2)).ok()?;
            }
        }
    };
    width.checked_mul(height).filter(|points| *points > 0)
}
