// The page of a room. The server alone holds step and turn: this shows what it says, and counts the time meanwhile.
import { flags, goers, laterSteps, left, nextSpeaker, takers } from "./room_flags.js";
import { awaitRoom } from "./await_room.js";
import { listen, post, sender } from "./room_line.js";

const page = document.querySelector("[data-room]");
const words = page.dataset;
const me = Number(words.me);
const table = "table" in words;
const find = (name) => page.querySelector(`[data-${name}]`);
const findAll = (name) => [...page.querySelectorAll(`[data-${name}]`)];
const names = new Map([...find("names").children].map((one) => [Number(one.dataset.key), one.textContent]));
const SOFT_END = 10;

let seen = JSON.parse(words.state);
let came = performance.now();
let said = "";
let lost = false;
let words_said = "";
let closes = false; // whether the last tap here closed the room
let gently = false;
try { gently = localStorage.getItem("room-gently") === "1"; } catch { /* private browsing: for this visit alone */ }

const passed = () => (performance.now() - came) / 1000;
const put = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
const hide = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
const named = (template, key) => template.replace("{name}", names.get(key) ?? "");

function show() {
  const held = flags(seen, { me, table, passed: passed() });
  const focused = document.activeElement;
  for (const part of findAll("when")) {
    const holds = part.dataset.when.split(" ").every((word) => (word.startsWith("!") ? !held.has(word.slice(1)) : held.has(word)));
    hide(part, !holds);
  }
  // A button that went away under somebody's finger or key: go on from the title, not from the top of the page.
  if (focused && focused !== document.body && page.contains(focused) && !focused.checkVisibility()) {
    document.getElementById("room-title").focus({ preventScroll: true });
  }
  tick();
}

function tick() {
  const rest = left(seen, passed());
  const clock = find("clock");
  const whole = Math.max(Math.round(rest), 0);
  put(clock, gently || seen.gently
    ? words.minutesWords.replace("{count}", Math.max(Math.round(whole / 60), 1))
    : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`);
  const bar = find("rest");
  bar.value = Math.round((100 * Math.max(rest, 0)) / Math.max(seen.seconds, 1));
  bar.classList.toggle("stage__rest--soft", seen.phase === "running" && rest <= SOFT_END * seen.pace && rest > 0);
}

const stepName = (kind) => page.querySelector(`[data-part="${kind}"] .stage__name`)?.textContent ?? "";

// The steps ahead change with the time that is left; what is chosen stays chosen.
function fillLater() {
  const select = find("later");
  const chosen = select.selectedOptions[0]?.textContent;
  const options = laterSteps(seen).map(([ahead, kind]) => new Option(stepName(kind), ahead, false, stepName(kind) === chosen));
  const same = options.length === select.length && options.every(({ text, value }, at) => text === select.options[at].text && value === select.options[at].value);
  if (!same) select.replaceChildren(...options);
}

function fill() {
  for (const element of findAll("version")) element.value = seen.v;
  for (const element of findAll("text")) {
    const { text, words: template } = element.dataset;
    if (text === "readers") put(element, template.replace("{names}", seen.order.map((key) => names.get(key) ?? "").join(" → ")));
    else if (text === "asks") {
      const side = (keys) => keys.map((key) => names.get(key) ?? "").join(element.dataset.and);
      put(element, template.replace("{names}", seen.asks.map((group) => group.map(side).join(" ⇄ ")).join(" / ")));
    } else put(element, named(template, text === "next" ? nextSpeaker(seen) : text === "reader" ? seen.reader : seen.turn));
  }
  put(find("place"), String(seen.at + 1));
  put(find("count"), String(seen.steps.length));
  fillLater();
  const isHere = (key) => (key === seen.leader ? seen.leader_here : seen.here.includes(key));
  for (const form of findAll("arrives")) hide(form, isHere(Number(form.dataset.arrives)));
  for (const form of findAll("beside")) hide(form, seen.shares[form.dataset.beside] !== me);
  fillWith(find("takers"), takers(seen));
  fillWith(find("goers"), goers(seen, me));
  const list = find("order");
  const place = (item) => { const at = seen.order.indexOf(Number(item.dataset.key)); return at < 0 ? 99 : at; };
  const items = [...list.children];
  const sorted = [...items].sort((one, other) => place(one) - place(other));
  if (sorted.some((item, at) => item !== items[at])) list.append(...sorted);
  for (const item of items) {
    const key = Number(item.dataset.key);
    const here = isHere(key);
    item.classList.toggle("sitter--now", key === seen.turn);
    item.classList.toggle("sitter--away", !here);
    if (key === seen.turn) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
    hide(item.querySelector("[data-said]"), !seen.said.includes(key));
    hide(item.querySelector("[data-away]"), here);
  }
}

// Only those whom it is not refused; whoever was chosen stays so.
function fillWith(select, people) {
  const keys = people.filter((key) => names.has(key));
  if (keys.join() === [...select.options].map((one) => one.value).join()) return;
  const { value } = select;
  select.replaceChildren(...keys.map((key) => new Option(names.get(key), String(key), false, String(key) === value)));
}

// Tells a screen reader once for each step and turn, and never each second.
function announce() {
  const key = `${seen.phase} ${seen.at} ${seen.turn}`;
  if (key === said) return;
  const first = said === "";
  said = key;
  if (first) return;
  const live = find("live").dataset;
  const step = stepName(seen.kind);
  const next = nextSpeaker(seen);
  const turn = seen.turn === null ? "" : seen.turn === me ? live.myWords : named(live.turnWords, seen.turn);
  put(find("live"), [step, turn, next === null ? "" : named(live.nextWords, next)].filter(Boolean).join(" "));
}

function take(state) {
  if (state.v < seen.v) return;
  if (state.captions && !seen.captions) put(find("live"), find("captions-words")?.textContent ?? "");
  seen = state;
  came = performance.now();
  fill();
  show();
  announce();
  document.dispatchEvent(new CustomEvent("madoi:room", { detail: seen }));
}

function say() {
  put(find("link"), words_said || (lost ? words.lost : ""));
}

const line = {
  room: (state) => { lost = false; say(); take(state); taps.again(); },
  signal: (signal) => {
    document.dispatchEvent(new CustomEvent("madoi:signal", { detail: signal }));
  },
  closed: () => {
    // Whoever still talks says goodbye first: a call that goes on needs no room.
    if (document.dispatchEvent(new CustomEvent("madoi:closed", { cancelable: true }))) { location.reload(); return; }
    hide(find("stage"), true);
    hide(find("farewell"), false);
    for (const part of findAll("reopens")) hide(part, !closes);
    put(find("live"), find("farewell").querySelector("h2").textContent);
    awaitRoom(() => {
      closes = false;
      hide(find("stage"), false);
      hide(find("farewell"), true);
      close = listen(words.stream, line);
    });
  },
  lost: (isLost) => { lost = isLost; say(); },
};
let close = listen(words.stream, line);

const taps = sender(location.href, {
  done: () => { words_said = ""; say(); },
  kept: () => { words_said = words.kept; say(); },
  out: () => { words_said = words.signedOut; say(); setTimeout(() => location.reload(), 2000); },
  refused: ({ words: why, room }) => { words_said = why; say(); if (room) take(room); else location.reload(); setTimeout(() => { if (words_said === why) { words_said = ""; say(); } }, 8000); },
});

export function act(action, fields = {}) {
  closes = action === "close";
  taps.send({ version: seen.v, ...fields, action });
}

export async function sendSignal(to, data) {
  const answer = await post(words.signal, { to, data: JSON.stringify(data) });
  return answer.status === 204;
}

page.addEventListener("submit", (event) => {
  if (!("act" in event.target.dataset)) return;
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(event.target));
  if ("leaves" in (event.submitter?.dataset ?? {})) {
    close();
    post(location.href, { ...fields, action: "leave" }).finally(() => location.assign("../"));
    return;
  }
  delete fields.csrfmiddlewaretoken;
  act(event.submitter.value, { ...fields, version: seen.v });
});

for (const part of findAll("script")) part.hidden = false;
for (const part of findAll("no-script")) part.hidden = true;

// Only on one's own screen: nothing is sent and nothing kept.
find("advice").addEventListener("click", () => {
  const line = find("advice-line");
  put(line, line.dataset.words);
  setTimeout(() => put(line, ""), 30_000);
});
const box = find("gently");
box.checked = gently;
box.addEventListener("change", () => {
  gently = box.checked;
  try { localStorage.setItem("room-gently", gently ? "1" : "0"); } catch { /* for this visit alone */ }
  tick();
});

// Parts change with time too: a turn whose time is over.
setInterval(show, 500);
fill();
show();
announce();
