// Where the installed app begins: counts that are going on, counts kept here, rooms to begin with.
import { el } from "./dom.js";
import * as store from "./store.js";
import { showLine, showMessage } from "./screen.js";
import { openCounts, Refused, startCount, whoAmI } from "./wire.js";

export async function showStart(user, state) {
  document.querySelector("[data-count-scan]").hidden = true;
  document.querySelector("[data-count-title]").textContent = "Count a room";
  showLine({ waiting: (await store.waitingEntries()).length, state });
  if (state === "signed out") return showMessage(el("p", {}, "Sign in to count."));
  try {
    const { counts, rooms } = await openCounts();
    const open = new Set(counts.map((count) => count.number));
    for (const kept of user ? await store.sheetsOf(user.key) : []) {
      if (!open.has(kept.number)) await store.forgetSheet(user.key, kept.number); // over since
    }
    const busy = new Set(counts.map((count) => count.location.code));
    return showMessage(...section("Going on", counts.map(countItem)), ...section("Begin with a room", rooms.filter((room) => !busy.has(room.code)).map(roomItem)));
  } catch (error) {
    if (error instanceof Refused) return showMessage(el("p", { class: "notice" }, error.message));
    const kept = user ? await store.sheetsOf(user.key) : [];
    if (!kept.length) return showMessage(el("p", {}, "No count is kept on this device. Open one with the network first."));
    return showMessage(...section("Kept on this device", kept.map(({ sheet }) => countItem(sheet))));
  }
}

function section(title, items) {
  return items.length ? [el("div", { class: "section-head" }, el("h2", {}, title)), el("ul", { class: "rows count-list", role: "list" }, items)] : [];
}

const countItem = (count) => el("li", {}, el("a", { class: "count-item", href: `/count/${encodeURIComponent(count.number)}` }, el("span", { class: "grow" }, count.location.name), el("span", { class: "count-note" }, count.lines === undefined ? count.number : `${count.counted} of ${count.lines}`)));

function roomItem(room) {
  const begin = async () => {
    try {
      const { csrf } = await whoAmI();
      const sheet = await startCount(csrf, room.code, true);
      location.assign(`/count/${encodeURIComponent(sheet.count.number)}`);
    } catch (error) {
      if (error instanceof Refused && error.problem.number) location.assign(`/count/${encodeURIComponent(error.problem.number)}`);
      else showMessage(el("p", { class: "notice" }, error instanceof Refused ? error.message : "That needs the network."));
    }
  };
  return el("li", {}, el("button", { class: "count-item", type: "button", onclick: begin }, el("span", { class: "grow" }, room.name), el("span", { class: "count-note" }, room.site)));
}
