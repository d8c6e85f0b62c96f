// Printing from the page's own button; the rest works without script.
const buttons = document.querySelectorAll("[data-print]");
buttons.forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
