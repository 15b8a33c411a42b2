// Looks again, every few seconds, whether a room that was closed has been opened again. Only as long as it can be.
const EVERY = 4000;
const UNTIL = 5 * 60_000;

export function awaitRoom(opened) {
  const began = Date.now();
  async function look() {
    if (Date.now() - began > UNTIL) return;
    try {
      const page = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (page.ok && (await page.text()).includes("data-room ")) { opened(); return; }
    } catch { /* no network: looked again */ }
    setTimeout(look, EVERY);
  }
  setTimeout(look, EVERY);
}

if (document.querySelector("[data-await-room]")) awaitRoom(() => location.reload());
