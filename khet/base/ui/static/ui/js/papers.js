// The paper: fit to the pane or enlarged, pages turned by arrow keys.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-zoom]");
  const pane = button?.closest(".paper-pane")?.querySelector("[data-paper]");
  if (!pane) return;
  const now = Number(pane.dataset.zoomed ?? 0);
  const next = button.dataset.zoom === "fit" ? 0 : Math.min(Math.max(now + Number(button.dataset.zoom), 0), 2);
  pane.dataset.zoomed = next;
  pane.classList.toggle("paper-zoom-1", next === 1);
  pane.classList.toggle("paper-zoom-2", next === 2);
});
document.addEventListener("keydown", (event) => {
  const pane = event.target.closest?.("[data-paper]");
  if (!pane || !["ArrowLeft", "ArrowRight", "PageUp", "PageDown"].includes(event.key)) return;
  const pages = [...pane.querySelectorAll(".paper")];
  const at = pages.findIndex((page) => page.getBoundingClientRect().bottom > pane.getBoundingClientRect().top + 40);
  const step = event.key === "ArrowLeft" || event.key === "PageUp" ? -1 : 1;
  const next = pages[Math.min(Math.max(at + step, 0), pages.length - 1)];
  if (next) {
    event.preventDefault();
    next.scrollIntoView({ block: "start" });
  }
});
