// The line between a page and its room: the stream that tells, and the taps that are sent until they arrive.

// Calls `on.room(state)`, `on.signal({from, data})`, `on.closed()`, `on.lost(isLost)`.
export function listen(address, on) {
  let source = null;
  let heard = Date.now();
  let over = false;
  const open = () => {
    if (over) return;
    source?.close();
    source = new EventSource(address);
    source.onopen = () => { heard = Date.now(); on.lost(false); };
    source.addEventListener("room", (event) => { heard = Date.now(); on.lost(false); on.room(JSON.parse(event.data)); });
    source.addEventListener("signal", (event) => on.signal(JSON.parse(event.data)));
    source.addEventListener("closed", () => { over = true; source.close(); on.closed(); });
    source.onerror = () => {
      on.lost(true);
      // Refused for good: signed out, no longer of the circle, or closed meanwhile. The page itself says which.
      if (source.readyState === EventSource.CLOSED) setTimeout(check, 2000);
    };
  };
  async function check() {
    if (over) return;
    try {
      const page = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (page.ok && !page.redirected && (await page.text()).includes("data-room")) open();
      else location.reload();
    } catch {
      setTimeout(check, 3000);
    }
  }
  open();
  // A phone that wakes, or has a network again, does not wait for the browser to notice.
  const again = () => { if (source.readyState !== EventSource.OPEN || Date.now() - heard > 60_000) open(); };
  addEventListener("online", again);
  addEventListener("offline", () => on.lost(true));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  return () => { over = true; source.close(); };
}

async function freshToken() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (page.redirected) return null;
  const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  return found ? found.value : null;
}

let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

export async function post(address, fields, again = true) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set("csrfmiddlewaretoken", token);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
  if (answer.status === 403 && again) {
    const fresh = await freshToken();
    if (fresh) {
      token = fresh;
      return post(address, fields, false);
    }
  }
  return answer;
}

// Sends taps one after the other; one that does not get through is tried again, with the version it was made at, so
// that it does nothing when things have moved on meanwhile.
export function sender(address, on) {
  const waiting = [];
  let busy = false;
  let timer = 0;
  async function go() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    try {
      while (waiting.length) {
        const answer = await post(address, waiting[0]);
        if (answer.status >= 500) throw new Error("not now");
        waiting.shift();
        if (answer.status === 409) on.refused(await answer.json());
        else if (answer.status === 204) on.done();
        else on.out();
      }
    } catch {
      on.kept();
      timer = setTimeout(go, 3000);
    } finally {
      busy = false;
    }
  }
  addEventListener("online", go);
  return {
    send(fields) { waiting.push(fields); go(); },
    again: go,
  };
}
