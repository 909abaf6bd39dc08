//! Small releases of SNOMED CT and dm+d in the published formats, made up: nobody's content is in them.

use careconnect::Careconnect;
use careconnect::release::{Builder, Kind, Summary};
use std::fmt::Write;

/// A SNOMED CT identifier made of a number: the partition of concepts and the check digit (Verhoeff) follow it.
pub fn sctid(number: u64) -> u64 {
    const MULTIPLY: [[usize; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTE: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    const INVERSE: [u64; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];
    let number = number * 100;
    let mut check = 0;
    for (at, digit) in number.to_string().bytes().rev().enumerate() {
        let mut digit = usize::from(digit - b'0');
        for _ in 0..=at % 8 {
            digit = PERMUTE[digit];
        }
        check = MULTIPLY[check][digit];
    }
    number * 10 + INVERSE[check]
}

/// A release of SNOMED CT to be.
#[derive(Default)]
pub struct Snomed {
    concepts: String,
    descriptions: String,
    languages: String,
    relationships: String,
    members: String,
    associations: String,
    rows: u64,
}

/// `Is a`.
const IS_A: u64 = 116_680_003;
/// A relationship of another kind, which says nothing of the hierarchy: `Finding site`.
const SITE: u64 = 363_698_007;
pub const SYNONYM: u64 = 900_000_000_000_013_009;
pub const NAME: u64 = 900_000_000_000_003_001;
/// British English, and the NHS's own.
pub const BRITISH: u64 = 900_000_000_000_508_004;
pub const NHS: u64 = 999_001_261_000_000_100;
const PREFERRED: u64 = 900_000_000_000_548_007;
const ACCEPTABLE: u64 = 900_000_000_000_549_004;

impl Snomed {
    fn next(&mut self) -> u64 {
        self.rows += 1;
        self.rows
    }

    /// A concept, and what it is a kind of.
    pub fn concept(&mut self, id: u64, is_active: bool, parents: &[u64]) {
        writeln!(self.concepts, "{id}\t20260401\t{}\t1\t900000000000074008\r", u8::from(is_active)).unwrap();
        for parent in parents {
            let row = self.next();
            writeln!(self.relationships, "{row}\t20260401\t1\t1\t{id}\t{parent}\t0\t{IS_A}\t2\t3\r").unwrap();
        }
        let row = self.next();
        writeln!(self.relationships, "{row}\t20260401\t1\t1\t{id}\t{id}\t1\t{SITE}\t2\t3\r").unwrap();
    }

    /// A relationship that an older package has, and a newer one takes back.
    pub fn taken_back(&mut self, child: u64, parent: u64) {
        let row = self.next();
        writeln!(self.relationships, "{row}\t20250101\t1\t1\t{child}\t{parent}\t0\t{IS_A}\t2\t3\r").unwrap();
        writeln!(self.relationships, "{row}\t20260101\t0\t1\t{child}\t{parent}\t0\t{IS_A}\t2\t3\r").unwrap();
    }

    /// A description, and the language reference set that prefers it, if one does.
    pub fn term(&mut self, concept: u64, kind: u64, term: &str, preferred: Option<u64>) {
        let row = self.next();
        writeln!(self.descriptions, "{row}\t20260401\t1\t1\t{concept}\ten\t{kind}\t{term}\t3\r").unwrap();
        let (refset, how) = preferred.map_or((BRITISH, ACCEPTABLE), |refset| (refset, PREFERRED));
        writeln!(self.languages, "u{row}\t20260401\t1\t1\t{refset}\t{row}\t{how}\r").unwrap();
    }

    /// A member of a reference set.
    pub fn member(&mut self, refset: u64, concept: u64, is_active: bool) {
        writeln!(self.members, "u\t20260401\t{}\t1\t{refset}\t{concept}\r", u8::from(is_active)).unwrap();
    }

    /// What takes the place of an inactive concept.
    pub fn association(&mut self, refset: u64, of: u64, by: u64) {
        writeln!(self.associations, "u\t20260401\t1\t1\t{refset}\t{of}\t{by}\r").unwrap();
    }

    /// The files of the release: name and content.
    pub fn files(&self) -> Vec<(String, String)> {
        let start = "id\teffectiveTime\tactive\tmoduleId";
        let member = format!("{start}\trefsetId\treferencedComponentId");
        [
            ("sct2_Concept_UKEDSnapshot_GB_20260401", format!("{start}\tdefinitionStatusId"), &self.concepts),
            ("der2_cRefset_LanguageUKEDSnapshot-en_GB_20260401", format!("{member}\tacceptabilityId"), &self.languages),
            (
                "sct2_Description_UKEDSnapshot-en_GB_20260401",
                format!("{start}\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"),
                &self.descriptions,
            ),
            (
                "sct2_Relationship_UKEDSnapshot_GB_20260401",
                format!(
                    "{start}\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId"
                ),
                &self.relationships,
            ),
            ("der2_Refset_SimpleUKEDSnapshot_GB_20260401", member.clone(), &self.members),
            (
                "der2_cRefset_AssociationUKEDSnapshot_GB_20260401",
                format!("{member}\ttargetComponentId"),
                &self.associations,
            ),
        ]
        .into_iter()
        .map(|(name, header, rows)| (format!("SnomedCT/Snapshot/{name}.txt"), format!("{header}\r\n{rows}")))
        .collect()
    }

    /// The pack.
    pub fn pack(&self) -> (Vec<u8>, Summary) {
        pack(Kind::Snomed, &self.files(), 1000).unwrap()
    }
}

/// Makes a pack of files, given `piece` bytes at a time.
pub fn pack(kind: Kind, files: &[(String, String)], piece: usize) -> Result<(Vec<u8>, Summary), String> {
    let mut wanted: Vec<_> =
        files.iter().filter_map(|(name, text)| Some((Builder::turn(kind, name)?, name, text))).collect();
    wanted.sort();
    let mut builder = Builder::new(kind);
    for (_, name, text) in wanted {
        builder.begin(name)?;
        text.as_bytes().chunks(piece).try_for_each(|bytes| builder.feed(bytes))?;
    }
    builder.finish()
}

/// A core with nothing but packs given as bytes.
pub fn load(packs: &[&[u8]]) -> Careconnect {
    Careconnect::load(packs).expect("packs of this version")
}

/// The file of dm+d's lookup tables: form, route and unit.
pub fn lookup(forms: &[(u64, &str)], routes: &[(u64, &str)]) -> (String, String) {
    let table = |name: &str, rows: &[(u64, &str)]| {
        let row = |(code, text): &(u64, &str)| format!("<INFO><CD>{code}</CD><DESC>{text}</DESC></INFO>");
        format!("<{name}>{}</{name}>", rows.iter().map(row).collect::<String>())
    };
    let supplier = "<SUPPLIER><INFO><CD>2046401000001108</CD><DESC>A supplier</DESC></INFO></SUPPLIER>";
    let indicator = "<BASIS_OF_NAME><INFO><CD>0001</CD><DESC>A basis</DESC></INFO></BASIS_OF_NAME>";
    let (forms, routes) = (table("FORM", forms), table("ROUTE", routes));
    ("f_lookup2_3080426.xml".into(), format!("{DECLARATION}<LOOKUP>{indicator}{forms}{routes}{supplier}</LOOKUP>"))
}

pub const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<!-- A comment with <tags> > and more -->\n";
