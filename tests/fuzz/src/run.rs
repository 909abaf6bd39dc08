//! Runs a target for a while in a process of its own, since an overflow of the stack ends the process.

use crate::Target;
use crate::mutate::Mutator;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No input may take longer.
pub const LONGEST: Duration = Duration::from_secs(2);
/// The stack that must do, in bytes: WebAssembly has 1 MiB, and the frames of a build without optimisation are larger.
const STACK: usize = 4 << 20;

/// Where inputs that fail are kept.
pub fn artefacts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("artefacts")
}

/// The file that says which input is being run, for whoever finds the process dead.
pub fn marker(target: Target) -> PathBuf {
    artefacts().join(format!("{}.at", target.name()))
}

/// Keeps an input that fails, and says where.
pub fn keep(target: Target, seed: u64, number: u64) -> std::io::Result<PathBuf> {
    fs::create_dir_all(artefacts())?;
    let file = artefacts().join(format!("{}-{seed}-{number}", target.name()));
    fs::write(&file, Mutator::new(target, seed).input(number))?;
    Ok(file)
}

/// What became of a run.
pub enum Outcome {
    /// Every input was sound: how many there were, which was the slowest, and how long it took.
    Sound(u64, u64, Duration),
    /// The input of this number panicked.
    Panicked(u64),
    /// The input of this number took as long as this.
    Slow(u64, Duration),
}

/// How long a run is.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// As long as this; an input that takes longer than [`LONGEST`] fails.
    Time(Duration),
    /// So many inputs, however long they take: the same on any machine.
    Inputs(u64),
}

/// Runs a target with inputs made from the seed.
pub fn run(target: Target, seed: u64, length: Length) -> std::io::Result<Outcome> {
    fs::create_dir_all(artefacts())?;
    let mut marker = File::create(marker(target))?;
    let work = move || -> std::io::Result<Outcome> {
        let mutator = Mutator::new(target, seed);
        // The first loads the packs, which is no part of what is measured.
        target.run(b"");
        let (start, mut slowest) = (Instant::now(), (0, Duration::ZERO));
        for number in 0.. {
            let is_over = match length {
                Length::Time(time) => start.elapsed() >= time,
                Length::Inputs(inputs) => number >= inputs,
            };
            if is_over {
                return Ok(Outcome::Sound(number, slowest.0, slowest.1));
            }
            marker.seek(SeekFrom::Start(0))?;
            marker.write_all(&u64::to_le_bytes(number))?;
            let input = mutator.input(number);
            let once = || {
                let start = Instant::now();
                catch_unwind(|| target.run(&input)).map(|()| start.elapsed())
            };
            let Ok(mut took) = once() else { return Ok(Outcome::Panicked(number)) };
            // The machine may have been busy with something else: what is slow is slow again.
            let is_timed = matches!(length, Length::Time(_));
            if is_timed && took > LONGEST {
                took = once().unwrap_or(took).min(took);
            }
            if is_timed && took > LONGEST {
                return Ok(Outcome::Slow(number, took));
            }
            if took > slowest.1 {
                slowest = (number, took);
            }
        }
        Ok(Outcome::Sound(0, slowest.0, slowest.1))
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    thread.join().unwrap_or_else(|_| Err(std::io::Error::other("the target fails on no input at all")))
}

/// Which input a process was at when it ended.
pub fn last(target: Target) -> Option<u64> {
    Some(u64::from_le_bytes(fs::read(marker(target)).ok()?.try_into().ok()?))
}

/// Runs a kept input alone.
pub fn again(target: Target, file: &Path) -> std::io::Result<Duration> {
    let input = fs::read(file)?;
    target.run(b"");
    let start = Instant::now();
    target.run(&input);
    Ok(start.elapsed())
}
