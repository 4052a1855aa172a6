// The row of page lists on a phone, and a row of tabs, may be wider than the screen: it begins where one is.
export function startSections() {
  for (const here of document.querySelectorAll(".section-bar [aria-current], .account-menu [aria-current], .tabs [aria-current]"))
    here.scrollIntoView({ inline: "center", block: "nearest" });
}
