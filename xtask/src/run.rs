//! What the commands share: where things are, running other programs, and having the tools that are needed.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The repository's root.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_path_buf)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Says what is being done, in one line.
pub fn step(what: &str) {
    eprintln!("→ {what}");
}

/// Refuses arguments other than those known.
pub fn only(arguments: &[String], known: &[&str]) -> Result<()> {
    match arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        None => Ok(()),
        Some(other) if known.is_empty() => bail!("'{other}' is not understood: this command takes no arguments"),
        Some(other) => bail!("'{other}' is not understood: this command takes {}", known.join(", ")),
    }
}

/// A program to run in the repository's root.
pub fn command<S: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Cargo itself, the one that runs this.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Runs a program, its output shown as it comes.
pub fn show(mut command: Command) -> Result<()> {
    let name = name(&command);
    let status = command.status().with_context(|| format!("{name} could not be started"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a program and gives back what it printed. Its output is shown only where it fails.
pub fn output(mut command: Command) -> Result<String> {
    let name = name(&command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{name} could not be started"))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{name} failed ({})", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How a program is called, for messages: its name and first two arguments.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let first = command.get_args().take(2).map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(first).collect::<Vec<_>>().join(" ")
}

/// Makes sure that Node.js 20 or newer is there.
pub fn need_node() -> Result<()> {
    let lacks = "Node.js 20 or newer is needed: install it from https://nodejs.org or with your system's packages";
    let version = output(command("node", ["--version"])).context(lacks)?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("{lacks}; this is {}", version.trim());
    }
    Ok(())
}

/// Installs the npm packages that `directory`'s package-lock.json asks for, unless they are there already.
pub fn npm_ci(directory: &str) -> Result<()> {
    need_node()?;
    let path = root().join(directory);
    let lock = fs::read(path.join("package-lock.json")).with_context(|| format!("{directory}/package-lock.json"))?;
    let stamp = path.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step(&format!("npm packages of {directory}"));
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = command(npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    install.current_dir(&path);
    output(install)?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// Makes sure that Rust can build for WebAssembly.
pub fn need_wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let lacks =
        "the Rust target wasm32-unknown-unknown is needed: install rustup from https://rustup.rs, which adds it";
    let libraries = output(command("rustc", ["--print", "target-libdir", "--target", TARGET]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    step(&format!("Rust target {TARGET}"));
    output(command("rustup", ["target", "add", TARGET])).context(lacks)?;
    Ok(())
}

/// A Chromium to test with: `$CHROMIUM`, one of the usual names, or one installed now where that can be done.
pub fn need_chromium() -> Result<PathBuf> {
    if let Some(path) = chromium() {
        return Ok(path);
    }
    let lacks = "Chromium is needed for the browser tests: install it (Debian: apt-get install chromium), or set CHROMIUM \
                 to a Chromium or Chrome";
    let root = output(command("id", ["-u"])).is_ok_and(|id| id.trim() == "0");
    if !root || !Path::new("/etc/debian_version").exists() {
        bail!("{lacks}");
    }
    step("Chromium, by apt-get");
    output(command("apt-get", ["update", "-qq"])).context(lacks)?;
    let mut install = command("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    output(install).context(lacks)?;
    chromium().context(lacks)
}

fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    let mut places: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    places.push("/Applications/Google Chrome.app/Contents/MacOS".into());
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "Google Chrome"];
    names.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|path| path.is_file())
}

/// A span of time for people: `3.2 s`.
pub fn since(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}
