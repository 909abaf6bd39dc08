// Where each value of the resource ended when it was displayed, and why, each with the way to its source.

import { ask } from "../core/core.js";
import { button, count, h } from "../dom.js";

const ends = {
  missing: "Not accounted for",
  withheld: "Not displayed",
  listed: "Displayed under “Other recorded information”, or as a detail of another value",
  technical: "Displayed under “Technical details”",
  shown: "Displayed by the view of its type",
};

/** How many of each are listed before more are asked for. */
const PART = 200;

/** A coverage as a table, of the values that are listed at first. */
export async function coverage(text, made) {
  const first = await places(text, made, Object.fromEntries(Object.keys(ends).map((end) => [end, 0])));
  return table(made, first, text);
}

/** The next places of each end, from where it was listed to. */
async function places(text, made, from) {
  const wanted = Object.entries(from).flatMap(([end, at]) => made[end].slice(at, at + PART).map((one) => ({ end, pointer: one.pointer ?? one, reason: one.reason })));
  const found = wanted.length > 0 ? await ask("locate", text, wanted.map(({ pointer }) => pointer)) : [];
  return wanted.map((one, at) => ({ ...one, place: found[at] }));
}

function table(made, first, text) {
  const { counts } = made;
  const sections = Object.entries(ends).filter(([end]) => counts[end] > 0).map(([end, title]) => {
    const rows = h("tbody", {}, lines(first.filter((one) => one.end === end), end));
    const more = h("p", {});
    const offer = () => {
      const left = counts[end] - rows.childElementCount;
      more.replaceChildren(left > 0 ? button(`List ${count(Math.min(PART, left), "more value")} of ${left.toLocaleString("en-GB")}`, next) : "");
    };
    const next = async () => {
      rows.append(...lines(await places(text, made, { [end]: rows.childElementCount }), end));
      offer();
    };
    offer();
    const columns = ["Element", "Value", end === "withheld" && "Why"].filter(Boolean);
    return h(
      "div",
      { class: "careconnect-scroll", tabIndex: 0, role: "region", "aria-label": title },
      h("table", {}, h("caption", {}, `${title} (${counts[end].toLocaleString("en-GB")})`), h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))), rows),
      more,
    );
  });
  const held = counts.leaves - counts.withheld - counts.missing;
  const words = counts.leaves === held ? `All of the ${count(counts.leaves, "value")} are displayed.` : `Of ${count(counts.leaves, "value")}, ${held.toLocaleString("en-GB")} are displayed.`;
  return [h("p", {}, words), ...sections];
}

/** A row of each value. The page goes to what carries a pointer when it is clicked; the button is for the keyboard. */
function lines(values, end) {
  return values.map(({ pointer, reason, place }) =>
    h(
      "tr",
      { data: { pointer } },
      h("th", { scope: "row" }, h("button", { type: "button", class: "link", data: { goes: "" } }, breakable(place?.expression ?? pointer))),
      h("td", {}, (place?.text ?? "").slice(0, 200)),
      end === "withheld" && h("td", {}, reason),
    ),
  );
}

/** Long paths go on in the next line between elements, not within their names. */
const breakable = (path) => path.split(/(?<=[./])/).flatMap((step) => [step, h("wbr")]);
