//! A whole page in one file: no script, nothing loaded, readable in print and in forced colours.

use super::Mode;
use super::html::{body, element, record_body, text, write};
use super::language::Language;
use super::model::{Display, Markup};
use super::record::model::Record;

/// What stands between the page's style tags. It is all the style there is: nothing in it loads anything.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("display.css"));

/// The check sum of [`STYLE`] that the page's policy names (CSP 3, 6.7.3), so that no other style sheet can take its
/// place. tests/js/display.test.js says what it has to be.
const STYLE_HASH: &str = "sha256-285K4BvImWI/ykRHfnw8gtaXxcDRe1iolQJAwuJvv6k=";

/// The page of a record.
pub fn record(record: &Record, mode: Mode, language: Language) -> String {
    let whose = record.banner.as_ref().and_then(|banner| banner.facts.first());
    let whose = whose.map(|name| format!(": {}", super::format::plain(&name.value))).unwrap_or_default();
    whole(
        format!("{}{whose}", record.title),
        "careconnect careconnect-wide",
        record_body(record, mode, language),
        language,
    )
}

/// The page of a resource.
pub fn page(display: &Display, mode: Mode, language: Language) -> String {
    let mut title = format!("{}: {}", display.title, display.headline.replace('\n', " "));
    if display.incomplete.is_some() {
        title.insert_str(0, &format!("{}: ", language.say("INCOMPLETE")));
    }
    whole(title, "careconnect", body(display, mode, language), language)
}

fn whole(title: String, class: &str, content: Vec<Markup>, language: Language) -> String {
    // Received text keeps the widths and borders of its tables in `style` attributes, which have been cleaned.
    let policy = format!(
        "default-src 'none'; style-src-elem '{STYLE_HASH}'; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    let meta = |name, content| element("meta", &[("name", name), ("content", content)], Vec::new());
    let head = element(
        "head",
        &[],
        vec![
            element("meta", &[("charset", "utf-8")], Vec::new()),
            element("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)], Vec::new()),
            meta("viewport", "width=device-width, initial-scale=1"),
            meta("referrer", "no-referrer"),
            meta("color-scheme", "light dark"),
            meta("generator", concat!("careconnect ", env!("CARGO_PKG_VERSION"))),
            element("title", &[], vec![text(title)]),
            element("style", &[], vec![text(STYLE)]),
        ],
    );
    let skip =
        element("a", &[("class", "skip"), ("href", "#maincontent")], vec![text(language.say("Skip to the content"))]);
    let main = element("main", &[("id", "maincontent"), ("class", class), ("tabindex", "-1")], content);
    let mut out = String::from("<!DOCTYPE html>\n");
    write(&element("html", &[("lang", language.tag())], vec![head, element("body", &[], vec![skip, main])]), &mut out);
    out.push('\n');
    out
}
