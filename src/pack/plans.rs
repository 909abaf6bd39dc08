//! Plans in bytes. What profiles share is written once: texts, types, rules, and elements but for their place.
//!
//! An element's place is how many levels it stands above the one before it, and whether it is a slice: elements come with
//! their children after them, then their slices. Its id is left out where it is what path and slice make of it.

use super::load::Pack;
use crate::bytes::{Damaged, Reader, Writer};
use crate::model::StructureKind;
use crate::name::Names;
use crate::parse::{Limits, parse};
use crate::plan::{
    Binding, Discriminator, DiscriminatorKind, Element, Invariant, Plan, Rule, Sample, Slicing, SlicingRules, Strength,
    Type, UNBOUNDED,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How much one plan may grow to when it is read, in elements, types, rules and bytes of ids: a pack that was made to do
/// harm could otherwise say the same long list a million times.
const BUDGET: usize = 8 << 20;

const KINDS: [StructureKind; 4] =
    [StructureKind::Primitive, StructureKind::Complex, StructureKind::Resource, StructureKind::Logical];
const STRENGTHS: [Strength; 4] = [Strength::Required, Strength::Extensible, Strength::Preferred, Strength::Example];
const RULES: [SlicingRules; 3] = [SlicingRules::Open, SlicingRules::Closed, SlicingRules::OpenAtEnd];
const LOOKS: [DiscriminatorKind; 5] = [
    DiscriminatorKind::Value,
    DiscriminatorKind::Exists,
    DiscriminatorKind::Pattern,
    DiscriminatorKind::Type,
    DiscriminatorKind::Profile,
];

fn place<T: PartialEq>(list: &[T], item: &T) -> u8 {
    list.iter().position(|known| known == item).unwrap_or(0) as u8
}

fn pick<T: Copy>(list: &[T], reader: &mut Reader<'_>) -> Result<T, Damaged> {
    list.get(reader.u8()? as usize).copied().ok_or(Damaged)
}

/// Records that are the same are written once.
#[derive(Debug, Default)]
pub(super) struct Shared {
    known: FxHashMap<Vec<u8>, usize>,
}

impl Shared {
    fn add(&mut self, record: Vec<u8>) -> usize {
        let next = self.known.len();
        *self.known.entry(record).or_insert(next)
    }

    /// The records in the order in which they were added.
    pub(super) fn records(&self) -> Vec<&[u8]> {
        let mut records = vec![&[][..]; self.known.len()];
        self.known.iter().for_each(|(record, at)| records[*at] = record);
        records
    }
}

/// Writes plans. Texts and names must be known from the start, as they are written in order.
pub(super) struct PlanWriter<'a> {
    pub(super) names: &'a Names,
    /// Each name that is used, with its place.
    pub(super) used: BTreeMap<&'a str, usize>,
    pub(super) strings: BTreeMap<String, usize>,
    pub(super) types: Shared,
    pub(super) rules: Shared,
    pub(super) elements: Shared,
}

impl<'a> PlanWriter<'a> {
    /// Collects the texts and names that the plans use.
    pub(super) fn new(names: &'a Names, plans: &[&'a Plan]) -> Self {
        let mut writer = PlanWriter {
            names,
            used: BTreeMap::new(),
            strings: BTreeMap::new(),
            types: Shared::default(),
            rules: Shared::default(),
            elements: Shared::default(),
        };
        // The first time, to collect; all that is written then is thrown away.
        for plan in plans {
            writer.plan(plan);
        }
        writer.types = Shared::default();
        writer.rules = Shared::default();
        writer.elements = Shared::default();
        writer.strings.values_mut().enumerate().for_each(|(at, place)| *place = at);
        writer.used.values_mut().enumerate().for_each(|(at, place)| *place = at);
        writer
    }

    fn string(&mut self, out: &mut Writer, text: &str) {
        let place = match self.strings.get(text) {
            Some(place) => *place,
            None => {
                self.strings.insert(text.to_owned(), 0);
                0
            }
        };
        out.size(place);
    }

    fn option(&mut self, out: &mut Writer, text: Option<&str>) {
        out.u8(u8::from(text.is_some()));
        if let Some(text) = text {
            self.string(out, text);
        }
    }

    fn strings(&mut self, out: &mut Writer, texts: &[Box<str>]) {
        out.size(texts.len());
        for text in texts {
            self.string(out, text);
        }
    }

    /// The place of a name; names are those of the shared table, which outlives the writer.
    pub(super) fn name(&mut self, out: &mut Writer, name: &'a str) {
        let place = *self.used.entry(name).or_default();
        out.size(place);
    }

    fn sample(&mut self, out: &mut Writer, sample: &'a Sample) {
        self.string(out, &sample.type_name);
        self.string(out, sample.tree.source());
        for node in sample.tree.all() {
            self.used.entry(sample.tree.name(node)).or_default();
        }
    }

    fn rule(&mut self, rule: &'a Rule) -> usize {
        let mut out = Writer::default();
        match rule {
            Rule::Fixed(sample) | Rule::Pattern(sample) | Rule::MinValue(sample) | Rule::MaxValue(sample) => {
                out.u8(match rule {
                    Rule::Fixed(_) => 0,
                    Rule::Pattern(_) => 1,
                    Rule::MinValue(_) => 2,
                    _ => 3,
                });
                self.sample(&mut out, sample);
            }
            Rule::MaxLength(length) => {
                out.u8(4);
                out.number(*length);
            }
            Rule::Binding(binding) => {
                out.u8(5);
                out.u8(place(&STRENGTHS, &binding.strength));
                self.option(&mut out, binding.value_set.as_deref());
                self.option(&mut out, binding.max_value_set.as_deref());
            }
            Rule::Invariant(invariant) => {
                out.u8(6);
                out.u8(u8::from(invariant.is_error));
                self.string(&mut out, &invariant.key);
                self.string(&mut out, &invariant.expression);
                self.string(&mut out, &invariant.source);
            }
        }
        self.rules.add(out.bytes)
    }

    /// An element but for its place, its id and its slice's name.
    fn element(&mut self, element: &'a Element) -> usize {
        let mut out = Writer::default();
        let names = self.names;
        self.name(&mut out, names.text(element.name));
        let flags = [
            element.repeats,
            element.is_choice,
            element.is_modifier,
            element.must_support,
            element.is_summary,
            element.is_attribute,
            element.slicing.is_some(),
        ];
        out.u8(flags.iter().enumerate().fold(0, |byte, (bit, flag)| byte | u8::from(*flag) << bit));
        out.number(element.min);
        out.number(if element.max == UNBOUNDED { 0 } else { element.max.saturating_add(1) });
        out.size(element.types.len());
        for allowed in &element.types {
            let mut record = Writer::default();
            self.name(&mut record, names.text(allowed.code_id));
            self.name(&mut record, names.text(allowed.element_name));
            self.string(&mut record, &allowed.code);
            self.strings(&mut record, &allowed.profiles);
            self.strings(&mut record, &allowed.targets);
            self.strings(&mut record, &allowed.aggregation);
            out.size(self.types.add(record.bytes));
        }
        out.size(element.rules.len());
        for rule in &element.rules {
            out.size(self.rule(rule));
        }
        if let Some(slicing) = &element.slicing {
            out.u8(place(&RULES, &slicing.rules) << 1 | u8::from(slicing.ordered));
            out.size(slicing.discriminators.len());
            for discriminator in &slicing.discriminators {
                out.u8(place(&LOOKS, &discriminator.kind));
                self.string(&mut out, &discriminator.path);
            }
        }
        self.elements.add(out.bytes)
    }

    /// The record of a plan.
    pub(super) fn plan(&mut self, plan: &'a Plan) -> Vec<u8> {
        let mut out = Writer::default();
        for text in [&plan.url, &plan.version, &plan.name, &plan.type_name] {
            self.string(&mut out, text);
        }
        let names = self.names;
        self.name(&mut out, names.text(plan.type_id));
        out.u8(place(&KINDS, &plan.kind) << 2 | u8::from(plan.is_abstract) << 1 | u8::from(plan.is_constraint));
        self.option(&mut out, plan.base.as_deref());
        self.option(&mut out, plan.context_type.as_deref());
        self.strings(&mut out, &plan.contexts);
        self.strings(&mut out, &plan.context_invariants);
        // Who holds an element, whether as a slice; from the links, as they alone count.
        let mut order = Vec::with_capacity(plan.elements.len());
        let mut rank = vec![None; plan.elements.len()];
        let mut waiting = vec![(0usize, 0usize, false)];
        while let Some((at, depth, is_slice)) = waiting.pop() {
            let (Some(element), Some(rank @ None)) = (plan.elements.get(at), rank.get_mut(at)) else { continue };
            *rank = Some(order.len());
            order.push((element, depth, is_slice));
            let slices = element.slicing.iter().flat_map(|slicing| slicing.slices.iter().rev());
            waiting.extend(slices.map(|slice| (*slice as usize, depth + 1, true)));
            waiting.extend(element.children.iter().rev().map(|child| (*child as usize, depth + 1, false)));
        }
        out.size(order.len());
        let mut levels = 0;
        let mut paths = Paths::default();
        for (element, depth, is_slice) in order {
            let slice = element.slice_name.as_deref().filter(|_| is_slice);
            let usual = paths.id(depth, names.text(element.name), element.is_choice, slice);
            let content = element.content.and_then(|at| rank.get(at as usize).copied().flatten());
            let flags = [is_slice, usual != *element.id, content.is_some()];
            let flags = flags.iter().enumerate().fold(0, |byte, (bit, flag)| byte | usize::from(*flag) << bit);
            out.size((levels - depth) << 3 | flags);
            if is_slice {
                self.string(&mut out, slice.unwrap_or_default());
            }
            if usual != *element.id {
                self.string(&mut out, &element.id);
                paths.set(depth, element.id.to_string());
            }
            if let Some(content) = content {
                out.size(content);
            }
            out.size(self.element(element));
            levels = depth + 1;
        }
        out.bytes
    }
}

/// Makes the ids that elements usually have.
#[derive(Default)]
struct Paths {
    /// By level, the element's id and the same without its slice's name.
    open: Vec<(String, String)>,
}

impl Paths {
    fn id(&mut self, depth: usize, name: &str, is_choice: bool, slice: Option<&str>) -> String {
        self.open.truncate(depth);
        let (id, path) = match (self.open.last(), slice) {
            (None, _) => (name.to_owned(), name.to_owned()),
            (Some((_, path)), Some(slice)) => (format!("{path}:{slice}"), path.clone()),
            (Some((id, _)), None) => {
                let path = format!("{id}.{name}{}", if is_choice { "[x]" } else { "" });
                (path.clone(), path)
            }
        };
        self.open.push((id.clone(), path));
        id
    }

    fn set(&mut self, depth: usize, id: String) {
        self.open.truncate(depth);
        let last = id.rfind('.').map_or(0, |at| at + 1);
        let path = match id[last..].find(':') {
            Some(at) => id[..last + at].to_owned(),
            None => id.clone(),
        };
        self.open.push((id, path));
    }
}

/// What records refer to, with a budget for how much they may grow to.
pub(super) struct Source<'p> {
    pack: &'p Pack,
    names: &'p Arc<Names>,
    budget: usize,
}

impl<'p> Source<'p> {
    pub(super) fn new(pack: &'p Pack, names: &'p Arc<Names>) -> Self {
        Source { pack, names, budget: BUDGET }
    }

    fn spend(&mut self, amount: usize) -> Result<(), Damaged> {
        self.budget = self.budget.checked_sub(amount).ok_or(Damaged)?;
        Ok(())
    }

    fn string(&mut self, reader: &mut Reader<'_>) -> Result<&'p str, Damaged> {
        let text = self.pack.string(reader)?;
        self.spend(text.len() + 1)?;
        Ok(text)
    }

    fn boxed(&mut self, reader: &mut Reader<'_>) -> Result<Box<str>, Damaged> {
        self.string(reader).map(Into::into)
    }

    fn strings(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Box<str>>, Damaged> {
        (0..reader.count()?).map(|_| self.boxed(reader)).collect()
    }

    fn option(&mut self, reader: &mut Reader<'_>) -> Result<Option<Box<str>>, Damaged> {
        if reader.u8()? == 0 { Ok(None) } else { self.boxed(reader).map(Some) }
    }

    /// Reads a plan's record.
    pub(super) fn plan(&mut self, reader: &mut Reader<'_>) -> Result<Plan, Damaged> {
        let (url, version) = (self.boxed(reader)?, self.boxed(reader)?);
        let (name, type_name) = (self.boxed(reader)?, self.boxed(reader)?);
        let type_id = self.pack.name(reader)?;
        let flags = reader.u8()?;
        let mut plan = Plan {
            url,
            version,
            name,
            kind: KINDS.get(usize::from(flags >> 2)).copied().ok_or(Damaged)?,
            is_abstract: flags & 2 != 0,
            is_constraint: flags & 1 != 0,
            type_name,
            type_id,
            base: self.option(reader)?,
            context_type: self.option(reader)?,
            contexts: self.strings(reader)?,
            context_invariants: self.strings(reader)?,
            elements: Vec::new(),
        };
        let count = reader.count()?;
        plan.elements.reserve_exact(count);
        let mut open: Vec<u32> = Vec::new();
        let mut paths = Paths::default();
        for index in 0..count {
            let place = reader.number()? as usize;
            let (is_slice, has_id, has_content) = (place & 1 != 0, place & 2 != 0, place & 4 != 0);
            let depth = open.len().checked_sub(place >> 3).ok_or(Damaged)?;
            if (depth == 0) != (index == 0) {
                return Err(Damaged);
            }
            open.truncate(depth);
            let slice = if is_slice { Some(self.string(reader)?) } else { None };
            let id = if has_id { Some(self.string(reader)?) } else { None };
            let content = if has_content { Some(reader.number()?).filter(|at| (*at as usize) < count) } else { None };
            let mut element = self.element(reader)?;
            let usual = paths.id(depth, self.names.text(element.name), element.is_choice, slice);
            if let Some(id) = id {
                paths.set(depth, id.to_owned());
            }
            element.id = id.map_or_else(|| usual.into(), Into::into);
            self.spend(element.id.len())?;
            element.slice_name = slice.map(Into::into);
            element.content = content;
            let index = index as u32;
            if let Some(holder) = open.last().and_then(|at| plan.elements.get_mut(*at as usize)) {
                match (is_slice, &mut holder.slicing) {
                    (false, _) => holder.children.push(index),
                    (true, Some(slicing)) => slicing.slices.push(index),
                    (true, None) => return Err(Damaged),
                }
            }
            open.push(index);
            plan.elements.push(element);
        }
        if plan.elements.is_empty() { Err(Damaged) } else { Ok(plan) }
    }

    fn element(&mut self, reader: &mut Reader<'_>) -> Result<Element, Damaged> {
        let pack = self.pack;
        let reader = &mut pack.elements.get(pack, reader.number()?)?;
        let name = pack.name(reader)?;
        let flags = reader.u8()?;
        let has = |bit: u8| flags & 1 << bit != 0;
        let min = reader.number()?;
        let max = reader.number()?.checked_sub(1).unwrap_or(UNBOUNDED);
        let mut types = Vec::new();
        for _ in 0..reader.count()? {
            let record = &mut pack.types.get(pack, reader.number()?)?;
            types.push(Type {
                code_id: pack.name(record)?,
                element_name: pack.name(record)?,
                code: self.boxed(record)?,
                profiles: self.strings(record)?,
                targets: self.strings(record)?,
                aggregation: self.strings(record)?,
            });
        }
        let mut rules = Vec::new();
        for _ in 0..reader.count()? {
            self.spend(1)?;
            rules.push(pack.rule(reader.number()?, self)?);
        }
        let mut slicing = None;
        if has(6) {
            let how = reader.u8()?;
            let mut discriminators = Vec::new();
            for _ in 0..reader.count()? {
                discriminators.push(Discriminator { kind: pick(&LOOKS, reader)?, path: self.boxed(reader)? });
            }
            let rules = RULES.get(usize::from(how >> 1)).copied().ok_or(Damaged)?;
            slicing = Some(Slicing { discriminators, ordered: how & 1 != 0, rules, slices: Vec::new() });
        }
        self.spend(1)?;
        Ok(Element {
            id: "".into(),
            name,
            slice_name: None,
            children: Vec::new(),
            slicing,
            min,
            max,
            repeats: has(0),
            is_choice: has(1),
            types,
            content: None,
            is_modifier: has(2),
            must_support: has(3),
            is_summary: has(4),
            is_attribute: has(5),
            rules,
        })
    }

    /// Reads a rule's record.
    pub(super) fn rule(&mut self, reader: &mut Reader<'_>) -> Result<Rule, Damaged> {
        let kind = reader.u8()?;
        Ok(match kind {
            0..=3 => {
                let type_name = self.boxed(reader)?;
                // The writer put every name of the value in the pack's names, so that the tree needs none of its own.
                let tree = parse(self.string(reader)?.as_bytes(), self.names, Limits::default()).tree;
                let sample = Sample { type_name, tree: Arc::new(tree) };
                match kind {
                    0 => Rule::Fixed(sample),
                    1 => Rule::Pattern(sample),
                    2 => Rule::MinValue(sample),
                    _ => Rule::MaxValue(sample),
                }
            }
            4 => Rule::MaxLength(reader.number()?),
            5 => Rule::Binding(Binding {
                strength: pick(&STRENGTHS, reader)?,
                value_set: self.option(reader)?,
                max_value_set: self.option(reader)?,
            }),
            6 => Rule::Invariant(Arc::new(Invariant {
                is_error: reader.u8()? != 0,
                key: self.boxed(reader)?,
                expression: self.boxed(reader)?,
                source: self.boxed(reader)?,
                ..Invariant::default()
            })),
            _ => return Err(Damaged),
        })
    }
}
