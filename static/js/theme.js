// Light, dark, or as the system says. The choice is a cookie, so the server draws the next page right at once.
const NEXT = { "": "dark", dark: "light", light: "" };
const WORDS = { "": "Colours: as the system", dark: "Colours: dark", light: "Colours: light" };

export function startTheme() {
  const root = document.documentElement;
  const show = () => {
    for (const label of document.querySelectorAll("[data-theme-label]")) {
      label.textContent = WORDS[root.dataset.theme ?? ""];
    }
  };
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const next = NEXT[root.dataset.theme ?? ""];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${next}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    show();
  });
  show();
}
