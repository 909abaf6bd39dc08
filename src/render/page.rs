//! A whole page in one file: no script, nothing loaded, readable in print and in forced colours.

use super::Mode;
use super::html::{body, element, text, write};
use super::language::Language;
use super::model::Display;

/// The conventions of the NHS design system's components that are used, for this page alone.
const STYLE: &str = "\
html{font-family:Arial,sans-serif;color:#212b32;background:#f0f4f5;line-height:1.5}\
body{margin:0}\
main{max-width:60rem;margin:0 auto;padding:1rem;background:#fff}\
.skip{position:absolute;left:-999em}\
.skip:focus{position:static;left:auto;display:inline-block;padding:.75rem}\
a{color:#005eb8}\
:focus-visible{outline:4px solid #ffeb3b;box-shadow:0 0 0 8px #212b32}\
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:1.25em 0 .5em;overflow-wrap:anywhere}\
h1{font-size:1.75rem;margin-top:.25em}h2{font-size:1.375rem}h3{font-size:1.1875rem}h4,h5,h6{font-size:1rem}\
.nhsuk-caption-m{color:#4c6272;margin:0}\
.nhsuk-warning-callout{border:1px solid #ffeb3b;border-left:8px solid #d5281b;background:#fff9c4;padding:.5rem 1rem;\
margin:1rem 0}\
.nhsuk-list{margin:0;padding-left:1.25rem}\
dl{display:grid;grid-template-columns:minmax(8rem,30%) 1fr;margin:0}\
dt{font-weight:600;border-top:1px solid #d8dde0;padding:.375rem .75rem .375rem 0;grid-column:1;overflow-wrap:anywhere}\
dd{border-top:1px solid #d8dde0;padding:.375rem 0;margin:0;grid-column:2;overflow-wrap:anywhere}\
dd+dd{border-top:1px dotted #aeb7bd}\
dd dl{margin-top:.25rem}\
.nhsuk-u-secondary-text-colour{color:#4c6272}\
.careconnect-warning{color:#a3170c}\
.careconnect-received{border-left:4px solid #aeb7bd;padding-left:.75rem;overflow-x:auto}\
.careconnect-scroll{overflow-x:auto}\
table{border-collapse:collapse;max-width:100%}\
caption{text-align:left;font-weight:600}\
th,td{text-align:left;vertical-align:top;border-bottom:1px solid #d8dde0;padding:.375rem .75rem .375rem 0}\
.nhsuk-card{border:1px solid #d8dde0;border-top:4px solid #005eb8;margin:1.5rem 0;padding:0 1rem 1rem}\
.nhsuk-card .nhsuk-caption-m{margin-top:1rem}\
.nhsuk-details{margin:1rem 0}\
.nhsuk-details__summary{color:#005eb8;cursor:pointer;min-height:24px;padding:.25rem 0}\
@media (max-width:40em){dl{display:block}dd{border-top:0}}\
@media print{html,main{background:#fff}.skip{display:none}.nhsuk-card,tr,dt,dd{break-inside:avoid}\
details::details-content{content-visibility:visible;display:block}}\
@media (forced-colors:active){.nhsuk-warning-callout,.nhsuk-card{border:2px solid CanvasText}\
.careconnect-warning{color:CanvasText;font-weight:700}}";

/// The page of a resource.
pub fn page(display: &Display, mode: Mode, language: Language) -> String {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    let title = format!("{}: {}", display.title, display.headline.replace('\n', " "));
    let head = element(
        "head",
        &[],
        vec![
            element("meta", &[("charset", "utf-8")], Vec::new()),
            element("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)], Vec::new()),
            element("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")], Vec::new()),
            element("meta", &[("name", "referrer"), ("content", "no-referrer")], Vec::new()),
            element("title", &[], vec![text(title)]),
            element("style", &[], vec![text(STYLE)]),
        ],
    );
    let skip =
        element("a", &[("class", "skip"), ("href", "#maincontent")], vec![text(language.say("Skip to the content"))]);
    let main = element("main", &[("id", "maincontent"), ("tabindex", "-1")], body(display, mode, language));
    let mut out = String::from("<!DOCTYPE html>\n");
    write(&element("html", &[("lang", language.tag())], vec![head, element("body", &[], vec![skip, main])]), &mut out);
    out.push('\n');
    out
}
