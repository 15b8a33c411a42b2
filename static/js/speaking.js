// Counts how long one speaks oneself, where everybody has agreed to it: from how loud one's own microphone is, in one's
// own browser. What is sent is the number of seconds since this page was opened; no sound, and nothing of anybody else.
import { watchLevel } from "./call_devices.js";
import { post } from "./room_line.js";
import { Voice } from "./speaking_level.js";

const EVERY = 15_000; // ms between two numbers
const place = document.querySelector("[data-counts]");
const page = crypto.randomUUID();
let microphone = null;
let agrees = place.dataset.counts === "yes";
let wanted = false; // whether the room is measured, and its time runs
let watched = null;
let stop = () => {};
let seconds = 0;
let sent = -1;

const number = () => Math.floor(seconds);

async function tell() {
  if (!wanted || !agrees || !watched || number() === sent) return;
  const said = number();
  try {
    await post(location.href, { action: "speaking", page, seconds: said });
    sent = said;
  } catch { /* the next number holds this one too */ }
}

function follow() {
  const now = wanted && agrees ? microphone : null;
  if (now === watched) return;
  stop();
  stop = () => {};
  watched = now;
  if (!now) return;
  const voice = new Voice();
  let looked = performance.now();
  stop = watchLevel(now, (level) => {
    const moment = performance.now();
    seconds += voice.heard(level, (moment - looked) / 1000);
    looked = moment;
  });
  tell();
}

document.addEventListener("madoi:microphone", ({ detail }) => { microphone = detail; follow(); });
document.addEventListener("madoi:room", ({ detail }) => { wanted = detail.measures && detail.phase === "running"; follow(); });
document.addEventListener("madoi:closed", () => { wanted = false; follow(); });
setInterval(tell, EVERY);
addEventListener("pagehide", () => {
  if (!wanted || !agrees || !watched) return;
  const last = new FormData();
  const fields = { action: "speaking", page, seconds: number(), csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value };
  for (const [name, value] of Object.entries(fields)) last.set(name, value);
  navigator.sendBeacon(location.href, last);
});

// One's answer, changed in the room: the page shows it at once.
place.addEventListener("submit", (event) => {
  agrees = event.submitter.value === "speaking_yes";
  for (const part of place.querySelectorAll("[data-answer]")) part.hidden = (part.dataset.answer === "yes") !== agrees;
  follow();
});
