// Order lines: what a pack costs at the quantity typed, and how many more make it cheaper. The server decides; this only tells.
export function startPriceBreaks() {
  const offers = [...document.querySelectorAll("datalist option[data-breaks]")];
  if (!offers.length) return;
  const tell = (line) => {
    const hint = line.querySelector("[data-break-hint]");
    if (hint) hint.textContent = words(line, offers);
  };
  document.addEventListener("input", (event) => {
    const line = event.target.closest("[data-line]");
    if (line) tell(line);
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.column === "product") fillPack(event.target.closest("[data-line]"), offers, tell);
  });
  document.querySelectorAll("[data-line]").forEach(tell);
}

// The one pack the supplier sells it in; with several, or none, people say which.
function fillPack(line, offers, tell) {
  const pack = line?.querySelector('[data-column="pack"]');
  const product = line?.querySelector('[data-column="product"]').value.trim();
  const fitting = offers.filter((one) => one.value === product);
  if (!pack || pack.value || fitting.length !== 1) return;
  pack.value = fitting[0].dataset.pack;
  tell(line);
}

function words(line, offers) {
  const value = (column) => line.querySelector(`[data-column="${column}"]`)?.value.trim() ?? "";
  const packs = Number.parseInt(value("packs"), 10);
  const offer = offers.find((one) => one.value === value("product") && one.dataset.pack === value("pack"));
  if (!offer || !(packs > 0) || value("unit_price")) return "";
  const breaks = offer.dataset.breaks.split(" ").filter(Boolean).map((step) => step.split(":"));
  const now = breaks.filter(([from]) => Number(from) <= packs).at(-1);
  const next = breaks.find(([from, price]) => Number(from) > packs && (!now || Number(price) < Number(now[1])));
  const least = Number(offer.dataset.moq);
  const incremental = offer.dataset.scheme === "incremental";
  const said = now ? [incremental ? steps(breaks, packs) : `${now[1]} a pack`] : [];
  if (packs < least) said.push(`at least ${least}`);
  else if (packs % Number(offer.dataset.multiple)) said.push(`in steps of ${offer.dataset.multiple}`);
  if (next && incremental) said.push(`from the ${next[0]}th on ${next[1]} each`);
  else if (next) said.push(`${Number(next[0]) - packs} more: ${next[1]}`);
  return said.join("; ");
}

// Incremental breaks: each step has its own price, the packs before it keep theirs ("9 × 84.00 + 3 × 79.50").
function steps(breaks, packs) {
  const reached = breaks.filter(([from]) => Number(from) <= packs);
  const starts = reached.map(([from], index) => (index ? Number(from) : 1)).concat(packs + 1);
  if (reached.length === 1) return `${reached[0][1]} a pack`;
  return reached.map(([, price], index) => `${starts[index + 1] - starts[index]} × ${price}`).join(" + ");
}
