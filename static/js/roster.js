// Search while typing: the list is asked for anew a moment after the last key. Whoever was chosen stays chosen.
// An addition to the form, which does the same with its button.
const MOMENT = 300; // milliseconds of quiet before the list is asked for
const filters = document.querySelector("form[data-live]");
let timer = 0;
let asked = null; // the request under way, given up when the next one starts

function address() {
  const said = [...new FormData(filters)].filter(([, value]) => value !== "");
  return `${location.pathname}?${new URLSearchParams(said)}`;
}

// The marks of those chosen by hand, and of those chosen before an earlier search.
function chosen() {
  return new Set([...document.querySelectorAll("#roster [name=who]:checked, #roster [name=who][type=hidden]")].map((one) => one.value));
}

function keep(marks) {
  const form = document.querySelector("#roster form");
  for (const box of document.querySelectorAll("#roster [name=who]")) {
    if (marks.delete(box.value)) box.checked = true;
  }
  if (!form) return;
  for (const value of marks) {
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "who";
    kept.value = value;
    form.append(kept);
  }
  count();
}

function count() {
  const place = document.querySelector("#roster [data-chosen]");
  if (!place) return;
  const number = chosen().size;
  place.textContent = number ? place.dataset.chosen.replace("0", number) : "";
}

async function show() {
  asked?.abort();
  asked = new AbortController();
  const wanted = address();
  try {
    const answer = await fetch(wanted, { signal: asked.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("roster");
    if (!fresh) return;
    const marks = chosen();
    document.getElementById("roster").replaceWith(fresh);
    document.getElementById("found").textContent = page.getElementById("found").textContent;
    history.replaceState(null, "", wanted);
    keep(marks);
  } catch (trouble) {
    if (trouble.name !== "AbortError") throw trouble;
  }
}

if (filters) {
  filters.addEventListener("input", (event) => {
    if (event.isComposing) return; // kana that are not kanji yet
    clearTimeout(timer);
    timer = setTimeout(show, MOMENT);
  });
  filters.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(show, MOMENT);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("#roster [name=who]")) count();
  });
}
