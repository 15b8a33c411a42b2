// Opens the way into a room when its time comes, without a reload. The server says how long that is,
// so a phone with a wrong clock opens at the right moment too.
for (const door of document.querySelectorAll("[data-door]")) {
  const opensAt = Date.now() + Number(door.dataset.opensIn) * 1000;
  const link = door.querySelector("a");
  const said = door.querySelector("[role=status]");
  const open = () => {
    if (Date.now() < opensAt) return false;
    link.href = door.dataset.url;
    link.removeAttribute("aria-disabled");
    link.removeAttribute("role");
    said.textContent = door.querySelector("[data-door-open]").textContent;
    return true;
  };
  // Asked every five seconds, not by one long timer: a sleeping phone stops timers.
  const watch = setInterval(() => open() && clearInterval(watch), 5000);
  document.addEventListener("visibilitychange", open);
}
