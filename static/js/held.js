// Counts down what is left of a holding time, and asks for the page anew when it is over. Works without.
for (const box of document.querySelectorAll("[data-held]")) {
  const left = box.querySelector("[data-left]");
  const ends = performance.now() + 1000 * Number(box.dataset.held);
  if (!left) continue;
  const timer = setInterval(() => {
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    if (seconds > 0) {
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      return;
    }
    clearInterval(timer);
    // A moment later, so that the server's clock has passed it too.
    setTimeout(() => location.reload(), 3000);
  }, 1000);
}
