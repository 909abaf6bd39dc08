// How <careconnect-resource> looks. It takes the page's font and colours; a page changes the rest by the custom properties.

export const style = `
:host { display: block; overflow-wrap: anywhere; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.25em 0 0.5em; }
h1, h2 { font-size: 1.375em; }
h3 { font-size: 1.1875em; }
h4, h5, h6 { font-size: 1em; }
p, ul, ol { margin: 0 0 0.5em; }
.nhsuk-caption-m { margin: 0; }
.nhsuk-caption-m + :is(h1, h2, h3, h4) { margin-top: 0; }
dl { display: grid; grid-template-columns: minmax(7em, 30%) minmax(0, 1fr); margin: 0; }
dt { border-top: 1px solid var(--careconnect-border, #d8dde0); font-weight: 600; grid-column: 1; padding: 0.375em 0.75em 0.375em 0; }
dd { border-top: 1px solid var(--careconnect-border, #d8dde0); grid-column: 2; margin: 0; padding: 0.375em 0; }
dd + dd { border-top-style: dotted; }
dd dl { margin-top: 0.25em; }
.nhsuk-warning-callout { background: #fff9c4; border: 1px solid #ffeb3b; border-left: 8px solid #d5281b; color: #212b32; margin: 1em 0; padding: 0.5em 1em; }
.careconnect-warning { background: #fff9c4; color: #8f140a; font-weight: 600; }
.nhsuk-card { border: 1px solid var(--careconnect-border, #d8dde0); border-top: 4px solid var(--careconnect-accent, #005eb8); margin: 1.5em 0; padding: 0 1em 1em; }
.nhsuk-card .nhsuk-caption-m { margin-top: 1em; }
.careconnect-received { border-left: 4px solid var(--careconnect-border, #d8dde0); overflow-x: auto; padding-left: 0.75em; }
.careconnect-scroll { overflow-x: auto; }
table { border-collapse: collapse; max-width: 100%; }
caption { font-weight: 600; text-align: left; }
th, td { border-bottom: 1px solid var(--careconnect-border, #d8dde0); padding: 0.375em 0.75em 0.375em 0; text-align: left; vertical-align: top; }
.nhsuk-details { margin: 1em 0; }
.nhsuk-details__summary { cursor: pointer; min-height: 24px; padding: 0.25em 0; }
:focus-visible { box-shadow: 0 0 0 8px #212b32; outline: 4px solid #ffeb3b; }
[role="alert"] { border-left: 8px solid #d5281b; padding: 0.5em 1em; }
@media (max-width: 40em) { dl { display: block; } dd { border-top: 0; } }
@media print { .nhsuk-card, tr, dt, dd { break-inside: avoid; } }
@media (forced-colors: active) {
  .nhsuk-warning-callout, .nhsuk-card { border: 2px solid CanvasText; }
  .careconnect-warning { color: CanvasText; }
}
`;
