//! The packs of definitions that come with the crate, with the feature `packs`. The same as in the npm package.
//!
//! ```
//! use careconnect::{Careconnect, packs};
//!
//! let careconnect = Careconnect::load(&[packs::STU3, packs::CARECONNECT])?;
//!
//! // What a resource names that is not loaded yet, and the packs that have it.
//! let resource = br#"{ "resourceType": "Patient", "meta": { "profile": [
//!     "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"] } }"#;
//! let missing = careconnect.missing(resource, &[]);
//! let more = careconnect.with_packs(&packs::with(&missing))?;
//! assert!(more.missing(resource, &[]).is_empty());
//! # Ok::<(), careconnect::pack::PackError>(())
//! ```

use serde_json::Value;

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
    STU3 "stu3" "FHIR STU3 itself; every other pack builds on it."
    CARECONNECT "careconnect" "The CareConnect profiles."
    GPCONNECT "gpconnect" "GP Connect."
    ITK "itk" "ITK3 and Transfer of Care."
    NRL "nrl" "The National Record Locator."
    EVENTS "events" "The National Events Management Service."
    CHILDHEALTH "childhealth" "Child health."
    NEWS2 "news2" "The National Early Warning Score 2."
    ERS "ers" "The e-Referral Service."
    OTHER "other" "Other NHS profiles."
}

/// What each pack builds on, and the URLs of its types, profiles and extensions.
const INDEX: &str = include_str!("../pkg/dist/profiles.json");

/// The packs that define these URLs, as [`Careconnect::missing`](crate::Careconnect::missing) gives them, and those that
/// they build on, in the order in which they are loaded. A URL that no pack has is passed over.
pub fn with(urls: &[String]) -> Vec<&'static [u8]> {
    let index: Value = serde_json::from_str(INDEX).unwrap_or_default();
    let list = |name: &str, what: &str| {
        let list = index.get(name).and_then(|pack| pack.get(what)).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    };
    let mut needed: Vec<&str> = Vec::new();
    let defines = |name: &str| list(name, "profiles").any(|url| urls.iter().any(|wanted| wanted == url));
    let mut waiting: Vec<&str> = ALL.iter().map(|(name, _)| *name).filter(|name| defines(name)).collect();
    while let Some(name) = waiting.pop() {
        if !needed.contains(&name) {
            needed.push(name);
            waiting.extend(list(name, "dependencies"));
        }
    }
    ALL.iter().filter(|(name, _)| needed.contains(name)).map(|(_, bytes)| *bytes).collect()
}
