//! Cases of display: each Markdown file in tests/cases/render has prose, a fenced resource, and the plain text that it
//! gives. CARECONNECT_BLESS=1 writes the text that is given now; look at the difference before you commit it.

mod support;

use careconnect::render::{As, Mode, Options, View};
use std::path::Path;

/// The content of the first fence that opens with this word, and where it is.
fn fence<'t>(text: &'t str, word: &str) -> Option<(&'t str, std::ops::Range<usize>)> {
    let open = format!("```{word}\n");
    let start = text.find(&open)? + open.len();
    let end = start + text[start..].find("\n```")? + 1;
    Some((&text[start..end], start..end))
}

fn option<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix("- ")?.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn cases() {
    let bless = std::env::var_os("CARECONNECT_BLESS").is_some();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/render");
    let careconnect = support::default_packs();
    let mut wrong = Vec::new();
    let files = support::files(&folder, ".md");
    assert!(!files.is_empty(), "there are cases");
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a readable case");
        let (input, _) = fence(&text, "json").or_else(|| fence(&text, "xml")).expect("a fenced resource");
        let options = Options {
            as_: As::Text,
            mode: Mode::Full,
            as_of: option(&text, "as of").map(str::to_owned),
            view: match option(&text, "view") {
                Some("entries") => View::Entries,
                _ => View::Auto,
            },
            ..Options::default()
        };
        let rendered = careconnect.render(input.as_bytes(), &options);
        assert!(
            rendered.coverage.missing.is_empty(),
            "{}: not displayed: {:?}",
            file.display(),
            rendered.coverage.missing
        );
        let (expected, range) = fence(&text, "text").expect("a fenced text");
        if expected != rendered.output {
            if bless {
                let blessed = format!("{}{}{}", &text[..range.start], rendered.output, &text[range.end..]);
                std::fs::write(file, blessed).expect("a writable case");
            } else {
                wrong.push(format!("{}\n--- expected\n{expected}\n--- given\n{}", file.display(), rendered.output));
            }
        }
        // What a case names must be said, whatever else is blessed.
        for line in text.lines().filter_map(|line| line.strip_prefix("- must say: ")) {
            let flat: String = rendered.output.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                flat.contains(line),
                "{} must say \u{201c}{line}\u{201d} and says:\n{}",
                file.display(),
                rendered.output
            );
        }
        if let Some(headline) = option(&text, "headline") {
            assert_eq!(rendered.display.headline, headline, "{}", file.display());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
