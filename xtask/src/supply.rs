//! `cargo xtask supply`: where everything comes from that this is built and tested with. Crates and npm packages come from
//! their registries alone, each with a checksum, under a licence that allows the use; none runs a script of its own but
//! those listed here. What is shipped has narrower rules of its own, in `parts`.

use crate::{parts, run};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Licences that a tool may have besides those that may be in what is shipped: nothing of a tool is passed on.
const TOOLS: &[&str] = &[
    "MPL-2.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CC-BY-4.0",
    "BSL-1.0",
    "Apache-2.0 WITH LLVM-exception",
    "Unicode-DFS-2016",
    "MIT-0",
    // The argument parser of the Markdown library of the documentation.
    "PSF-2.0",
];

/// npm packages that run a script when they are installed, and why.
const SCRIPTS: &[(&str, &str)] = &[
    ("deno", "chooses the binary for the machine; tests alone use it"),
    ("esbuild", "chooses the binary for the machine; tests and the page's build use it"),
    ("fsevents", "is compiled on macOS, where it is optional"),
];

/// The only place that crates come from.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks all of it, and asks npm for what is known of its packages, where its registry answers that.
pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &[])?;
    run::step("what everything is built of");
    let crates = crates()?;
    let packages = packages()?;
    println!("{crates} crates and {packages} npm packages, each of its registry, with a checksum and a licence");
    for folder in locks()? {
        audit(&folder)?;
    }
    Ok(())
}

/// Checks every crate of Cargo.lock, and gives how many there are.
fn crates() -> Result<usize> {
    let locks = ["Cargo.lock", "python/Cargo.lock"].map(|lock| fs::read_to_string(run::root().join(lock)));
    let locks = locks.into_iter().collect::<Result<Vec<_>, _>>()?;
    let own = ["careconnect", "careconnect-fuzz", "careconnect-python", "xtask"];
    let mut count = 0;
    for block in locks.iter().flat_map(|lock| lock.split("[[package]]").skip(1)) {
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            line.map(|value| value.trim_matches('"'))
        };
        let name = field("name").context("a package without a name")?;
        if own.contains(&name) {
            continue;
        }
        ensure!(field("source") == Some(CRATES), "the crate {name} is not of crates.io");
        ensure!(field("checksum").is_some_and(|sum| sum.len() == 64), "the crate {name} has no checksum");
        count += 1;
    }
    let host = run::output(run::command("rustc", ["-vV"]))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not say its host")?;
    for manifest in ["Cargo.toml", "python/Cargo.toml"] {
        let flags = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
        let mut metadata = run::cargo(flags);
        metadata.args(["--manifest-path", manifest]);
        let metadata: Value = serde_json::from_str(&run::output(metadata)?)?;
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let licence = package["license"].as_str().unwrap_or_default();
            ensure!(parts::is_allowed(licence, TOOLS), "the crate {} has the licence '{licence}'", package["name"]);
        }
    }
    Ok(count)
}

/// The folders with a package-lock.json.
fn locks() -> Result<Vec<PathBuf>> {
    let folders = ["tests/js", "tests/packaging", "www", "xtask", "xtask/peers", "editors/vscode"]
        .map(|folder| run::root().join(folder));
    for folder in &folders {
        ensure!(folder.join("package-lock.json").is_file(), "{} has no package-lock.json", folder.display());
    }
    Ok(folders.to_vec())
}

/// Checks every npm package of every lock, and gives how many there are.
fn packages() -> Result<usize> {
    let mut count = 0;
    for folder in locks()? {
        let lock: Value = serde_json::from_str(&fs::read_to_string(folder.join("package-lock.json"))?)?;
        for (path, package) in lock["packages"].as_object().context("a lock of npm has packages")? {
            if !path.is_empty() {
                package_is_fine(path, package).with_context(|| format!("{} in {}", path, folder.display()))?;
                count += 1;
            }
        }
    }
    Ok(count)
}

fn package_is_fine(path: &str, package: &Value) -> Result<()> {
    let name = path.rsplit("node_modules/").next().unwrap_or(path);
    if let Some(from) = package["resolved"].as_str() {
        ensure!(from.starts_with("https://registry.npmjs.org/"), "it is not of npm's registry but of {from}");
    }
    let sum = package["integrity"].as_str().unwrap_or_default();
    ensure!(sum.starts_with("sha512-"), "it has no checksum");
    let licence = package["license"].as_str().unwrap_or_default();
    ensure!(parts::is_allowed(licence, TOOLS), "it has the licence '{licence}'");
    let runs = package["hasInstallScript"].as_bool().unwrap_or_default();
    ensure!(!runs || SCRIPTS.iter().any(|(known, _)| *known == name), "it runs a script when it is installed");
    Ok(())
}

/// What npm knows against the packages of a folder. A registry that does not answer that is said, and is no failure.
fn audit(folder: &PathBuf) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = run::command(npm, ["audit", "--json", "--audit-level=high", "--package-lock-only"]);
    command.current_dir(folder);
    let output = command.output().context("npm")?;
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let short = folder.strip_prefix(run::root()).unwrap_or(folder).display();
    let Some(counts) = found["metadata"]["vulnerabilities"].as_object() else {
        println!("skipped, as the registry does not answer it: npm audit of {short}");
        return Ok(());
    };
    let bad: u64 = ["high", "critical"].iter().filter_map(|level| counts.get(*level)?.as_u64()).sum();
    ensure!(bad == 0, "npm audit finds {bad} packages of {short} with grave faults: `npm audit` there lists them");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_crate_and_package_is_of_its_registry_with_a_checksum_and_a_licence() {
        assert!(crates().unwrap() > 50);
        assert!(packages().unwrap() > 50);
    }

    #[test]
    fn a_package_from_elsewhere_is_refused() {
        let fine = json!({ "version": "1.0.0", "integrity": "sha512-x", "license": "MIT" });
        assert!(package_is_fine("node_modules/a", &fine).is_ok());
        for (field, value) in [
            ("resolved", json!("https://example.org/a.tgz")),
            ("resolved", json!("git+ssh://git@example.org/a.git")),
            ("integrity", json!("sha1-x")),
            ("integrity", Value::Null),
            ("license", json!("GPL-3.0")),
            ("license", Value::Null),
            ("hasInstallScript", json!(true)),
        ] {
            let mut package = fine.clone();
            package[field] = value;
            assert!(package_is_fine("node_modules/a", &package).is_err(), "{package}");
        }
    }
}
