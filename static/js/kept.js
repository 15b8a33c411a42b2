// Keeps a form of several fields every five seconds while it is filled in. Until the server has it, it stays on this
// device; a press without a connection waits for one. A form that was finished before is only kept on this device.
const form = document.querySelector("form[data-kept]");
const state = form.querySelector("[data-kept-state]");
const words = state.dataset;
const key = form.dataset.kept;
const finished = "finished" in form.dataset;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "as_it_is"]);

const device = {
  get: () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set: (entry) => { try { localStorage.setItem(key, JSON.stringify(entry)); } catch { /* private browsing: the page itself still holds it */ } },
  drop: () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

const entered = () => new URLSearchParams([...new FormData(form)].filter(([name]) => !LEFT_OUT.has(name))).toString();
const say = (text) => { if (state.textContent !== text) state.textContent = text; };

function fill(text) {
  const given = new URLSearchParams(text);
  for (const field of form.elements) {
    if (!field.name || LEFT_OUT.has(field.name) || field.type === "submit") continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.getAll(field.name).includes(field.value);
    else field.value = given.get(field.name) ?? "";
  }
}

let saved = entered();
let version = form.dataset.version;
let busy = false;
let pressed = null; // the button that waits for a connection
let gone = false;

const left = device.get();
if (left && left.entered !== saved) {
  if (finished && left.version !== version) device.drop(); // an older half of what was finished since
  else { fill(left.entered); say(words.restored); }
}

form.addEventListener("input", () => device.set({ entered: entered(), version }));

async function freshToken() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (page.redirected) return false;
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-kept] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
}

async function send(wish, again = true) {
  const body = new FormData(form);
  body.set("do", wish);
  const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 403 && again && (await freshToken())) return send(wish, false);
  return answer;
}

async function save() {
  const now = entered();
  if (busy || gone || (!pressed && (finished || now === saved))) return;
  const button = pressed;
  busy = true;
  say(words.saving);
  try {
    const answer = await send(button ? button.value || "finish" : "keep");
    if (answer.redirected || answer.status === 403) say(words.signedOut);
    else if (answer.status === 409) { gone = true; device.drop(); say(words.elsewhere); }
    else if (answer.status === 422 && button) { pressed = null; gone = true; ask(button); }
    else if (answer.status === 422) say(words.refused);
    else if (!answer.ok) say(button ? words.waits : words.offline);
    else {
      const told = await answer.json();
      saved = now;
      if (entered() === now) device.drop();
      if (told.url) { gone = true; location.assign(told.url); }
      else { version = told.version; say(words.saved); }
    }
  } catch {
    say(button ? words.waits : words.offline);
  } finally {
    busy = false;
    if (pressed && pressed !== button) save();
  }
}

// The server says on a whole page what is missing.
function ask(button) {
  const wish = document.createElement("input");
  Object.assign(wish, { type: "hidden", name: "do", value: button.value || "finish" });
  form.append(wish);
  form.submit();
}

setInterval(save, 5000);
addEventListener("online", save);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  pressed = event.submitter ?? { value: "finish" };
  save();
});
