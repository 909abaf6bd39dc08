//! The packs of definitions that come with the crate, with the feature `packs`. The same as in the npm package.
//!
//! ```
//! use careconnect::{Careconnect, definitions::Index, packs};
//!
//! let careconnect = Careconnect::load(&[packs::STU3, packs::CARECONNECT])?.with_index(Index::new(packs::INDEX));
//!
//! // The packs that a resource needs and that are not loaded yet.
//! let resource = br#"{ "resourceType": "Patient", "meta": { "profile": [
//!     "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"] } }"#;
//! let needed = careconnect.needed(resource, &[]);
//! let more = careconnect.with_packs(&packs::named(&needed))?;
//! assert!(more.needed(resource, &[]).is_empty());
//! # Ok::<(), careconnect::pack::PackError>(())
//! ```

/// Declares each pack, and the list of them.
macro_rules! packs {
    ($($name:ident $file:literal $what:literal)*) => {
        $(
            #[doc = $what]
            pub const $name: &[u8] = include_bytes!(concat!("../pkg/dist/packs/", $file, ".pack"));
        )*
        /// Every pack with its name, in the order in which they are loaded.
        pub const ALL: &[(&str, &[u8])] = &[$(($file, $name)),*];
    };
}

packs! {
    STU3 "stu3" "FHIR STU3 itself; every other pack of STU3 builds on it."
    CARECONNECT "careconnect" "The CareConnect profiles."
    GPCONNECT "gpconnect" "GP Connect."
    ITK "itk" "ITK3 and Transfer of Care."
    NRL "nrl" "The National Record Locator."
    EVENTS "events" "The National Events Management Service."
    CHILDHEALTH "childhealth" "Child health."
    NEWS2 "news2" "The National Early Warning Score 2."
    ERS "ers" "The e-Referral Service."
    OTHER "other" "Other NHS profiles."
    R4 "r4" "FHIR R4 itself; every other pack of R4 builds on it."
    UKCORE "ukcore" "UK Core."
    NHSENGLAND_R4 "nhsengland-r4" "NHS England's R4 definitions that state the Apache License 2.0."
}

/// What each pack has and builds on: see [`Careconnect::with_index`](crate::Careconnect::with_index).
pub const INDEX: &str = include_str!("../pkg/dist/index.txt");

/// The packs of these names, as [`Careconnect::needed`](crate::Careconnect::needed) gives them, in the order in which they are
/// loaded. A name that no pack has is passed over.
pub fn named(names: &[String]) -> Vec<&'static [u8]> {
    ALL.iter().filter(|(name, _)| names.iter().any(|wanted| wanted == name)).map(|(_, bytes)| *bytes).collect()
}
