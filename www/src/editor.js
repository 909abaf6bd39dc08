// The place where the resource is written. Only this file knows what it is made of (a text area with line numbers), so
// that another editor can take its place.

/**
 * @param {HTMLElement} place where it goes
 * @param {{ labelledBy: string, describedBy: string, onChange: () => void }} options
 */
export function createEditor(place, { labelledBy, describedBy, onChange }) {
  const gutter = document.createElement("div");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true");
  const text = document.createElement("textarea");
  text.setAttribute("aria-labelledby", labelledBy);
  text.setAttribute("aria-describedby", describedBy);
  Object.assign(text, { spellcheck: false, autocomplete: "off", autocapitalize: "off", wrap: "off" });
  place.classList.add("editor");
  place.append(gutter, text);

  let lines = 0;
  const number = () => {
    const count = text.value.split("\n").length;
    if (count !== lines) {
      lines = count;
      gutter.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n");
    }
    gutter.scrollTop = text.scrollTop;
  };
  text.addEventListener("input", () => {
    number();
    onChange();
  });
  text.addEventListener("scroll", () => (gutter.scrollTop = text.scrollTop));
  number();

  return {
    get text() {
      return text.value;
    },
    set text(value) {
      text.value = value;
      text.setSelectionRange(0, 0);
      text.scrollTop = 0;
      number();
      onChange();
    },
    /** Selects a piece of the text, counted in UTF-16 code units, and brings it into view. */
    select({ offset, length, line }) {
      text.focus({ preventScroll: true });
      text.setSelectionRange(offset, offset + length);
      const height = Number.parseFloat(getComputedStyle(text).lineHeight);
      text.scrollTop = Math.max(0, (line - 1) * height - text.clientHeight / 3);
      text.scrollLeft = 0;
      place.scrollIntoView({ block: "nearest" });
    },
  };
}
