// Ticks the half hours that a button stands for at once, without asking the server. Works without: the buttons
// then send the form, and the server ticks them.
const week = document.querySelector("[data-week]");

if (week) {
  const chips = new Map([...week.querySelectorAll("input[name=ticked]")].map((chip) => [chip.value, chip]));
  const presses = [...week.querySelectorAll(".press")];
  const later = document.querySelector("input[name=later]");
  const japanese = document.documentElement.lang === "ja";

  const clock = (minute) => {
    const hour = String(Math.floor(minute / 60));
    return `${japanese ? hour : hour.padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  };
  const partOf = ({ dataset }) => dataset.days.split(" ").flatMap((day) => {
    const found = [];
    for (let at = Number(dataset.from); at < Number(dataset.to); at += 30) found.push(chips.get(`${day}-${at}`));
    return found;
  });
  const chosenOn = (day) => {
    const stretches = [];
    for (let at = 0; at < 1440; at += 30) {
      if (!chips.get(`${day}-${at}`)?.checked) continue;
      const last = stretches.at(-1);
      if (last && last[1] === at) last[1] = at + 30;
      else stretches.push([at, at + 30]);
    }
    return stretches.map(([from, to]) => clock(from) + week.dataset.dash + clock(to)).join(week.dataset.comma);
  };
  const show = () => {
    for (const press of presses) press.setAttribute("aria-pressed", String(partOf(press).every((chip) => chip.checked)));
    for (const place of week.querySelectorAll("[data-chosen]")) place.textContent = chosenOn(place.dataset.chosen);
    if (later && [...chips.values()].some((chip) => chip.checked)) later.checked = false;
  };

  week.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const [kind, day, to] = button.value.split(":");
    if (kind === "copy") {
      for (const [value, chip] of chips) {
        const [other, at] = value.split("-");
        if (other !== day && (to === "all" || Number(other) < 5)) chip.checked = chips.get(`${day}-${at}`)?.checked ?? false;
      }
    } else {
      const part = partOf(button);
      const tick = !part.every((chip) => chip.checked);
      for (const chip of part) chip.checked = tick;
    }
    event.preventDefault();
    show();
  });
  week.addEventListener("change", show);
  addEventListener("pageshow", show); // a browser that goes back fills in what was ticked
}

const days = document.querySelector("[data-days]");
const more = document.querySelector("[data-days-more]");
if (days && more) {
  more.hidden = false;
  document.querySelector("[data-days-hint]").hidden = true;
  more.addEventListener("click", () => {
    const box = days.lastElementChild.cloneNode(true);
    const input = box.querySelector("input");
    const label = box.querySelector("label");
    input.id = `id_away_${days.children.length}`;
    input.value = "";
    label.htmlFor = input.id;
    label.textContent = label.textContent.replace(/\d+/, String(days.children.length + 1));
    days.append(box);
    input.focus();
  });
}
