// Saves what is written every five seconds. Until the server has it, it stays on this device, so that
// a lost connection or a closed tab loses nothing.
const form = document.querySelector("form[data-draft]");
const field = form.elements.text;
const state = form.querySelector("[data-draft-state]");
const words = state.dataset;
const key = form.dataset.draft;

const kept = {
  get: () => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (text) => { try { localStorage.setItem(key, text); } catch { /* private browsing: the page itself still holds it */ } },
  drop: () => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

let saved = field.value;
let busy = false;
const say = (text) => { if (state.textContent !== text) state.textContent = text; };

const left = kept.get();
if (left !== null && left !== saved) {
  field.value = left;
  say(words.restored);
}

field.addEventListener("input", () => kept.set(field.value));

async function freshToken() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (page.redirected) return false;
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-draft] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
}

async function send(text, again = true) {
  const body = new FormData(form);
  body.set("text", text);
  const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 403 && again && (await freshToken())) return send(text, false);
  return answer;
}

async function save() {
  const text = field.value;
  if (busy || text === saved) return;
  busy = true;
  say(words.saving);
  try {
    const answer = await send(text);
    if (answer.status === 422) say(words.refused);
    else if (answer.redirected || answer.status === 403) say(words.signedOut);
    else if (!answer.ok) say(words.offline);
    else {
      saved = text;
      if (field.value === text) kept.drop();
      say(words.saved);
    }
  } catch {
    say(words.offline);
  } finally {
    busy = false;
  }
}

setInterval(save, 5000);
addEventListener("online", save);
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

// The save button goes the same way, so that pressing it without a connection leaves the page as it is.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save().then(() => { if (field.value === saved) say(words.saved); });
});
