// Elements without a framework: el("button", {class: "button", onclick: save}, "Save").
const SVG = "http://www.w3.org/2000/svg";

export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name, size = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon${size ? ` icon--${size}` : ""}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.querySelector("[data-sprite]").dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

// The level gauge as the server draws it, full, lowered to what is left. The pack's name says what stands there.
export function gauge(pack, unit, percent) {
  const svg = document.querySelector(`template[data-gauge="${shapeOf(pack, unit)}"]`).content.firstElementChild.cloneNode(true);
  const fill = svg.querySelector("rect");
  const top = Number(fill.getAttribute("y"));
  const bottom = top + Number(fill.getAttribute("height")) - 2;
  const height = ((bottom - top) * percent) / 100;
  fill.setAttribute("y", bottom - height);
  fill.setAttribute("height", percent ? height + 2 : 0);
  return svg;
}

const SHAPES = [[/jug|gallon|canister|drum/i, "jug"], [/jar|pot|tub\b/i, "jar"], [/tube/i, "tube"]];
function shapeOf(pack, unit) {
  return SHAPES.find(([words]) => words.test(pack))?.[1] ?? (unit === "piece" ? "box" : "bottle");
}
