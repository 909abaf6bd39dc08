//! A pack that is loaded: its bytes, and where things are in them.

use super::plans::Source;
use super::{FORMAT, MAGIC, PackError, PackInfo, checksum};
use crate::bytes::{Damaged, Reader, utf8};
use crate::model::message::MessageDefinition;
use crate::name::{NameId, Names};
use crate::plan::compile::intern;
use crate::plan::{Plan, Rule};
use crate::terminology::release::Release;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Records one after the other.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// Where each record ends, in the pack; the first entry is where the first one starts.
    ends: Vec<usize>,
}

impl Items {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Damaged> {
        let len = reader.number()? as usize;
        let start = reader.position();
        let section = reader.take(len)?;
        let mut lens = Reader::new(section);
        let count = lens.count()?;
        let mut ends = Vec::with_capacity(count + 1);
        ends.push(0);
        let mut end = 0usize;
        for _ in 0..count {
            end = end.checked_add(lens.number()? as usize).ok_or(Damaged)?;
            ends.push(end);
        }
        if lens.left() != end {
            return Err(Damaged);
        }
        let start = start + lens.position();
        ends.iter_mut().for_each(|end| *end += start);
        Ok(Items { ends })
    }

    fn len(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    fn range(&self, at: usize) -> Result<Range<usize>, Damaged> {
        let ends = at.checked_add(2).and_then(|after| self.ends.get(at..after)).ok_or(Damaged)?;
        Ok(ends.first().copied().ok_or(Damaged)?..ends.last().copied().ok_or(Damaged)?)
    }

    fn bytes<'p>(&self, pack: &'p [u8], at: usize) -> Result<&'p [u8], Damaged> {
        pack.get(self.range(at)?).ok_or(Damaged)
    }

    pub(super) fn get<'p>(&self, pack: &'p Pack, at: u32) -> Result<Reader<'p>, Damaged> {
        self.bytes(&pack.bytes, at as usize).map(Reader::new)
    }
}

/// A pack whose indexes are read.
#[derive(Debug)]
pub(crate) struct Pack {
    bytes: Arc<[u8]>,
    names: Vec<NameId>,
    strings: Items,
    pub(super) types: Items,
    rules: Items,
    pub(super) elements: Items,
    plans: Items,
    /// Rules that were read: most plans share theirs, and an invariant that is the same is compiled once.
    read_rules: Vec<OnceLock<Rule>>,
}

/// A code system's URL, the value set of all its codes, and where its record stands.
type SystemAt = (Box<str>, Option<Box<str>>, Range<usize>);

/// What a pack holds, to be made known.
#[derive(Debug, Default)]
pub(crate) struct Contained {
    /// URL, version, whether it is a profile, and the type.
    pub(crate) plans: Vec<(Box<str>, Box<str>, bool, NameId)>,
    /// A name, what it is a choice of, and the type.
    pub(crate) choices: Vec<(NameId, NameId, NameId)>,
    /// URL, the value set of all codes, and where the record stands.
    pub(crate) systems: Vec<SystemAt>,
    /// URL, and where the record stands.
    pub(crate) value_sets: Vec<(Box<str>, Range<usize>)>,
    /// What messages hold.
    pub(crate) messages: Vec<MessageDefinition>,
    /// The index of the packs of the same release of FHIR; empty in most.
    pub(crate) index: Box<str>,
    /// Releases of SNOMED CT and dm+d.
    pub(crate) releases: Vec<Arc<Release>>,
}

impl Pack {
    /// Reads a pack's indexes. Names that are new are added to `names`.
    pub(crate) fn load(bytes: Arc<[u8]>, names: &mut Arc<Names>) -> Result<(PackInfo, Pack, Contained), PackError> {
        let mut reader = Reader::new(&bytes);
        if reader.take(MAGIC.len()) != Ok(&MAGIC) {
            return Err(PackError::NotAPack);
        }
        let format = reader.fixed().map_err(|_| PackError::Damaged)?;
        if format != FORMAT {
            return Err(PackError::OtherFormat(format));
        }
        Self::body(&bytes, reader, names).map_err(|_| PackError::Damaged)
    }

    fn body(
        bytes: &Arc<[u8]>,
        mut reader: Reader<'_>,
        names: &mut Arc<Names>,
    ) -> Result<(PackInfo, Pack, Contained), Damaged> {
        let sum = u64::from_le_bytes(reader.take(8)?.try_into().map_err(|_| Damaged)?);
        if checksum(bytes.get(reader.position()..).unwrap_or_default()) != sum {
            return Err(Damaged);
        }
        let mut info = PackInfo { checksum: format!("{sum:016x}"), ..PackInfo::default() };
        info.version = super::version_of(reader.u8()?).ok_or(Damaged)?;
        info.family = reader.text()?.to_owned();
        for _ in 0..reader.count()? {
            info.dependencies.push(reader.text()?.to_owned());
        }
        let reader = &mut reader;
        let list = Items::read(reader)?;
        let texts = (0..list.len()).map(|at| utf8(list.bytes(bytes, at)?)).collect::<Result<Vec<_>, _>>()?;
        let mut contained = Contained::default();
        let choices = &mut section(reader)?;
        let choices = (0..choices.count()?)
            .map(|_| Ok((choices.number()?, choices.number()?, choices.number()?)))
            .collect::<Result<Vec<_>, Damaged>>()?;
        let mut pack = Pack {
            bytes: bytes.clone(),
            names: Vec::new(),
            strings: Items::read(reader)?,
            types: Items::read(reader)?,
            rules: Items::read(reader)?,
            elements: Items::read(reader)?,
            plans: Items::default(),
            read_rules: Vec::new(),
        };
        let index = &mut section(reader)?;
        let mut plans = Vec::new();
        for _ in 0..index.count()? {
            plans.push((index.text()?, index.text()?, index.u8()? != 0, index.number()? as usize));
        }
        pack.plans = Items::read(reader)?;
        let index = &mut section(reader)?;
        let systems = Items::read(reader)?;
        while index.left() > 0 {
            let place = systems.range(contained.systems.len())?;
            contained.systems.push((index.text()?.into(), index.option()?.map(Into::into), place));
        }
        let index = &mut section(reader)?;
        let sets = Items::read(reader)?;
        while index.left() > 0 {
            let place = sets.range(contained.value_sets.len())?;
            contained.value_sets.push((index.text()?.into(), place));
        }
        let messages = Items::read(reader)?;
        for at in 0..messages.len() {
            let record = &mut Reader::new(messages.bytes(bytes, at)?);
            contained.messages.push(MessageDefinition::from_record(record)?);
        }
        let releases = Items::read(reader)?;
        for at in 0..releases.len() {
            contained.releases.push(Arc::new(Release::read(bytes, releases.range(at)?)?));
        }
        contained.index = reader.text()?.into();
        let is_whole = plans.len() == pack.plans.len()
            && contained.systems.len() == systems.len()
            && contained.value_sets.len() == sets.len();
        if !is_whole || reader.left() > 0 {
            return Err(Damaged);
        }
        pack.read_rules.resize_with(pack.rules.len(), OnceLock::new);
        // Nothing can go wrong any more but a place that is out of range, so that a damaged pack leaves no names behind.
        let is_known = |place: usize| place < texts.len();
        let mut places = choices.iter().flat_map(|(name, of, kind)| [*name, *of, *kind]);
        if !places.all(|place| is_known(place as usize)) || !plans.iter().all(|plan| is_known(plan.3)) {
            return Err(Damaged);
        }
        pack.names = texts.iter().map(|name| intern(names, name)).collect();
        let name = |place: usize| pack.names.get(place).copied().ok_or(Damaged);
        for (choice, of, kind) in choices {
            contained.choices.push((name(choice as usize)?, name(of as usize)?, name(kind as usize)?));
        }
        for (url, version, is_constraint, type_name) in plans {
            contained.plans.push((url.into(), version.into(), is_constraint, name(type_name)?));
        }
        info.plans = contained.plans.len();
        info.code_systems = contained.systems.len();
        info.value_sets = contained.value_sets.len();
        info.messages = contained.messages.len();
        info.releases = contained.releases.len();
        Ok((info, pack, contained))
    }

    /// The bytes of the whole pack.
    pub(crate) fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Reads a plan. One that is damaged is none.
    pub(crate) fn plan(&self, at: u32, names: &Arc<Names>) -> Option<Plan> {
        let mut reader = self.plans.get(self, at).ok()?;
        Source::new(self, names).plan(&mut reader).ok()
    }

    pub(super) fn string(&self, reader: &mut Reader<'_>) -> Result<&str, Damaged> {
        utf8(self.strings.bytes(&self.bytes, reader.number()? as usize)?)
    }

    pub(super) fn name(&self, reader: &mut Reader<'_>) -> Result<NameId, Damaged> {
        self.names.get(reader.number()? as usize).copied().ok_or(Damaged)
    }

    /// A rule, read once however many elements have it.
    pub(super) fn rule(&self, at: u32, source: &mut Source<'_>) -> Result<Rule, Damaged> {
        let cell = self.read_rules.get(at as usize).ok_or(Damaged)?;
        if let Some(rule) = cell.get() {
            return Ok(rule.clone());
        }
        let rule = source.rule(&mut self.rules.get(self, at)?)?;
        Ok(cell.get_or_init(|| rule).clone())
    }
}

fn section<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, Damaged> {
    let len = reader.number()? as usize;
    reader.take(len).map(Reader::new)
}
