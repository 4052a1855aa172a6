// The scan strip (components/scan.html): it stays open for the next item. Camera where there is one, typing always.
//
//   startScan(document.querySelector("[data-scan]"), async (raw, how) => ({ ok: true, text: "Arnica Lotion" }));
//
// In a form of another kind the strip has no form of its own, only the camera (components/scanned.html).
// `seen` is what was read just before, on the page that led here: still in view, it does not count again.
// The callback gets the raw text and "scanned" or "typed"; what it answers is shown on the strip and read out.
import { hasCamera, openCamera, whyNot } from "./scan/camera.js";
import { makeReader } from "./scan/reader.js";

const EVERY = 120; // milliseconds between two looks
const SAME = 2500; // the same code in front of the camera counts again only after it was gone so long

const SENT = /^\][A-Za-z][0-9A-Za-z]/;

export function startScan(strip, onCode, { seen: before = "" } = {}) {
  const part = (name) => strip.querySelector(`[data-scan-${name}]`);
  const field = part("text");
  let camera = null;
  let last = { text: before, at: Date.now() };
  let reading = null;

  const say = (text, tone = "") => {
    part("status").textContent = text;
    part("said").textContent = tone ? text : "";
    strip.dataset.tone = tone;
  };
  const hand = async (raw, how) => {
    const answer = (await onCode(raw, how)) ?? {};
    if (answer.text) say(answer.text, answer.ok ? "ok" : "soon");
    if (answer.ok) navigator.vibrate?.(40);
  };

  async function look() {
    if (!camera) return;
    try {
      for (const text of await reading(part("video"))) seen(text);
    } catch {
      // one frame that could not be read; the next one comes
    }
    if (camera) setTimeout(look, EVERY);
  }
  function seen(text) {
    const now = Date.now();
    const again = text === last.text && now - last.at < SAME;
    last = { text, at: now };
    if (!again) hand(text, "scanned");
  }

  async function open() {
    say("The camera is starting.");
    try {
      const video = part("video");
      const [opened, reader] = await Promise.all([openCamera(video), makeReader(strip.dataset)]);
      camera = opened;
      reading = reader;
      last.at = before ? Date.now() : last.at; // however long the camera took to start
      before = "";
      part("view").hidden = false;
      part("light").hidden = !camera.hasTorch;
      part("camera").setAttribute("aria-pressed", "true");
      say("Hold a code before the camera.");
      look();
    } catch (error) {
      close();
      say(whyNot(error));
      field.focus();
    }
  }
  function close() {
    camera?.close();
    camera = null;
    part("view").hidden = true;
    part("camera").setAttribute("aria-pressed", "false");
    say("");
  }

  part("type")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    if (text) hand(text, SENT.test(text) ? "scanned" : "typed"); // a hand scanner types, too: its symbology tells
  });
  part("camera").hidden = !hasCamera();
  part("camera").addEventListener("click", () => (camera ? close() : open()));
  part("light").addEventListener("click", (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    camera?.light(on);
  });
  document.addEventListener("visibilitychange", () => document.hidden && camera && close());
  if (!hasCamera() && part("type")) say("No camera here: type the code, or use a hand scanner.");
  return { open, close, say };
}
