// Shows what those who are played say. The room tells who says which line; the words stand in the page.
const lines = [...document.querySelectorAll("[data-line]")];

document.addEventListener("madoi:room", ({ detail: { says } }) => {
  const now = says ? `${says.by} ${says.line}` : "";
  for (const line of lines) line.hidden = line.dataset.line !== now;
});
