// A quote behind its link: the total follows what is ticked. The server adds up; without scripts a button asks for it.
export function startChoosing() {
  const form = document.querySelector("form[data-choosing]");
  if (!form) return;
  const total = form.querySelector("[data-total]");
  const status = form.querySelector("[data-total-said]");
  form.querySelector("[data-total-button]")?.setAttribute("hidden", "");
  let asked = 0;
  form.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-choices]")) return;
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (/^(options$|group-|packs-)/.test(name)) query.append(name, value);
    }
    const turn = ++asked;
    const answer = await fetch(`${form.dataset.choosing}?${query}`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    total.innerHTML = await answer.text();
    if (status) status.textContent = total.querySelector(".sums-total")?.textContent.trim() ?? "";
    const bar = document.querySelector("[data-bar-total]");
    if (bar) bar.textContent = total.querySelector(".sums-total dd")?.textContent ?? bar.textContent;
  });
  stepAside(form);
}

// The bar with the total is for who reads; at the form itself it would only be in the way.
function stepAside(form) {
  const bar = document.querySelector("[data-answer-bar]");
  if (!bar || !("IntersectionObserver" in window)) return;
  new IntersectionObserver(([seen]) => bar.toggleAttribute("hidden", seen.isIntersecting)).observe(form);
}
