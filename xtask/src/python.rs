//! `cargo xtask python`: the Python package, built as a wheel, installed into an environment of its own and tested there.

use crate::{packs, run};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--spark"])?;
    run::step("packs");
    packs::build()?;
    test(arguments.iter().any(|argument| argument == "--spark"), false)
}

fn folder() -> PathBuf {
    run::root().join("python")
}

/// Everything of Python: the wheel, types, tests; and, where `spark` is asked for, the tests with PySpark and its like. The packs
/// must have been made; with `node` the npm package, too, which the answers are then compared with whatever its age.
pub fn test(spark: bool, node: bool) -> Result<()> {
    let start = Instant::now();
    if spark {
        let lacks = "Java 17 or newer is needed for the tests with Spark: install it (Debian: apt-get install default-jre-headless)";
        run::output(run::command("java", ["-version"])).context(lacks)?;
    }
    let python = environment(spark)?;
    wheel(&python)?;
    run::step("Python: types");
    let in_folder = |arguments: &[&str]| {
        let mut command = run::command(&python, arguments);
        // What is tested is what was installed, not the folder's sources, in the processes that Spark starts too.
        command.current_dir(folder()).env("PYTHONSAFEPATH", "1");
        if node {
            command.env("CARECONNECT_NODE", "1");
        }
        run::show(command)
    };
    in_folder(&["-m", "mypy"])?;
    run::step("Python: tests");
    in_folder(&["-m", "pytest", "-p", "no:cacheprovider", "tests"])?;
    run::step(&format!("Python is tested ({})", run::since(start)));
    Ok(())
}

/// The wheel, made and installed. maturin asks Cargo, with a target of its own.
fn wheel(python: &Path) -> Result<()> {
    run::step("Python: the wheel");
    let out = run::target().join("python/wheels");
    if out.is_dir() {
        fs::remove_dir_all(&out)?;
    }
    let mut build = run::command(python, ["-m", "maturin", "build", "--release", "--locked", "--quiet", "--out"]);
    build.arg(&out).current_dir(folder()).env("CARGO_TARGET_DIR", run::target().join("python"));
    run::output(build)?;
    let made = fs::read_dir(&out)?.flatten().map(|file| file.path());
    let wheels: Vec<PathBuf> = made.filter(|path| path.extension().is_some_and(|ending| ending == "whl")).collect();
    ensure!(wheels.len() == 1, "maturin made {} wheels", wheels.len());
    println!(
        "{}, {} bytes",
        wheels[0].file_name().unwrap_or_default().to_string_lossy(),
        fs::metadata(&wheels[0])?.len()
    );
    let mut install = run::command(python, ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]);
    install.args(["--force-reinstall", "--disable-pip-version-check"]).arg(&wheels[0]);
    run::output(install)?;
    Ok(())
}

/// An environment with what the tests need, of the versions and hashes in `requirements`, made unless it is there.
fn environment(spark: bool) -> Result<PathBuf> {
    let home = run::target().join("python/venv");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let base = base()?;
    if !python.is_file() {
        run::step("Python: an environment");
        let mut make = run::command(&base, ["-m", "venv"]);
        make.arg(&home);
        run::output(make).context("Python's module venv is needed (Debian: apt-get install python3-venv)")?;
    }
    for name in if spark { &["test", "spark"][..] } else { &["test"] } {
        let file = folder().join(format!("requirements/{name}.txt"));
        let wanted = fs::read(&file).with_context(|| file.display().to_string())?;
        let stamp = home.join(format!(".installed-{name}"));
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            continue;
        }
        run::step(&format!("Python: packages for {name}"));
        let mut install = run::command(&python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        install.args(["--require-hashes", "-r"]).arg(&file);
        run::output(install)?;
        fs::write(stamp, wanted)?;
    }
    Ok(python)
}

/// A Python of 3.11 or newer, to test with; the wheel itself is for 3.9 and newer.
fn base() -> Result<PathBuf> {
    let lacks = "Python 3.11 or newer is needed to build and test the Python package: install it from https://www.python.org \
                 or with your system's packages, or set PYTHON to one";
    let asked = std::env::var_os("PYTHON").map(PathBuf::from);
    let names = asked.into_iter().chain(["python3", "python"].map(PathBuf::from));
    let is_new = "import sys; sys.exit(sys.version_info < (3, 11))";
    for name in names {
        if run::command(&name, ["-c", is_new]).status().is_ok_and(|status| status.success()) {
            return Ok(name);
        }
    }
    bail!("{lacks}")
}
