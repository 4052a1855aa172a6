// A search box that proposes while one types: htmx fetches, this opens the list and walks it with the keyboard, as a
// combobox with a list (WAI-ARIA Authoring Practices). Without scripts the form is sent as ever.
export function startSuggestions() {
  if (!window.htmx) return;
  for (const box of document.querySelectorAll("[data-suggest]")) begin(box);
}

function begin(box) {
  const form = box.form;
  const list = form.querySelector(".suggest");
  const said = form.querySelector("[data-suggest-said]");
  let active = null;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (option) => {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) box.setAttribute("aria-activedescendant", active.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    mark(null);
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-controls");
  };
  const open = () => {
    if (!list.textContent.trim() || !box.value.trim()) return close();
    mark(null);
    list.hidden = false;
    if (list.querySelector("[role=listbox]")) {
      box.setAttribute("aria-controls", "suggestions");
      box.setAttribute("aria-expanded", "true");
    }
  };
  const go = (option) => option && location.assign(option.dataset.href);

  list.addEventListener("htmx:afterSwap", () => {
    if (document.activeElement !== box) return;
    open();
    const found = options().length;
    said.textContent = found ? `${found} suggestions` : list.textContent.trim();
  });
  box.addEventListener("input", () => box.value.trim() || close());
  box.addEventListener("focus", open);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options().length) {
      event.preventDefault();
      if (list.hidden) return open();
      const all = options();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = active ? all.indexOf(active) + step : step > 0 ? 0 : all.length - 1;
      mark(all[at] ?? null); // past either end one is back at what was typed
    } else if (event.key === "Enter" && active && !list.hidden) {
      event.preventDefault();
      go(active);
    }
  });
  // Before the box loses the focus, or the list would be gone when the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
}
