// Amounts are whole steps (a microlitre, a milligram, a piece), as in the ledger; nothing here is a float.
const PARTS = { "¼": "25", "½": "5", "¾": "75" };
const SHOWN = { 25: "¼", 5: "½", 75: "¾" };
const PER_UNIT = { ml: 1000, g: 1000, piece: 1 };
const SPACE = "\u00a0";

// "1.5", "1,5", "1½" of something that holds `each` steps; null where that is no number or finer than a step.
export function stepsOf(text, each) {
  const typed = text.trim().replace(",", ".").replace(/^(\d*)([¼½¾])$/, (_, whole, part) => `${whole || "0"}.${PARTS[part]}`);
  const found = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(typed);
  if (!found) return null;
  const [, whole, part = ""] = found;
  const scale = 10n ** BigInt(part.length);
  const exact = BigInt(whole + part) * BigInt(each);
  if (exact % scale !== 0n) return null;
  const steps = Number(exact / scale);
  return Number.isSafeInteger(steps) ? steps : null;
}

// How often `each` goes into it: "3", "1½", "1.25"; null where that does not come out within three places.
export function timesOf(steps, each) {
  const thousandths = BigInt(steps) * 1000n;
  if (!each || thousandths % BigInt(each) !== 0n) return null;
  const text = String(thousandths / BigInt(each)).padStart(4, "0");
  const whole = text.slice(0, -3);
  const part = text.slice(-3).replace(/0+$/, "");
  if (!part) return whole;
  return SHOWN[part] ? (whole === "0" ? "" : whole) + SHOWN[part] : `${whole}.${part}`;
}

export const perUnit = (unit) => PER_UNIT[unit];

// "1,890 ml", "3 pieces".
export function amountText(steps, unit) {
  const per = PER_UNIT[unit];
  const whole = Math.floor(steps / per);
  const part = per === 1 ? "" : String(steps % per).padStart(3, "0").replace(/0+$/, "");
  const figure = whole.toLocaleString("en-GB") + (part ? `.${part}` : "");
  return figure + SPACE + (unit === "piece" ? (steps === 1 ? "piece" : "pieces") : unit);
}

// The plain decimal that the server reads: "1890.5".
export function plainAmount(steps, unit) {
  const per = PER_UNIT[unit];
  const part = per === 1 ? "" : String(steps % per).padStart(3, "0").replace(/0+$/, "");
  return String(Math.floor(steps / per)) + (part ? `.${part}` : "");
}
