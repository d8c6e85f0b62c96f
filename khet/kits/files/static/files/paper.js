// Arrow keys turn the page of the paper that has the focus; the turned page takes the focus.
let turning = false;

document.addEventListener("keydown", (event) => {
  const paper = event.target.closest?.("[data-paper]");
  const way = { ArrowLeft: "before", PageUp: "before", ArrowRight: "after", PageDown: "after" }[event.key];
  if (!paper || !way || event.altKey || event.ctrlKey || event.metaKey) return;
  const link = paper.closest(".paper-shown")?.querySelector(`[data-turn="${way}"]`);
  if (!link) return;
  event.preventDefault();
  turning = true;
  link.click();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const shown = document.getElementById(event.target.id);
  if (turning && shown?.matches(".paper-shown")) {
    turning = false;
    shown.querySelector("[data-paper]")?.focus();
  }
});
