//! `cargo xtask bench growth`: how the time of each call grows with its input, natively, on every shape of
//! `tests/support/shapes.rs`. An argument chooses the shapes, a second one the calls, by a part of their names.
//!
//! The time is that of this thread's processor, so that other work on the machine counts little. An input is doubled until
//! a call takes long enough to be measured; time(2n)/time(n) is 2 where it is linear, and 4 where it is quadratic.

#[path = "../../../tests/support/shapes.rs"]
mod shapes;

use crate::run;
use anyhow::{Context, Result, ensure};
use careconnect::Careconnect;
use std::fs;
use std::time::{Duration, Instant};

/// The most that twice the input may take, as a multiple of the time before, twice in a row.
const RATIO: f64 = 2.6;
/// Times below this say nothing of growth.
const LEAST: Duration = Duration::from_millis(8);
/// A call that takes as long as this is not tried with twice the input, nor is a longer input.
const ENOUGH: Duration = Duration::from_millis(300);
const LONGEST: usize = 3 << 20;
/// The most that a megabyte may take, and what any call may take besides.
const PER_MEGABYTE: Duration = Duration::from_secs(2);
const FLOOR: Duration = Duration::from_millis(250);

pub fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.len() <= 2, "at most a part of a shape's name and one of a call's");
    let wanted = |at: usize, name: &str| arguments.get(at).is_none_or(|part| name.contains(part.as_str()));
    let careconnect = load()?;
    let (mut tried, mut slow) = (0, 0);
    for shape in shapes::all().iter().filter(|shape| wanted(0, &shape.name)) {
        for (name, call) in shapes::CALLS.iter().filter(|(name, _)| wanted(1, name)) {
            tried += 1;
            let faults = grow(&careconnect, shape, *call);
            if !faults.is_empty() {
                slow += 1;
                println!("{}, {name}: {faults}", shape.name);
            }
        }
    }
    println!("{tried} series, {slow} that grow too fast or take too long");
    ensure!(slow == 0, "see above");
    Ok(())
}

fn load() -> Result<Careconnect> {
    let mut packs = Vec::new();
    for name in ["stu3", "careconnect"] {
        let file = run::root().join(format!("pkg/dist/packs/{name}.pack"));
        packs.push(fs::read(&file).with_context(|| format!("{}: cargo xtask packs makes it", file.display()))?);
    }
    let packs: Vec<&[u8]> = packs.iter().map(Vec::as_slice).collect();
    Ok(Careconnect::load(&packs)?)
}

/// What is wrong with how a call grows; empty if nothing.
fn grow(careconnect: &Careconnect, shape: &shapes::Shape, call: fn(&Careconnect, &[u8]) -> usize) -> String {
    let (mut before, mut in_a_row, mut length) = (Duration::ZERO, 0, 0);
    let mut n = 500;
    loop {
        let input = (shape.make)(n);
        // Some shapes have an end of their own.
        if input.len() > LONGEST || input.len() * 20 < length * 21 {
            return String::new();
        }
        length = input.len();
        let start = spent();
        call(careconnect, input.as_bytes());
        let time = spent() - start;
        if time > FLOOR + PER_MEGABYTE.mul_f64(length as f64 / 1e6) {
            return format!("{time:.0?} for {length} bytes, n = {n}, after {before:.0?}");
        }
        let ratio = time.as_secs_f64() / before.as_secs_f64().max(1e-9);
        in_a_row = if before > LEAST && ratio > RATIO { in_a_row + 1 } else { 0 };
        if in_a_row > 1 {
            return format!("twice the input takes {ratio:.1} times as long: {before:.0?}, {time:.0?} at n = {n}");
        }
        if time > ENOUGH {
            return String::new();
        }
        before = time;
        n *= 2;
    }
}

/// The processor time of this thread; where the system does not tell it, the time that has passed.
fn spent() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
