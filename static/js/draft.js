// Saves what is written every five seconds. Until the server has it, it stays on this device, so that
// a lost connection or a closed tab loses nothing.
const form = document.querySelector("form[data-draft]");
const fields = [...form.querySelectorAll("textarea, input[type=text]")];
const state = form.querySelector("[data-draft-state]");
const words = state.dataset;
const keyOf = (field) => (field.name === "text" ? form.dataset.draft : `${form.dataset.draft}-${field.name}`);

const kept = {
  get: (field) => { try { return localStorage.getItem(keyOf(field)); } catch { return null; } },
  set: (field) => { try { localStorage.setItem(keyOf(field), field.value); } catch { /* private browsing: the page itself still holds it */ } },
  drop: (field) => { try { localStorage.removeItem(keyOf(field)); } catch { /* nothing was kept */ } },
};

const saved = new Map(fields.map((field) => [field, field.value]));
let busy = false;
const say = (text) => { if (state.textContent !== text) state.textContent = text; };
const unsaved = () => fields.filter((field) => field.value !== saved.get(field));

for (const field of fields) {
  const left = kept.get(field);
  if (left !== null && left !== saved.get(field)) {
    field.value = left;
    say(words.restored);
  }
  field.addEventListener("input", () => kept.set(field));
}

async function freshToken() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (page.redirected) return false;
  const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-draft] [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
}

async function send(texts, again = true) {
  const body = new FormData(form);
  for (const [field, text] of texts) body.set(field.name, text);
  const answer = await fetch(location.href, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 403 && again && (await freshToken())) return send(texts, false);
  return answer;
}

async function save() {
  if (busy || !unsaved().length) return;
  const texts = fields.map((field) => [field, field.value]);
  busy = true;
  say(words.saving);
  try {
    const answer = await send(texts);
    if (answer.status === 422) say(words.refused);
    else if (answer.redirected || answer.status === 403) say(words.signedOut);
    else if (!answer.ok) say(words.offline);
    else {
      for (const [field, text] of texts) {
        saved.set(field, text);
        if (field.value === text) kept.drop(field);
      }
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
  save().then(() => { if (!unsaved().length) say(words.saved); });
});
