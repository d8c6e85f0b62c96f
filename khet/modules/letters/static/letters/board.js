// The chase list: the button says how many it will remind.
const chase = document.querySelector("[data-chase]");
const words = chase?.querySelector("[data-chase-words]");
if (words) {
  const tell = () => {
    const count = chase.querySelectorAll('input[name="unit"]:checked, input[data-ticked]').length;
    words.textContent = words.dataset.one.replace("%s", count);
    words.closest("button").disabled = count === 0;
  };
  chase.addEventListener("change", tell);
  tell();
}
