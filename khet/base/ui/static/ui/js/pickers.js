// The picker of people and units: a select becomes a box that finds by any fragment, with a chip for each choice.
// The select stays in the form and keeps the value, so that the form is the same with and without script.
const english = document.documentElement.lang === "en";

function fold(text) {
  return text.toLowerCase().replace(/[\u0E48-\u0E4B\u0E4E\s.]/g, "");
}

export function equip(select) {
  if (select.dataset.equipped) return;
  select.dataset.equipped = "1";
  const many = select.multiple;
  const room = document.createElement("div");
  room.className = "picker";
  const chips = document.createElement("span");
  chips.className = "picker-chips";
  const box = document.createElement("input");
  box.type = "text";
  box.className = "picker-box";
  box.id = `${select.id}_find`;
  box.autocomplete = "off";
  const hint = select.dataset.picker || (english ? "Type any part of the name" : "พิมพ์ส่วนใดของชื่อก็ได้");
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-autocomplete", "list");
  const list = document.createElement("div");
  list.className = "command picker-list";
  list.id = `${select.id}_list`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.setAttribute("aria-controls", list.id);
  for (const tie of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(tie)) box.setAttribute(tie, select.getAttribute(tie));
  }
  room.append(chips, box, list);
  select.after(room);
  select.hidden = true;
  select.required = false;
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) label.htmlFor = box.id;
  box.placeholder = hint;
  let at = -1;

  function changed() {
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  }
  function draw() {
    chips.replaceChildren();
    box.placeholder = select.value && !many ? "" : hint;
    for (const option of select.selectedOptions) {
      if (!option.value) continue;
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip chip-person";
      chip.textContent = `${option.dataset.short ?? option.text} ×`;
      chip.setAttribute("aria-label", `${english ? "Remove" : "เอาออก"} ${option.text}`);
      chip.addEventListener("click", () => {
        option.selected = false;
        if (!many) select.value = "";
        changed();
        box.focus();
      });
      chips.append(chip);
    }
  }
  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    at = -1;
  }
  function find() {
    const wanted = fold(box.value);
    list.replaceChildren();
    let group = null;
    let shown = 0;
    for (const option of select.options) {
      if (!option.value || option.selected || option.disabled || !fold(option.text).includes(wanted)) continue;
      if (shown === 30) break;
      const parent = option.parentElement.label;
      if (parent && parent !== group) {
        group = parent;
        const head = document.createElement("p");
        head.className = "command-head";
        head.textContent = parent;
        list.append(head);
      }
      const row = document.createElement("button");
      row.type = "button";
      row.tabIndex = -1;
      row.className = "command-row";
      row.id = `${select.id}_${shown}`;
      row.setAttribute("role", "option");
      const [name, note] = option.text.split(" · ", 2);
      const words = document.createElement("span");
      words.textContent = name;
      const kind = document.createElement("span");
      kind.className = "command-kind";
      kind.textContent = note ?? "";
      row.append(words, kind);
      row.addEventListener("click", () => {
        option.selected = true;
        box.value = "";
        changed();
        close();
        box.focus();
      });
      list.append(row);
      shown += 1;
    }
    list.hidden = shown === 0;
    box.setAttribute("aria-expanded", String(shown > 0));
    mark(0);
  }
  function mark(index) {
    const rows = [...list.querySelectorAll("[role=option]")];
    at = rows.length ? (index + rows.length) % rows.length : -1;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) {
      box.setAttribute("aria-activedescendant", rows[at].id);
      rows[at].scrollIntoView({ block: "nearest" });
    }
  }
  box.addEventListener("input", find);
  box.addEventListener("focus", () => box.value || find());
  box.addEventListener("blur", () => setTimeout(() => room.contains(document.activeElement) || close(), 120));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") list.hidden ? find() : mark(at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" && !list.hidden && !event.ctrlKey) list.querySelectorAll("[role=option]")[at]?.click();
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Backspace" && !box.value && select.selectedOptions.length) {
      const last = [...select.selectedOptions].filter((option) => option.value).at(-1);
      if (last) last.selected = false;
      if (!many) select.value = "";
      changed();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  draw();
}

export function equipAll(root) {
  root.querySelectorAll("select[data-picker]").forEach(equip);
}
equipAll(document);
document.addEventListener("htmx:afterSwap", (event) => event.detail.target && equipAll(event.detail.target));
