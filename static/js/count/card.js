// The card of one product: a number for each sealed lot, five gauges for each open container, one button that repeats it.
import { amountText, perUnit, stepsOf, timesOf } from "./amounts.js";
import { el, gauge, icon } from "./dom.js";

const QUARTERS = [[0, "none"], [25, "¼"], [50, "½"], [75, "¾"], [100, "full"]];
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const STATES = { quarantine: "in quarantine", recalled: "recalled", past_date: "past its date" };
export const dayText = (day) => DAY.format(new Date(`${day}T00:00:00Z`));

// group: {name, rows}; current(row): what holds now; standing(row). Calls save(list of {row, steps, how, seen}), close().
// drafts: row key -> {steps, how}; steps are null where something was typed that is no number.
export function makeCard({ group, current, standing, save, close, addRow, drafts = new Map() }) {
  const parts = new Map();
  const button = el("button", { class: "button button--main button--phone", type: "button", onclick: () => finish() });
  const element = el(
    "section",
    { class: "count-card card", "aria-labelledby": "count-card-title" },
    el(
      "header",
      { class: "count-card-head" },
      el("h2", { id: "count-card-title", tabindex: "-1" }, group.name),
      el("button", { class: "icon-button", type: "button", "aria-label": "Not now", onclick: close }, icon("close")),
    ),
  );
  for (const row of group.rows) element.append(section(row));
  if (addRow) element.append(el("button", { class: "button button--quiet count-another", type: "button", onclick: addRow }, icon("plus", "s"), "Another lot of it"));
  tell();

  function section(row) {
    const part = row.isOpen ? openPart(row) : sealedPart(row);
    parts.set(row.key, part);
    const known = current(row);
    const draft = drafts.get(row.key);
    if (draft && draft.steps !== null) part.show(draft.steps);
    else if (known.length === 1) part.show(known[0].steps);
    return el("div", { class: "count-row", data: { row: row.key } }, quarrel(row, known), part.element);
  }

  function put(row, steps, how = "tapped") {
    drafts.set(row.key, { steps, how });
    tell();
  }

  // -- sealed: minus, the number, plus

  function sealedPart(row) {
    const loose = perUnit(row.unit);
    let each = row.pack.steps;
    const note = el("span", { class: "count-pack" });
    const error = el("p", { class: "field-error", role: "alert", hidden: true }, "Write a number such as 3 or 1.5.");
    const field = el("input", {
      type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "–",
      oninput: () => { const steps = stepsOf(field.value, each); bad(steps === null && field.value.trim() !== ""); put(row, steps, "typed"); hint(steps); },
      onfocus: () => field.select(),
    });
    const turn = el("button", { class: "button button--quiet", type: "button", onclick: () => { each = each === loose ? row.pack.steps : loose; const steps = value(); if (steps === null) hint(null); else show(steps); } });
    const bad = (is) => { field.setAttribute("aria-invalid", String(is)); error.hidden = !is; };
    const hint = (steps) => {
      const name = each === loose ? row.unit : row.pack.name;
      field.setAttribute("aria-label", `How many ${name}${row.lot ? `, lot ${row.lot}` : ""}`);
      note.textContent = steps && each !== loose ? `${name} · ${amountText(steps, row.unit)}` : name;
      turn.textContent = each === loose ? `Count in ${row.pack.name}` : `Count in ${row.unit}`;
      turn.hidden = row.pack.steps === loose;
    };
    const value = () => drafts.get(row.key)?.steps ?? (current(row).length === 1 ? current(row)[0].steps : null);
    const show = (steps) => {
      if (timesOf(steps, each) === null) each = loose; // no even number of packs: counted in the unit itself
      bad(false);
      field.value = timesOf(steps, each) ?? "";
      hint(steps);
    };
    const set = (steps, how) => { show(steps); put(row, steps, how); };
    const step = (by) => set(Math.max(0, (value() ?? 0) + by * each));
    hint(null);
    return {
      show,
      add: (steps, how) => set((value() ?? 0) + steps, how),
      element: el(
        "div",
        { class: "stack-s" },
        el("p", { class: "count-lot" }, lotText(row)),
        el(
          "div",
          { class: "stepper--large stepper" },
          el("button", { type: "button", "aria-label": "One less", onclick: () => step(-1) }, icon("minus")),
          el("span", { class: "stepper-value" }, field, note),
          el("button", { type: "button", "aria-label": "One more", onclick: () => step(1) }, icon("plus")),
        ),
        error,
        el("div", { class: "count-shortcuts" }, expectedButton(row, (steps) => set(steps)), turn),
        row.lot || row.onSheet ? null : lotFields(row),
      ),
    };
  }

  // -- open: what is left, by eye or exactly

  function openPart(row) {
    const about = el("span", { class: "count-about" });
    const exact = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", class: "input", "aria-label": `Exactly so many ${row.unit}`, oninput: () => { const steps = stepsOf(exact.value, perUnit(row.unit)); exact.setAttribute("aria-invalid", String(steps === null)); put(row, steps, "typed"); mark(steps); } });
    const amount = (percent) => Math.round((row.pack.steps * percent) / 100);
    const tiles = QUARTERS.map(([percent, word]) => el(
      "label",
      { class: "tile" },
      el("input", { type: "radio", name: `left ${row.key}`, value: String(percent), onchange: () => { put(row, amount(percent)); mark(amount(percent)); } }),
      gauge(row.pack.name, row.unit, percent),
      word,
    ));
    const mark = (steps) => {
      about.textContent = steps === null ? "" : `about ${amountText(rounded(steps, row.unit), row.unit)}`;
      tiles.forEach((tile, n) => (tile.querySelector("input").checked = steps === amount(QUARTERS[n][0])));
    };
    return {
      show: mark,
      add: null,
      element: el(
        "fieldset",
        { class: "count-open" },
        el("legend", {}, `${row.lot}, open`, about),
        el("div", { class: "count-quarters" }, tiles),
        el("div", { class: "count-shortcuts" }, expectedButton(row, (steps) => { put(row, steps); mark(steps); })),
        el("details", {}, el("summary", {}, "Exact amount"), el("div", { class: "affix" }, exact, el("span", { class: "affix-text" }, row.unit))),
      ),
    };
  }

  function expectedButton(row, take) {
    if (row.expected === null || row.expected === undefined) return null;
    const words = row.isOpen ? amountText(row.expected, row.unit) : timesOf(row.expected, row.pack.steps) ?? amountText(row.expected, row.unit);
    return el("button", { class: "button button--quiet count-expected", type: "button", onclick: () => take(row.expected) }, `As expected: ${words}`);
  }

  // Two people found different amounts, or a second look is wanted: said in words, with what can be done.
  function quarrel(row, known) {
    const how = standing(row);
    if (how === "again") return el("p", { class: "notice notice--soon" }, "This differs much from the book. Please count it once more.");
    if (how !== "disagree") return null;
    const words = (steps) => (row.isOpen ? null : timesOf(steps, row.pack.steps)) ?? amountText(steps, row.unit);
    const decide = (steps) => save([{ row, steps, how: "tapped", seen: known }]);
    const sum = known.reduce((all, entry) => all + entry.steps, 0);
    return el(
      "div",
      { class: "notice notice--soon count-quarrel", role: "group", "aria-label": "Different counts" },
      el("p", {}, `${known.map((entry) => `${entry.by} counted ${words(entry.steps)}`).join(", ")}. Which is right?`),
      el(
        "div",
        { class: "cluster" },
        known.map((entry) => el("button", { class: "button", type: "button", onclick: () => decide(entry.steps) }, `${words(entry.steps)} (${entry.by})`)),
        row.isOpen ? null : el("button", { class: "button", type: "button", onclick: () => decide(sum) }, `Together ${words(sum)}`),
      ),
      el("p", { class: "small" }, "Or count it again below."),
    );
  }

  // -- the button

  function tell() {
    const drafted = group.rows.filter((row) => drafts.has(row.key));
    const bad = drafted.some((row) => drafts.get(row.key).steps === null);
    button.disabled = !drafted.length || bad;
    button.textContent = drafted.length && !bad ? `Save ${totalOf(drafted)} and next` : "How many are there?";
  }

  function totalOf(rows) {
    const steps = rows.reduce((all, row) => all + drafts.get(row.key).steps, 0);
    if (steps === 0) return "none";
    const each = rows[0].pack.steps;
    const alike = rows.every((row) => row.pack.steps === each);
    return (alike && timesOf(steps, each)) || amountText(steps, rows[0].unit);
  }

  function finish() {
    const list = [...drafts]
      .filter(([, draft]) => draft.steps !== null)
      .map(([key, draft]) => ({ row: group.rows.find((row) => row.key === key), ...draft }))
      .map((each) => ({ ...each, seen: current(each.row) }));
    drafts.clear();
    save(list);
  }

  return {
    element,
    button,
    sku: group.sku,
    drafts,
    last: group.rows.at(-1).key,
    isTouched: () => [...drafts.values()].some((draft) => draft.steps !== null),
    finish,
    // One more of what was scanned; answers what there is now, or null where the lot must be pointed at.
    add(key, steps, how) {
      const sealed = group.rows.filter((row) => !row.isOpen);
      const row = key ? group.rows.find((one) => one.key === key) : sealed.length === 1 ? sealed[0] : null;
      const part = row && parts.get(row.key);
      if (!part?.add) return null;
      part.add(steps ?? row.pack.steps, how);
      return totalOf([row]);
    },
    focus: (key) => {
      const row = key && element.querySelector(`[data-row="${CSS.escape(key)}"]`);
      element.querySelector("h2").focus({ preventScroll: true });
      (row ?? element).scrollIntoView({ block: row ? "center" : "start" });
    },
  };
}

const rounded = (steps, unit) => Math.round(steps / perUnit(unit)) * perUnit(unit);

export function lotText(row) {
  const lot = row.lot ? `Lot ${row.lot}` : row.supplierLot ? `Lot ${row.supplierLot}` : row.onSheet ? "None here when the count began" : "Lot not known";
  const day = row.useBy ? `, use by ${dayText(row.useBy)}` : "";
  return `${lot}${day}${STATES[row.state] ? ` · ${STATES[row.state]}` : ""}`;
}

// What the label of something found says; both may stay empty.
function lotFields(row) {
  const field = (label, type, key) => el("div", { class: "field" }, el("label", { for: `found-${key}` }, label), el("input", { id: `found-${key}`, type, value: row[key] ?? "", autocomplete: "off", oninput: (event) => (row[key] = event.target.value.trim() || null) }));
  return el("div", { class: "form-row" }, field("Lot on the label", "text", "supplierLot"), field("Use by", "date", "useBy"));
}
