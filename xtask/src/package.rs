//! `cargo xtask pkg`: the core as WebAssembly, its glue and the packs, into `pkg/dist`.

use crate::{catalogue, docs, packs, parts, run};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The target's features that rustc turns on by default, which wasm-opt must be told of. Every browser since 2021 and
/// Node 16 have them.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// How large a function with one caller may be that becomes a part of its caller. Without a limit the walk and FHIRPath's
/// evaluator grow to functions of 70 kB, which engines take most of a second to optimise and run slower for it.
const INLINE: &str = "--one-caller-inline-max-function-size=500";

pub fn run(arguments: &[String]) -> Result<()> {
    run::only(arguments, &["--quick", "--again"])?;
    match arguments {
        [how] if how == "--quick" => quick(),
        [] => build(),
        _ => build().and_then(|()| again()),
    }
}

/// Where the built part of the npm package goes.
pub fn dist() -> PathBuf {
    run::root().join("pkg/dist")
}

/// Builds everything that is built of the npm package.
pub fn build() -> Result<()> {
    let start = Instant::now();
    let work = run::target().join("pkg");
    compile(&work, &run::target(), &[])?;
    optimise(&work)?;
    fs::create_dir_all(dist())?;
    for name in ["careconnect.js", "careconnect.wasm"] {
        replace(&work.join(name), &dist().join(name))?;
    }
    stylesheet()?;
    for name in ["LICENSE", "LICENSE-MIT", "LICENSE-APACHE"] {
        replace(&run::root().join(name), &dist().join(name))?;
    }
    fs::write(dist().join("THIRD-PARTY.txt"), parts::notices()?)?;
    set_version()?;
    run::step("packs");
    packs::build()?;
    facts()?;
    run::step(&format!("pkg/dist is built ({})", run::since(start)));
    Ok(())
}

/// The same for trying a change out: not made small and fast, and with the packs that are there already.
fn quick() -> Result<()> {
    let start = Instant::now();
    let work = run::target().join("pkg-quick");
    let settings = [("LTO", "off"), ("INCREMENTAL", "true"), ("CODEGEN_UNITS", "64"), ("OPT_LEVEL", "1")];
    compile(&work, &work, &settings)?;
    fs::create_dir_all(dist())?;
    replace(&work.join("careconnect.js"), &dist().join("careconnect.js"))?;
    replace(&work.join("careconnect_bg.wasm"), &dist().join("careconnect.wasm"))?;
    stylesheet()?;
    if !dist().join("index.txt").is_file()
        || packs::listed().iter().any(|pack| !dist().join(format!("packs/{}.pack", pack.name)).is_file())
    {
        run::step("packs");
        packs::build()?;
    }
    facts()?;
    run::step(&format!("pkg/dist is built for trying out, with the packs that were there ({})", run::since(start)));
    Ok(())
}

/// Writes what programs are told of the rules and packs without asking the core.
fn facts() -> Result<()> {
    fs::write(dist().join("rules.json"), docs::rules_json()?)?;
    fs::write(dist().join("packs.json"), catalogue::packs_json(&dist().join("packs"))?)?;
    Ok(())
}

/// The style of fragments, the same that pages have in themselves, as a file and for the element's shadow root.
fn stylesheet() -> Result<()> {
    let source = run::root().join("src/render/display.css");
    let module = format!("export const style = {};\n", serde_json::Value::from(fs::read_to_string(&source)?));
    fs::write(dist().join("style.js"), module)?;
    replace(&source, &dist().join("careconnect.css"))
}

/// Builds the module once more, from nothing and in a folder of its own, and the packs: the same source gives the same bytes,
/// so that what is published can be told to be made of it.
pub fn again() -> Result<()> {
    let work = run::target().join("pkg-again");
    let _ = fs::remove_dir_all(&work);
    compile(&work, &work, &[])?;
    optimise(&work)?;
    for name in ["careconnect.js", "careconnect.wasm"] {
        let (first, second) = (fs::read(dist().join(name))?, fs::read(work.join(name))?);
        ensure!(first == second, "{name} was built twice from the same source, and is not the same");
    }
    let read = || -> Result<Vec<Vec<u8>>> {
        let packs = packs::listed().into_iter().map(|pack| dist().join(format!("packs/{}.pack", pack.name)));
        packs.chain([dist().join("index.txt")]).map(|path| Ok(fs::read(path)?)).collect()
    };
    let first = read()?;
    packs::build()?;
    ensure!(first == read()?, "the packs were built twice from the same definitions, and are not the same");
    Ok(())
}

/// Compiles the core in `folder`, with other settings of the release profile where given, and binds it to JavaScript in
/// `work`.
fn compile(work: &Path, folder: &Path, settings: &[(&str, &str)]) -> Result<()> {
    run::need_node()?;
    run::need_wasm_target()?;
    run::step("the core as WebAssembly");
    let target = "wasm32-unknown-unknown";
    let arguments = ["build", "--quiet", "--release", "--lib", "--package", "careconnect", "--target", target];
    let mut cargo = run::cargo(arguments);
    cargo.env("CARGO_TARGET_DIR", folder);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", nameless()?.join("\u{1f}"));
    cargo.envs(settings.iter().map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)));
    run::show(cargo)?;
    bind(&folder.join(target).join("release/careconnect.wasm"), work)
}

/// What tells rustc to leave the folder of crates' sources out of the names in panics, so that the module is the same
/// wherever it is built.
fn nameless() -> Result<Vec<String>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources =
        home.context("there is no home directory, in which cargo keeps the sources of crates")?.join("registry/src");
    let mut flags = Vec::new();
    for registry in fs::read_dir(&sources).with_context(|| sources.display().to_string())? {
        flags.push(format!("--remap-path-prefix={}=", registry?.path().display()));
    }
    Ok(flags)
}

/// Writes the version of Cargo.toml, the only place where it is set, into package.json.
fn set_version() -> Result<()> {
    let path = run::root().join("pkg/package.json");
    let text = fs::read_to_string(&path)?;
    let line = |line: &str| match line.trim_start().starts_with("\"version\":") {
        true => format!("  \"version\": \"{}\",\n", env!("CARGO_PKG_VERSION")),
        false => format!("{line}\n"),
    };
    let new: String = text.lines().map(line).collect();
    if new != text {
        fs::write(path, new)?;
    }
    Ok(())
}

/// Runs wasm-bindgen: the glue and a .wasm that fits it.
fn bind(input: &Path, work: &Path) -> Result<()> {
    run::step("wasm-bindgen");
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("careconnect").typescript(false).omit_default_module_path(true);
    bindgen.web(true)?;
    // `__wbg_reset_state`: an instance that has failed is made anew (pkg/instance.js).
    bindgen.reset_state_function(true);
    bindgen.generate(work).context("wasm-bindgen")
}

/// Runs wasm-opt, unless the last run was on the same bytes.
fn optimise(work: &Path) -> Result<()> {
    let (bound, last, out) = (work.join("careconnect_bg.wasm"), work.join("last.wasm"), work.join("careconnect.wasm"));
    let bytes = fs::read(&bound)?;
    if out.exists() && fs::read(&last).is_ok_and(|last| last == bytes) {
        return Ok(());
    }
    run::npm_ci("xtask")?;
    run::step("wasm-opt");
    let mut command = run::command("node", ["xtask/node_modules/binaryen/bin/wasm-opt"]);
    command.arg(&bound).arg("-o").arg(&out).args(["-Os", INLINE, "--strip-producers"]).args(FEATURES);
    run::output(command)?;
    fs::write(last, bytes)?;
    Ok(())
}

/// Copies a file, but leaves one alone that is the same already, so that what is built from it need not be built again.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| from.display().to_string())?;
    if !fs::read(to).is_ok_and(|old| old == bytes) {
        fs::write(to, bytes)?;
    }
    Ok(())
}
