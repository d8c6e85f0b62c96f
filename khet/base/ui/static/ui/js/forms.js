// Forms: sent once, never left with changes by mistake, drafts kept on this machine, phrases at the cursor.
const english = document.documentElement.lang === "en";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "1";
  changed.delete(form);
  const button = event.submitter;
  // After this turn, so that the button's own name and value still travel with the form.
  setTimeout(() => {
    if (button && !event.defaultPrevented) button.dataset.sending = "";
  });
});
for (const over of ["pageshow", "htmx:afterRequest"]) {
  window.addEventListener(over, () => {
    document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
    document.querySelectorAll(".button[data-sending]").forEach((button) => button.removeAttribute("data-sending"));
  });
}

const changed = new Set();
document.addEventListener("input", (event) => {
  if (event.target.form?.matches("[data-form]")) changed.add(event.target.form);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of changed) if (form.isConnected) event.preventDefault();
});

// Quick phrases append at the cursor.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-phrases] .chip");
  if (!chip) return;
  const box = document.querySelector(chip.closest("[data-phrases]").dataset.phrases);
  if (!box) return;
  const phrase = chip.dataset.phrase ?? chip.textContent.trim();
  const at = box.selectionStart ?? box.value.length;
  const before = box.value.slice(0, at);
  const gap = before && !/\s$/.test(before) ? " " : "";
  box.setRangeText(gap + phrase, at, box.selectionEnd ?? at, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});

// Ctrl Enter sends the form being written.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (form?.method === "post") {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".button-primary"));
  }
});

// After errors the list of them takes the focus; its links lead to the boxes.
document.querySelector("[data-focus]")?.focus();

// The drop zone in our own words; the browser's own control stays, unseen, for keyboard and reader.
function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
function equipDrop(zone) {
  const box = zone.querySelector("input[type=file]");
  const words = zone.querySelector(".drop-words");
  if (!box || !words || zone.classList.contains("has-script")) return;
  zone.classList.add("has-script");
  const title = document.createElement("span");
  title.className = "drop-title";
  const note = document.createElement("span");
  note.className = "drop-note";
  const label = document.createElement("label");
  label.className = "button button-secondary";
  label.htmlFor = box.id;
  label.textContent = english ? "Choose a file" : "เลือกไฟล์";
  words.prepend(title, note);
  zone.append(label);
  function tell() {
    const files = [...box.files];
    title.className = files.length ? "drop-title drop-name" : "drop-title";
    title.textContent = files.length ? files.map((file) => file.name).join(", ") : english ? "Drop the file here" : "วางไฟล์ที่นี่";
    note.textContent = files.length ? size(files.reduce((sum, file) => sum + file.size, 0)) : english ? "or choose it from this computer" : "หรือเลือกจากเครื่องนี้";
  }
  box.addEventListener("change", tell);
  tell();
}
document.querySelectorAll(".drop").forEach(equipDrop);
// Each piece that came in: after a swap of a whole piece the target of the swap is the old one.
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.(".drop").forEach(equipDrop));

// Files dropped anywhere on the zone.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.(".drop");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    const box = zone.querySelector("input[type=file]");
    if (kind === "drop" && box && event.dataTransfer.files.length) {
      box.files = event.dataTransfer.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
