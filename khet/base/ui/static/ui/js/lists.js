// Lists: choosing rows, the bulk bar, walking with the keyboard, boards with arrow keys.
function boxesOf(list) {
  return [...list.querySelectorAll("input[data-row-check]")];
}
function count(list) {
  const boxes = boxesOf(list);
  const chosen = boxes.filter((box) => box.checked);
  const all = list.querySelector("input[data-all]");
  if (all) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  for (const box of boxes) box.closest("[data-row], tr")?.classList.toggle("is-selected", box.checked);
  list.querySelectorAll("[data-count]").forEach((place) => (place.textContent = chosen.length.toLocaleString("en")));
  const bulk = list.querySelector("[data-bulk]");
  if (bulk) bulk.hidden = chosen.length === 0;
}
const LIST = "[data-list], form, .panel";
document.addEventListener("change", (event) => {
  const box = event.target;
  const list = box.closest?.(LIST);
  if (!list) return;
  if (box.matches("[data-all]")) boxesOf(list).forEach((row) => (row.checked = box.checked));
  if (box.matches("[data-all], [data-row-check]")) count(list);
});
// A press with Shift chooses everything between.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[data-row-check]");
  if (box) {
    const boxes = boxesOf(box.closest(LIST));
    if (event.shiftKey && last && boxes.includes(last)) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((row) => (row.checked = box.checked));
      count(box.closest(LIST));
    }
    last = box;
  }
  const clear = event.target.closest?.("[data-clear]");
  if (clear) {
    const list = clear.closest(LIST);
    boxesOf(list).forEach((row) => (row.checked = false));
    count(list);
  }
});
export function prepare(root) {
  const lists = new Set([...root.querySelectorAll("input[data-row-check], [data-bulk]")].map((part) => part.closest(LIST)));
  lists.forEach((list) => list && count(list));
}
prepare(document);
document.addEventListener("htmx:afterSwap", (event) => event.detail.target && prepare(event.detail.target));
window.addEventListener("pageshow", () => prepare(document));

// The row the keyboard stands on.
export function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
}
export function current() {
  const all = rows();
  return all.find((row) => row.contains(document.activeElement)) ?? all.find((row) => row.classList.contains("is-current"));
}
export function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("is-current", row === next));
  (next.querySelector("[data-open-row], a, button, input") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// Arrow keys walk the cells of a board.
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".board-cell");
  if (!cell) return;
  const lines = [...cell.closest(".board").querySelectorAll("tr")].map((line) => [...line.querySelectorAll(".board-cell")]).filter((line) => line.length);
  const row = lines.findIndex((line) => line.includes(cell));
  const column = lines[row].indexOf(cell);
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  if (!(event.key in moves)) return;
  event.preventDefault();
  const [down, across] = moves[event.key];
  const line = lines[Math.min(Math.max(row + down, 0), lines.length - 1)];
  line[Math.min(Math.max(column + across, 0), line.length - 1)].focus();
});
