// The box of receivers: search within it, choose a whole kind or a saved group, count what is chosen.
export function receivers(box) {
  const boxes = () => [...box.querySelectorAll('input[type="checkbox"]')];
  const count = box.querySelector("[data-receivers-count]");
  const tell = () => {
    const chosen = boxes().filter((one) => one.checked).length;
    count.textContent = chosen || "";
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const search = box.querySelector("[data-receivers-search]");
  search.hidden = false;
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const one of boxes()) {
      one.closest("label").hidden = wanted !== "" && !one.closest("label").textContent.toLowerCase().includes(wanted);
    }
    if (wanted) for (const group of box.querySelectorAll("[data-receivers-group]")) group.open = true;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = boxes().find((one) => !one.closest("label").hidden);
    if (first) {
      first.checked = !first.checked;
      tell();
    }
  });
  for (const button of box.querySelectorAll("[data-receivers-all]")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const own = [...button.closest("details").querySelectorAll('input[type="checkbox"]')];
      const all = own.every((one) => one.checked);
      for (const one of own) one.checked = !all;
      tell();
    });
  }
  const saved = box.querySelector("[data-receivers-saved]");
  if (saved) {
    saved.hidden = false;
    for (const button of saved.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const wanted = new Set(button.dataset.members.split(" "));
        for (const one of boxes()) if (wanted.has(one.value)) one.checked = true;
        tell();
      });
    }
  }
  for (const one of boxes()) one.addEventListener("change", () => (count.textContent = boxes().filter((b) => b.checked).length || ""));
  count.textContent = boxes().filter((one) => one.checked).length || "";
}

for (const box of document.querySelectorAll("[data-receivers]")) receivers(box);
