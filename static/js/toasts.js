// A message leaves by itself, unless it offers an undo, reports an error, or is being read.
const SECONDS = 8;

export function startToasts() {
  const region = document.getElementById("toasts");
  if (!region) return;
  const watch = (toast) => {
    if (toast.matches(".toast--error") || toast.querySelector("form")) return;
    const timer = setInterval(() => {
      if (toast.matches(":hover, :focus-within")) return;
      clearInterval(timer);
      toast.remove();
    }, SECONDS * 1000);
  };
  region.querySelectorAll("[data-toast]").forEach(watch);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("stillroom:toast", (event) => {
    const toast = document.createElement("div");
    toast.className = `toast${event.detail.error ? " toast--error" : ""}`;
    toast.dataset.toast = "";
    toast.append(event.detail.text);
    region.append(toast);
    watch(toast);
  });
}
