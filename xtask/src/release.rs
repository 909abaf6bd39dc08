//! `cargo xtask release`: builds everything that would be published and checks it, into `target/release-files`. It
//! publishes nothing: .github/workflows/release.yml does, with the same command.

use crate::{package, parts, run};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What crates.io takes, in bytes.
const LARGEST_CRATE: usize = 10 << 20;

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--publishable"])?;
    let start = Instant::now();
    let version = env!("CARGO_PKG_VERSION");
    let repository = repository(|name| std::env::var(name).ok());
    let faults = faults(version, repository.as_deref())?;
    package::build()?;
    let folder = run::target().join("release-files");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    run::step("the npm package");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut pack = run::command(npm, ["pack", "--ignore-scripts", "--silent", "--pack-destination"]);
    pack.arg(&folder).current_dir(staged(repository.as_deref())?);
    run::output(pack)?;
    run::step("the crate, built as its users will");
    // The working copy may have changes here; that it has none when it is published is checked above.
    run::show(run::cargo(["package", "--quiet", "--package", "careconnect", "--features", "packs", "--allow-dirty"]))?;
    let name = format!("careconnect-{version}.crate");
    fs::copy(run::target().join("package").join(&name), folder.join(&name)).context(name.clone())?;
    run::step("a program that has the crate");
    consumer(version)?;
    run::step("the bill of materials");
    fs::write(folder.join("careconnect.cdx.json"), parts::bill_of_materials()?)?;
    check(&folder, version)?;
    let sums = sums(&folder)?;
    fs::write(folder.join("SHA256SUMS"), &sums)?;
    print!("\n{sums}");
    println!("target/release-files is complete ({})", run::since(start));
    if faults.is_empty() {
        return Ok(());
    }
    let faults = faults.join("\n  ");
    if arguments.is_empty() {
        println!("Before {version} can be published:\n  {faults}");
        return Ok(());
    }
    bail!("{version} cannot be published:\n  {faults}")
}

/// The address of the repository that the release is made in, which only the code host knows.
fn repository(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    Some(format!("{}/{}", variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?))
}

/// A copy of the npm package whose manifest names the repository: npm takes a package with provenance only if both agree.
fn staged(repository: Option<&str>) -> Result<PathBuf> {
    let staged = run::target().join("release-package");
    let _ = fs::remove_dir_all(&staged);
    copy(&run::root().join("pkg"), &staged)?;
    if let Some(repository) = repository {
        let manifest = staged.join("package.json");
        fs::write(&manifest, with_repository(&fs::read_to_string(&manifest)?, repository)?)?;
    }
    Ok(staged)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten().filter(|entry| entry.file_name() != "node_modules") {
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn with_repository(manifest: &str, repository: &str) -> Result<String> {
    let mut manifest: Value = serde_json::from_str(manifest)?;
    manifest["homepage"] = format!("{repository}#readme").into();
    manifest["repository"] = json!({ "type": "git", "url": format!("git+{repository}.git") });
    manifest["bugs"] = json!({ "url": format!("{repository}/issues") });
    Ok(format!("{manifest:#}\n"))
}

/// A program of its own with the packaged crate as a dependency gives the same report as the npm package, to the byte.
fn consumer(version: &str) -> Result<()> {
    let folder = run::target().join("consumer");
    fs::create_dir_all(folder.join("src"))?;
    let packaged = run::target().join("package").join(format!("careconnect-{version}"));
    let manifest = format!(
        "[package]\nname = \"consumer\"\nedition = \"2024\"\n\n[dependencies]\n\
         careconnect = {{ path = {:?}, features = [\"packs\"] }}\n\n[workspace]\n",
        packaged.display().to_string()
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(run::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    fs::copy(run::root().join("tests/packaging/consumer.rs"), folder.join("src/main.rs"))?;
    let example = run::root().join("tests/resources/CareConnect-Patient-1.json");
    let mut program = run::cargo(["run", "--quiet"]);
    program.current_dir(&folder).env("CARGO_TARGET_DIR", run::target().join("consumer/target"));
    program.stdin(fs::File::open(&example)?);
    let native = program.output()?;
    ensure!(native.status.success(), "the consumer failed: {}", String::from_utf8_lossy(&native.stderr));
    let script = "const { load } = await import('./pkg/index.js'); const input = (await import('node:fs')).readFileSync(process.argv[1]); \
                  console.log(JSON.stringify((await (await load()).ensure(input)).validate(input)));";
    let mut node = run::command("node", ["--input-type=module", "-e", script]);
    node.arg(&example);
    let package = run::output(node)?;
    ensure!(String::from_utf8_lossy(&native.stdout).trim() == package.trim(), "the crate and the npm package differ");
    Ok(())
}

/// What stands in the way of publishing, besides what cannot be built.
fn faults(version: &str, repository: Option<&str>) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    if repository.is_none() {
        faults.push(
            "GITHUB_SERVER_URL and GITHUB_REPOSITORY do not say where it is made, as npm's provenance needs".into(),
        );
    }
    let changes = fs::read_to_string(run::root().join("CHANGELOG.md"))?;
    if !changes.lines().any(|line| line.starts_with(&format!("## {version}"))) {
        faults.push(format!("CHANGELOG.md has no section for it: '## {version}'"));
    }
    if !run::output(run::command("git", ["status", "--porcelain"]))?.is_empty() {
        faults.push("the working copy has changes that are not committed".into());
    }
    let tags = run::output(run::command("git", ["tag", "--points-at", "HEAD"]))?;
    if !tags.lines().any(|tag| tag == format!("v{version}")) {
        faults.push(format!("the commit has no tag v{version}"));
    }
    Ok(faults)
}

/// Holds what was made against what it must be.
fn check(folder: &Path, version: &str) -> Result<()> {
    let tarball = folder.join(format!("careconnect-{version}.tgz"));
    ensure!(tarball.is_file(), "npm pack made no careconnect-{version}.tgz");
    let krate = fs::read(folder.join(format!("careconnect-{version}.crate")))?;
    ensure!(krate.len() <= LARGEST_CRATE, "the crate has {} bytes, and crates.io takes {LARGEST_CRATE}", krate.len());
    let files = files(&krate)?;
    for needed in
        ["src/lib.rs", "README.md", "LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md", "pkg/dist/packs/stu3.pack"]
    {
        ensure!(files.iter().any(|file| file.ends_with(&format!("/{needed}"))), "the crate lacks {needed}");
    }
    let package = files_text(&fs::read(&tarball)?, "package/package.json")?;
    ensure!(package.contains(&format!("\"version\": \"{version}\"")), "the npm package has another version");
    for needed in [
        "package/dist/careconnect.wasm",
        "package/dist/THIRD-PARTY.txt",
        "package/dist/LICENSE-MIT",
        "package/README.md",
    ] {
        ensure!(self::files(&fs::read(&tarball)?)?.iter().any(|file| file == needed), "the npm package lacks {needed}");
    }
    Ok(())
}

/// The names of the files in a .tgz or .crate.
fn files(bytes: &[u8]) -> Result<Vec<String>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    archive.entries()?.map(|entry| Ok(entry?.path()?.to_string_lossy().into_owned())).collect()
}

/// The text of one file in a .tgz.
fn files_text(bytes: &[u8], name: &str) -> Result<String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()?.to_string_lossy() == name {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut entry, &mut text)?;
            return Ok(text);
        }
    }
    bail!("there is no {name}")
}

/// A line for each file, as `sha256sum` writes and checks it.
fn sums(folder: &Path) -> Result<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let mut out = String::new();
    for name in names {
        for byte in Sha256::digest(fs::read(folder.join(&name))?) {
            write!(out, "{byte:02x}")?;
        }
        writeln!(out, "  {name}")?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_the_repository_as_npm_writes_it() {
        let host = |name: &str| {
            let value = match name {
                "GITHUB_SERVER_URL" => "https://github.com",
                "GITHUB_REPOSITORY" => "somebody/careconnect",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let repository = repository(host).unwrap();
        let manifest = fs::read_to_string(run::root().join("pkg/package.json")).unwrap();
        let changed: Value = serde_json::from_str(&with_repository(&manifest, &repository).unwrap()).unwrap();
        assert_eq!(changed["repository"]["url"], "git+https://github.com/somebody/careconnect.git");
        let mut back = changed.as_object().unwrap().clone();
        for added in ["homepage", "repository", "bugs"] {
            back.remove(added);
        }
        assert_eq!(Value::Object(back), serde_json::from_str::<Value>(&manifest).unwrap());
        assert_eq!(super::repository(|_| None), None);
    }
}
