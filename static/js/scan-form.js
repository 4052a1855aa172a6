// A scan strip on an ordinary page: what is typed or read goes where its form says, and says who read it.
// The reader is loaded only where there is a strip.
import { kept } from "./kept.js";

export async function startScanForm() {
  await startScanField();
  const form = document.querySelector("[data-scan-form] [data-scan-type]");
  if (!form) return;
  if (form.closest("[data-scan-focus]") && matchMedia("(pointer: fine)").matches) form.querySelector("[data-scan-text]").focus();
  const { startScan } = await import("./scan.js");
  startScan(form.closest("[data-scan]"), (raw, how) => {
    const field = form.querySelector("[data-scan-text]");
    const address = new URL(form.action, location.href);
    for (const hidden of form.querySelectorAll("input[type=hidden]")) address.searchParams.set(hidden.name, hidden.value);
    address.searchParams.set(field.name, raw);
    if (how === "scanned" && document.querySelector("[data-scan-camera][aria-pressed=true]")) address.searchParams.set("from", "camera");
    location.assign(address);
    return { ok: true, text: raw };
  });
}

// A scan field inside a form that does more: what the camera reads is sent with the form, which comes back filled in,
// the camera open for the next item.
const JUST_READ = "scanned";

async function startScanField() {
  const strip = document.querySelector("[data-scan-field]");
  if (!strip) return;
  const { startScan } = await import("./scan.js");
  const field = strip.querySelector("[data-scan-text]");
  const again = "scanAgain" in strip.dataset;
  const seen = again ? (kept("sessionStorage")?.getItem(JUST_READ) ?? "") : "";
  const read = (raw) => {
    kept("sessionStorage")?.setItem(JUST_READ, raw);
    field.value = raw;
    strip.querySelector("[name=scanned_by]").value = "camera";
    field.form.requestSubmit(strip.querySelector("[name=add]"));
    return { ok: true, text: raw };
  };
  const { open } = startScan(strip, read, { seen });
  if (again) open();
}
