// The row of page lists on a phone is wider than the screen: it begins where one is.
export function startSections() {
  document.querySelector(".section-bar [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
}
