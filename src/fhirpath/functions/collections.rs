//! Functions on collections: existence, filtering, subsetting, combining, tree navigation, aggregates, utilities.

use super::Call;
use crate::fhirpath::eval::{Evaluator, Focus, Items};
use crate::fhirpath::expression::Term;
use crate::fhirpath::seen::Seen;
use crate::fhirpath::value::Value;
use crate::fhirpath::{EvalError, Stop, Unknown};
use crate::tree::NodeId;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

type Done = Result<(), Stop>;

fn give(out: &mut Items<'_>, value: bool) -> Done {
    out.push(Value::Boolean(value));
    Ok(())
}

/// An argument that is evaluated on what surrounds the call.
fn argument<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, at: usize) -> Result<Items<'a>, Stop> {
    match call.argument(at) {
        Some(term) => run.separate(term, call.focus),
        None => Ok(Vec::new()),
    }
}

fn integer<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>) -> Result<Option<i64>, Stop> {
    let items = argument(run, call, 0)?;
    let number = run.integer(call.name, &items)?;
    run.give(items);
    Ok(number)
}

pub(super) fn empty<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    give(out, call.input.is_empty())
}

/// Counts how many items a criterion is true for, until `stop` says that it is enough. What is unknown of an item counts
/// only where no other item settles the matter.
fn settle<'a>(
    run: &mut Evaluator<'a>,
    call: &Call<'a, '_>,
    settles: impl Fn(Option<bool>) -> bool,
) -> Result<bool, Stop> {
    let Some(criterion) = call.argument(0) else { return Ok(false) };
    let mut unknown: Option<Box<Unknown>> = None;
    for (index, item) in call.input.iter().enumerate() {
        match run.truth(criterion, call.on(item, index)) {
            Ok(truth) if settles(truth) => return Ok(true),
            Ok(_) => {}
            Err(Stop::Unknown(reason)) => {
                unknown.get_or_insert(reason);
            }
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(reason) => Err(Stop::Unknown(reason)),
        None => Ok(false),
    }
}

pub(super) fn exists<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let found = match call.argument(0) {
        None => !call.input.is_empty(),
        Some(_) => settle(run, &call, |truth| truth == Some(true))?,
    };
    give(out, found)
}

pub(super) fn all<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let failed = settle(run, &call, |truth| truth != Some(true))?;
    give(out, !failed)
}

fn any<'a>(run: &Evaluator<'a>, call: &Call<'a, '_>, wanted: bool) -> Result<bool, Stop> {
    let mut found = false;
    for item in call.input {
        match run.atom(item) {
            Value::Boolean(value) => found |= value == wanted,
            other => return Err(run.type_error(call.name, "Booleans", &other)),
        }
    }
    Ok(found)
}

pub(super) fn all_true<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    give(out, !any(run, &call, false)?)
}

pub(super) fn all_false<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    give(out, !any(run, &call, true)?)
}

pub(super) fn any_true<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    give(out, any(run, &call, true)?)
}

pub(super) fn any_false<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    give(out, any(run, &call, false)?)
}

pub(super) fn not<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(run.single_truth(call.input)?.map(|value| Value::Boolean(!value)));
    Ok(())
}

fn contains_all<'a>(run: &mut Evaluator<'a>, all: &[Value<'a>], some: &[Value<'a>]) -> Result<bool, Stop> {
    let all = Seen::of(run, all)?;
    for item in some {
        if !all.has(run, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn subset_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    give(out, contains_all(run, &other, call.input)?)
}

pub(super) fn superset_of<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    give(out, contains_all(run, call.input, &other)?)
}

pub(super) fn count<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.push(Value::Integer(call.input.len() as i64));
    Ok(())
}

/// The items that equal none before them.
fn distinct_items<'a>(run: &mut Evaluator<'a>, input: &[Value<'a>], out: &mut Items<'a>) -> Done {
    let mut seen = Seen::new();
    for item in input {
        if seen.insert(run, item)? {
            out.push(item.clone());
        }
    }
    Ok(())
}

pub(super) fn distinct<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    distinct_items(run, call.input, out)
}

pub(super) fn is_distinct<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let mut items = run.take();
    distinct_items(run, call.input, &mut items)?;
    let distinct = items.len() == call.input.len();
    run.give(items);
    give(out, distinct)
}

pub(super) fn filter<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(criterion) = call.argument(0) else { return Ok(()) };
    for (index, item) in call.input.iter().enumerate() {
        if run.truth(criterion, call.on(item, index))? == Some(true) {
            out.push(item.clone());
        }
    }
    Ok(())
}

pub(super) fn select<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(projection) = call.argument(0) else { return Ok(()) };
    for (index, item) in call.input.iter().enumerate() {
        let defined = run.variables.len();
        run.eval(projection, call.on(item, index), out)?;
        run.variables.truncate(defined);
    }
    Ok(())
}

fn repeated<'a>(run: &mut Evaluator<'a>, call: &Call<'a, '_>, unique: bool, out: &mut Items<'a>) -> Done {
    let Some(projection) = call.argument(0) else { return Ok(()) };
    // Elements are the same where they are the same element: content that occurs twice is not lost.
    let (mut nodes, mut values): (FxHashSet<NodeId>, Seen<'a>) = (FxHashSet::default(), Seen::new());
    let mut queue: Items<'a> = call.input.to_vec();
    while !queue.is_empty() {
        let mut next = Vec::new();
        for (index, item) in queue.iter().enumerate() {
            let focus = Focus { this: std::slice::from_ref(item), index: Some(index), total: call.focus.total };
            for found in run.separate(projection, focus)? {
                run.spend(1)?;
                let is_new = !unique
                    || match &found {
                        Value::Node(node) => nodes.insert(*node),
                        other => values.insert(run, other)?,
                    };
                if is_new {
                    out.push(found.clone());
                    next.push(found);
                }
            }
        }
        queue = next;
    }
    Ok(())
}

pub(super) fn repeat<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    repeated(run, &call, true, out)
}

pub(super) fn repeat_all<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    repeated(run, &call, false, out)
}

pub(super) fn single<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(run.single(call.name, call.input)?.cloned());
    Ok(())
}

pub(super) fn first<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(call.input.first().cloned());
    Ok(())
}

pub(super) fn last<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend(call.input.last().cloned());
    Ok(())
}

pub(super) fn tail<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend_from_slice(call.input.get(1..).unwrap_or(&[]));
    Ok(())
}

pub(super) fn skip<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some(number) = integer(run, &call)? {
        let number = usize::try_from(number.max(0)).unwrap_or(usize::MAX);
        out.extend_from_slice(call.input.get(number..).unwrap_or(&[]));
    }
    Ok(())
}

pub(super) fn take<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    if let Some(number) = integer(run, &call)? {
        let number = usize::try_from(number.max(0)).unwrap_or(usize::MAX);
        out.extend(call.input.iter().take(number).cloned());
    }
    Ok(())
}

pub(super) fn intersect<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    let (other, mut seen) = (Seen::of(run, &other)?, Seen::new());
    for item in call.input {
        if other.has(run, item)? && seen.insert(run, item)? {
            out.push(item.clone());
        }
    }
    Ok(())
}

pub(super) fn exclude<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    let other = Seen::of(run, &other)?;
    for item in call.input {
        if !other.has(run, item)? {
            out.push(item.clone());
        }
    }
    Ok(())
}

pub(super) fn combine<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    run.spend(call.input.len() + other.len())?;
    out.extend_from_slice(call.input);
    out.extend(other);
    Ok(())
}

pub(super) fn union<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let other = argument(run, &call, 0)?;
    run.union(call.input, &other, out)
}

pub(super) fn coalesce<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    for at in 0..call.arguments.len() {
        let items = argument(run, &call, at)?;
        if !items.is_empty() {
            out.extend(items);
            break;
        }
    }
    Ok(())
}

pub(super) fn iif<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    run.single(call.name, call.input)?;
    let focus = Focus { this: call.input, ..call.focus };
    let Some(criterion) = call.argument(0) else { return Ok(()) };
    let at = if run.truth(criterion, focus)? == Some(true) { 1 } else { 2 };
    if let Some(branch) = call.argument(at) {
        let defined = run.variables.len();
        run.eval(branch, focus, out)?;
        run.variables.truncate(defined);
    }
    Ok(())
}

pub(super) fn children<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let tree = run.tree;
    for item in call.input {
        match item {
            Value::Node(node) => {
                let before = out.len();
                out.extend(tree.children(*node).filter(|child| run.is_present(*child)).map(Value::Node));
                run.spend(out.len() - before)?;
            }
            Value::Remote(of) => return Err(Unknown::Reference(of.to_string()).into()),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn descendants<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let tree = run.tree;
    for item in call.input {
        let top = match item {
            Value::Node(node) => *node,
            Value::Remote(of) => return Err(Unknown::Reference(of.to_string()).into()),
            _ => continue,
        };
        // Iterators of the levels that are open; the reader bounds how many there can be.
        let mut open = vec![tree.children(top)];
        while let Some(level) = open.last_mut() {
            match level.next() {
                Some(child) if run.is_present(child) => {
                    run.spend(1)?;
                    out.push(Value::Node(child));
                    open.push(tree.children(child));
                }
                Some(_) => {}
                None => {
                    open.pop();
                }
            }
        }
    }
    Ok(())
}

pub(super) fn aggregate<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let Some(aggregator) = call.argument(0) else { return Ok(()) };
    let mut total = argument(run, &call, 1)?;
    for (index, item) in call.input.iter().enumerate() {
        let focus = Focus { this: std::slice::from_ref(item), index: Some(index), total: Some(&total) };
        total = run.separate(aggregator, focus)?;
    }
    out.extend(total);
    Ok(())
}

/// `trace` is for a debugger: the items pass unchanged.
pub(super) fn trace<'a>(_: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    out.extend_from_slice(call.input);
    Ok(())
}

pub(super) fn define_variable<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    const SYSTEM: &[&str] = &["resource", "rootResource", "context", "ucum", "sct", "loinc"];
    let name = argument(run, &call, 0)?;
    let Some(name) = run.text(call.name, &name)? else { return Ok(()) };
    if SYSTEM.contains(&&*name) || run.variables.iter().any(|(known, _)| *known == name) {
        return Err(EvalError::Redefined(name.into_owned()).into());
    }
    let items = match call.argument(1) {
        Some(term) => run.separate(term, Focus { this: call.input, ..call.focus })?,
        None => call.input.to_vec(),
    };
    run.variables.push((name, items));
    out.extend_from_slice(call.input);
    Ok(())
}

/// An item after its keys.
type Keyed<'a, 'i> = (Vec<Option<Value<'a>>>, &'i Value<'a>);

/// A stable sort. The standard library's may panic where the order is not total, and that of partial dates is not.
fn merge_sorted<T>(mut items: Vec<T>, compare: &mut dyn FnMut(&T, &T) -> Ordering) -> Vec<T> {
    if items.len() < 2 {
        return items;
    }
    let right = items.split_off(items.len() / 2);
    let mut out = Vec::with_capacity(items.len() + right.len());
    let mut left = merge_sorted(items, compare).into_iter().peekable();
    let mut right = merge_sorted(right, compare).into_iter().peekable();
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if compare(first, second) == Ordering::Greater { right.next() } else { left.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    out
}

/// Sorted by the keys that the arguments give for each item, a `-` before a key turning its order; empty keys come first.
pub(super) fn sort<'a>(run: &mut Evaluator<'a>, call: Call<'a, '_>, out: &mut Items<'a>) -> Done {
    let mut keyed = Vec::with_capacity(call.input.len());
    let keys: Vec<(u32, bool)> = call
        .arguments
        .iter()
        .map(|id| match run.term(*id) {
            Term::Negate(key) => (*key, true),
            _ => (*id, false),
        })
        .collect();
    for (index, item) in call.input.iter().enumerate() {
        let mut values = Vec::with_capacity(keys.len().max(1));
        for (key, _) in &keys {
            let items = run.separate(*key, call.on(item, index))?;
            values.push(run.single_atom(call.name, &items)?);
        }
        if keys.is_empty() {
            values.push(Some(run.atom(item)));
        }
        keyed.push((values, item));
    }
    let mut fault = None;
    let mut compare = |(left, _): &Keyed<'a, '_>, (right, _): &Keyed<'a, '_>| {
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            let order = match (left, right) {
                (Some(left), Some(right)) => match run.order(call.name, left, right) {
                    Ok(order) => order.unwrap_or(Ordering::Equal),
                    Err(error) => {
                        fault.get_or_insert(error);
                        Ordering::Equal
                    }
                },
                // Empty keys come first in either order.
                (left, right) if left.is_some() != right.is_some() => return left.is_some().cmp(&right.is_some()),
                _ => Ordering::Equal,
            };
            let descending = keys.get(at).is_some_and(|(_, descending)| *descending);
            let order = if descending { order.reverse() } else { order };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    };
    let keyed = merge_sorted(keyed, &mut compare);
    if let Some(error) = fault {
        return Err(error);
    }
    run.spend(keyed.len())?;
    out.extend(keyed.into_iter().map(|(_, item)| item.clone()));
    Ok(())
}
