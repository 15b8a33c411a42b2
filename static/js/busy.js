// A form marked with data-busy says so while it is under way, so that nobody sends it twice. Works without.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button:not([type]), button[type=submit]");
  const label = button.textContent;
  form.addEventListener("submit", () => {
    // After the browser has gathered the values: a disabled button would be left out.
    setTimeout(() => {
      button.disabled = true;
      button.textContent = form.dataset.busy;
    });
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    button.disabled = false;
    button.textContent = label;
  });
}
