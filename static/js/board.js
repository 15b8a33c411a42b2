// Drag a person onto a cohort, onto another person or to those who wait: the page that says what it does opens.
// An addition to the links, which do the same for a keyboard, a screen reader and a finger. For a mouse or a pen.
const FAR = 8; // pixels before a press becomes a drag
const shade = document.createElement("p");
shade.className = "board__dragged";
shade.setAttribute("aria-hidden", "true");

let seat = null; // the link that is pressed
let from = null; // where it was pressed
let isDragged = false;
let target = null;

function home(element) {
  return element.closest("[data-cohort], [data-waiting]");
}

// What is under the pointer, and the seat there as the page's address names it; null where nothing would change.
function placeAt(x, y) {
  const under = document.elementFromPoint(x, y);
  const there = under && home(under);
  if (!there || there === home(seat)) return null;
  const other = under.closest("[data-person]");
  if (other) return { element: other, name: `p${other.dataset.person}` };
  return { element: there, name: "waiting" in there.dataset ? "w" : `c${there.dataset.cohort}` };
}

function mark(found) {
  if (found?.element === target?.element) return;
  target?.element.classList.remove("board__target");
  found?.element.classList.add("board__target");
  target = found;
}

function end() {
  mark(null);
  shade.remove();
  seat = null;
}

document.addEventListener("dragstart", (event) => {
  if (seat) event.preventDefault(); // else the browser drags the address of the link
});

document.addEventListener("pointerdown", (event) => {
  isDragged = false;
  const pressed = event.target.closest("[data-person]");
  if (!pressed || event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls the page
  seat = pressed;
  from = [event.clientX, event.clientY];
});

document.addEventListener("pointermove", (event) => {
  if (!seat) return;
  if (!isDragged) {
    if (Math.hypot(event.clientX - from[0], event.clientY - from[1]) < FAR) return;
    isDragged = true;
    shade.textContent = seat.querySelector("[data-name]").textContent;
    document.body.append(shade);
  }
  shade.style.translate = `${event.clientX + 12}px ${event.clientY + 12}px`;
  mark(placeAt(event.clientX, event.clientY));
});

document.addEventListener("pointerup", (event) => {
  if (!seat) return;
  const found = isDragged ? placeAt(event.clientX, event.clientY) : null;
  const address = seat.href;
  end();
  if (!found) return;
  document.body.setAttribute("aria-busy", "true"); // what it would do takes a moment to judge
  location.assign(`${address}?seat=${found.name}`);
});

addEventListener("pageshow", () => document.body.removeAttribute("aria-busy"));

// A drag that ends where it began is no press of the link.
document.addEventListener("click", (event) => isDragged && event.preventDefault(), { capture: true });
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && seat) end();
});
