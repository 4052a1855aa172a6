// Line editors: <table data-lines> (or any element) with rows [data-line] and fields [data-column].
// Enter goes down the column; a block copied from a spreadsheet fills cell by cell from where it is pasted.
export function startLineEditor() {
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-lines] [data-column]");
    if (!field || event.key !== "Enter" || event.isComposing || event.target.matches("textarea, button")) return;
    event.preventDefault();
    move(field, event.shiftKey ? -1 : 1);
  });
  document.addEventListener("paste", (event) => {
    const field = event.target.closest("[data-lines] [data-column]");
    const block = pasted(event);
    if (!field || !block) return;
    event.preventDefault();
    fill(field, block);
  });
}

// The rows and cells of what is pasted; null when it is one cell.
export function pasted(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  return /[\t\n]/.test(text.trimEnd()) ? text.replace(/\r\n?/g, "\n").trimEnd().split("\n").map((line) => line.split("\t")) : null;
}

function move(field, by) {
  const rows = [...field.closest("[data-lines]").querySelectorAll("[data-line]")];
  const row = rows[rows.indexOf(field.closest("[data-line]")) + by];
  const next = row?.querySelector(`[data-column="${CSS.escape(field.dataset.column)}"]`);
  next?.focus();
  next?.select?.();
}

export function fill(field, block) {
  const editor = field.closest("[data-lines]");
  const rows = [...editor.querySelectorAll("[data-line]")];
  const first = rows.indexOf(field.closest("[data-line]"));
  const left = over(block.slice(rows.length - first));
  block.slice(0, rows.length - first).forEach((values, down) => {
    const fields = [...rows[first + down].querySelectorAll("[data-column]")];
    const start = fields.findIndex((one) => one.dataset.column === field.dataset.column);
    if (start >= 0) values.forEach((value, right) => put(fields[start + right], value.trim()));
  });
  const words = left ? `${left} more lines did not fit. Add lines and paste the rest.` : `${block.length} lines filled in.`;
  document.dispatchEvent(new CustomEvent("stillroom:toast", { detail: { text: words, error: left > 0 } }));
}

function over(lines) {
  return lines.filter((values) => values.some((value) => value.trim())).length;
}

function put(field, value) {
  if (!field || field.disabled || field.readOnly) return;
  if (field.tagName === "SELECT") {
    const option = [...field.options].find((one) => one.text.trim() === value || one.value === value);
    if (option) field.value = option.value;
  } else {
    field.value = value;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
