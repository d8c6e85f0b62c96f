// The chase list: the button says how many it will remind.
document.addEventListener("change", (event) => {
  const chase = event.target.closest?.("[data-chase]");
  if (chase) tell(chase);
});
const tell = (chase) => {
  const words = chase.querySelector("[data-chase-words]");
  if (!words) return;
  const count = chase.querySelectorAll('input[name="unit"]:checked, input[data-ticked]').length;
  words.textContent = words.dataset.one.replace("%s", count);
  words.closest("button").disabled = count === 0;
};

// Rows do not move under the hand of whoever is working in the chase list.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "round-board" && document.activeElement.closest(".rounds-chase")) event.preventDefault();
});

// Printing from the page itself.
for (const button of document.querySelectorAll("[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form saves itself a moment after the last key; what another tab saved is not overwritten.
const form = document.querySelector("[data-answers]");
if (form) {
  const said = document.querySelector("[data-saved]");
  let waiting;
  const save = async () => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (answer?.ok && told) {
      form.elements.version.value = told.version;
      said.textContent = form.dataset.kept.replace("%s", told.saved_at);
    } else {
      said.textContent = told?.sentence ?? form.dataset.failed;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 1500);
  });
}
