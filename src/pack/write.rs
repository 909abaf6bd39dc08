//! Makes packs.
//!
//! After the head come these sections, each after its length: names; choices, as the places of three names; texts; types;
//! rules; elements; the index of plans, the plans; the index of code systems, these; the index of value sets, these; the
//! message definitions; the releases of SNOMED CT and dm+d; the index of the packs. A list of records is their number, the length of each, then all
//! of them.

use super::plans::PlanWriter;
use super::{FORMAT, MAGIC, checksum, version_byte};
use crate::bytes::Writer;
use crate::model::message::MessageDefinition;
use crate::name::Names;
use crate::plan::Plan;
use crate::terminology::Terminology;
use crate::version::Version;
use std::collections::BTreeSet;

/// What a pack is made of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents<'a> {
    /// The release of FHIR; none for releases of SNOMED CT and dm+d.
    pub version: Option<Version>,
    /// The family of definitions.
    pub family: &'a str,
    /// The families that these definitions build on.
    pub dependencies: &'a [&'a str],
    /// The types and profiles, in the order of their URLs and versions.
    pub plans: &'a [&'a Plan],
    /// The URLs of the code systems.
    pub code_systems: &'a [&'a str],
    /// The URLs of the value sets.
    pub value_sets: &'a [&'a str],
    /// The message definitions, in the order of their URLs.
    pub messages: &'a [MessageDefinition],
    /// The index of the packs of the same release of FHIR, in the pack of the release itself; or empty.
    pub index: &'a str,
    /// The records of releases, see [`crate::terminology::release`].
    pub releases: &'a [&'a [u8]],
}

fn records(writer: &mut Writer, records: &[impl AsRef<[u8]>]) {
    let mut out = Writer::default();
    out.size(records.len());
    records.iter().for_each(|record| out.size(record.as_ref().len()));
    records.iter().for_each(|record| out.bytes.extend_from_slice(record.as_ref()));
    writer.block(&out.bytes);
}

/// A pack of some of the definitions that are there. The same definitions give the same bytes.
pub(crate) fn write(names: &Names, terminology: &Terminology, contents: &Contents<'_>) -> Vec<u8> {
    let sorted = |urls: &[&'_ str]| crate::order::sorted(urls.iter().map(|url| url.to_string()));
    let mut out = Writer::default();
    out.u8(version_byte(contents.version));
    out.text(contents.family);
    out.size(contents.dependencies.len());
    contents.dependencies.iter().for_each(|family| out.text(family));

    let plans = contents.plans;
    let mut writer = PlanWriter::new(names, plans);
    let plan_records: Vec<Vec<u8>> = plans.iter().map(|plan| writer.plan(plan)).collect();
    let mut choices = BTreeSet::new();
    for plan in plans.iter().filter(|plan| !plan.is_constraint) {
        for element in plan.elements.iter().filter(|element| element.is_choice) {
            choices.extend(element.types.iter().map(|allowed| (allowed.element_name, element.name, allowed.code_id)));
        }
    }
    let used: Vec<&str> = writer.used.keys().copied().collect();
    records(&mut out, &used);
    let mut section = Writer::default();
    section.size(choices.len());
    for (name, of, kind) in choices {
        for part in [name, of, kind] {
            writer.name(&mut section, names.text(part));
        }
    }
    out.block(&section.bytes);
    records(&mut out, &writer.strings.keys().collect::<Vec<_>>());
    records(&mut out, &writer.types.records());
    records(&mut out, &writer.rules.records());
    records(&mut out, &writer.elements.records());
    let mut index = Writer::default();
    index.size(plans.len());
    for plan in plans {
        index.text(&plan.url);
        index.text(&plan.version);
        index.u8(u8::from(plan.is_constraint));
        writer.name(&mut index, names.text(plan.type_id));
    }
    out.block(&index.bytes);
    records(&mut out, &plan_records);

    let mut index = Writer::default();
    let mut bodies = Vec::new();
    for url in sorted(contents.code_systems) {
        if let Some((record, value_set)) = terminology.system_record(&url) {
            index.text(&url);
            index.option(value_set);
            bodies.push(record);
        }
    }
    section_of(&mut out, &index, &bodies);
    let mut index = Writer::default();
    let mut bodies = Vec::new();
    for url in sorted(contents.value_sets) {
        if let Some(record) = terminology.value_set_record(&url) {
            index.text(&url);
            bodies.push(record);
        }
    }
    section_of(&mut out, &index, &bodies);
    let message = |definition: &MessageDefinition| {
        let mut record = Writer::default();
        definition.write(&mut record);
        record.bytes
    };
    records(&mut out, &contents.messages.iter().map(message).collect::<Vec<_>>());
    records(&mut out, contents.releases);
    out.text(contents.index);

    let mut pack = Writer::default();
    pack.bytes.extend_from_slice(&MAGIC);
    pack.fixed(FORMAT);
    pack.bytes.extend_from_slice(&checksum(&out.bytes).to_le_bytes());
    pack.bytes.extend_from_slice(&out.bytes);
    pack.bytes
}

fn section_of(out: &mut Writer, index: &Writer, bodies: &[&[u8]]) {
    out.block(&index.bytes);
    records(out, bodies);
}
