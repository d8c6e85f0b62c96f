// The command box: the search field of the bar, answering while one types, with this page's actions.
const form = document.querySelector("[data-command]");
const box = form?.querySelector("[data-command-box]");
const english = document.documentElement.lang === "en";

if (form && box) {
  const list = document.createElement("div");
  list.className = "command";
  list.id = "command-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", english ? "Results" : "ผลการค้น");
  list.hidden = true;
  form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-autocomplete", "list");

  let timer;
  let asking;
  let at = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(isShown) {
    list.hidden = !isShown;
    box.setAttribute("aria-expanded", String(isShown));
    if (!isShown) box.removeAttribute("aria-activedescendant");
  }
  function mark(index) {
    const all = options();
    at = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, i) => {
      option.id ||= `command-${i}`;
      option.setAttribute("aria-selected", String(i === at));
    });
    if (at >= 0) {
      box.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
  }
  // Actions of the page: whatever has a key and a word, filtered by what is typed.
  function actions(text) {
    const found = [...document.querySelectorAll(".page [data-key], .page-actions .button")]
      .filter((button) => button.offsetParent !== null && button.textContent.trim())
      .filter((button) => button.textContent.toLowerCase().includes(text.toLowerCase()));
    return [...new Map(found.map((button) => [button.textContent.trim(), button])).entries()].slice(0, 5);
  }
  function drawActions(text) {
    const found = actions(text);
    if (!found.length) return;
    const head = document.createElement("p");
    head.className = "command-head";
    head.textContent = english ? "On this page" : "ทำในหน้านี้";
    list.append(head);
    for (const [words, button] of found) {
      const row = document.createElement("button");
      row.type = "button";
      row.className = "command-row";
      row.setAttribute("role", "option");
      row.append(document.createElement("span"), document.createElement("span"));
      row.children[1].textContent = words;
      if (button.dataset.key) {
        const key = document.createElement("span");
        key.className = "command-kind";
        key.textContent = button.dataset.key;
        row.append(key);
      }
      row.addEventListener("click", () => {
        show(false);
        button.click();
      });
      list.append(row);
    }
  }
  async function ask() {
    const text = box.value.trim();
    asking?.abort();
    if (!text) {
      list.replaceChildren();
      drawActions("");
      show(list.childElementCount > 0);
      return;
    }
    asking = new AbortController();
    try {
      const address = `${form.action}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { headers: { "X-Khet-Fragment": "command" }, signal: asking.signal });
      const html = await answer.text();
      list.replaceChildren();
      // A page instead of rows means that nobody answers fragments here: Enter still opens the search page.
      if (answer.ok && !/<html/i.test(html)) list.append(document.createRange().createContextualFragment(html));
      drawActions(text);
      show(list.childElementCount > 0);
      mark(-1);
      at = -1;
      options().forEach((option) => option.setAttribute("aria-selected", "false"));
    } catch (reason) {
      if (reason.name !== "AbortError") show(false);
    }
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  box.addEventListener("focus", () => {
    if (box.value.trim()) ask();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.hidden) box.blur();
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) ask();
      else mark(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1));
    } else if (event.key === "Enter" && !list.hidden && at >= 0) options()[at].click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) show(false);
  });
}
