// Counts a tapped word without leaving the page, where somebody may be in the middle of a sentence.
for (const place of document.querySelectorAll("[data-after]")) {
  const form = place.querySelector("form");
  const state = place.querySelector("[role=status]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    form.inert = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.redirected || !(answer.ok || answer.status === 409)) throw new Error(answer.status);
      state.textContent = (await answer.json()).text;
      state.tabIndex = -1;
      state.focus();
      form.remove();
    } catch {
      state.textContent = form.dataset.offline;
      form.inert = false;
    }
  });
}
