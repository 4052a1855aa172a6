// "/" goes to the search box from anywhere but a field; Escape leaves it.
export function startSearchKey() {
  document.addEventListener("keydown", (event) => {
    const box = document.querySelector("[data-search]");
    if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.activeElement === box) box.blur();
    if (event.key !== "/" || event.target.closest("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
