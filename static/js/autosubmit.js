// Filters apply as they are chosen; typed text waits for Enter. Empty ones stay out of the address.
export function startAutosubmit() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-autosubmit]")) return;
    const empty = [...event.target.elements].filter((field) => field.name && field.value === "" && !field.disabled);
    for (const field of empty) field.disabled = true;
    addEventListener("pageshow", () => empty.forEach((field) => (field.disabled = false)), { once: true });
    setTimeout(() => empty.forEach((field) => (field.disabled = false)));
  });
}
