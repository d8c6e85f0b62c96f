// Keys bind to the key's place, so they work on a Thai layout; single keys are silent in boxes and can be turned off.
import { open } from "./boxes.js";
import { current, walk } from "./lists.js";

const OFF = "khet.keys.off";
const WRITES = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
let jumping = false;

function act(code) {
  const place = current() ?? document;
  const wanted = `[data-key="${code}" i]`;
  const found = place.querySelector(wanted) ?? document.querySelector(wanted);
  if (!found || found.offsetParent === null) return false;
  found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  const box = document.querySelector("[data-command-box]");
  if (command && event.code === "KeyK" && box) {
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  if (command || event.altKey || event.target.closest?.(WRITES) || document.querySelector("dialog[open]")) return;
  if (localStorage.getItem(OFF)) return;
  if (jumping) {
    jumping = false;
    const letter = event.code.replace("Key", "").toLowerCase();
    const link = document.querySelector(`[data-jump="${letter}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  let used = true;
  if (event.code === "Slash" && event.shiftKey) {
    const help = document.getElementById("keys");
    if (help) open(help);
  } else if (event.code === "Slash" && box) box.focus();
  else if (event.code === "KeyG") {
    jumping = true;
    setTimeout(() => (jumping = false), 1500);
  } else if (event.code === "KeyJ" || (event.code === "ArrowDown" && current())) used = walk(1);
  else if (event.code === "KeyK" || (event.code === "ArrowUp" && current())) used = walk(-1);
  else if (event.code === "KeyX" || (event.code === "Space" && event.target.matches?.("[data-open-row]"))) {
    const tick = current()?.querySelector("input[data-row-check]");
    used = Boolean(tick);
    tick?.click();
  } else if (event.code === "KeyP") used = act("P") || (window.print(), true);
  else if (/^Key[A-Z]$/.test(event.code)) used = act(event.code.slice(3));
  else if (event.key === "Escape") {
    const clear = document.querySelector("[data-bulk]:not([hidden]) [data-clear]");
    used = Boolean(clear);
    clear?.click();
  } else used = false;
  if (used) event.preventDefault();
});

document.querySelectorAll("[data-keys-off]").forEach((box) => {
  box.checked = Boolean(localStorage.getItem(OFF));
  box.addEventListener("change", () => (box.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
});
