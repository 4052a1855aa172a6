// A thumb that taps twice says the same thing twice: the second submit would only throw away the first one's answer.
// What differs from the last submit goes through; so does everything after a while, or when the page is shown again.
const SECONDS = 5;

export function startOnce() {
  const said = new Map();
  addEventListener("pageshow", () => said.clear());
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const form = event.target;
    const words = new URLSearchParams(new FormData(form, event.submitter)).toString();
    if (said.get(form) === words) {
      event.preventDefault();
      return;
    }
    said.set(form, words);
    setTimeout(() => said.delete(form), SECONDS * 1000);
  });
}
