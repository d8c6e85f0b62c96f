// The decision panel: keeps the typed note every 3 seconds, opens the rows named in the address, repeats pickers.
const PAUSE = 3000;

function keep(form) {
  const box = form.querySelector("[data-note]");
  const saved = form.querySelector("[data-saved]");
  if (!box) return;
  let sent = box.value;
  let sending = false;
  const save = async () => {
    if (sending || box.value === sent) return;
    sending = true;
    const text = box.value;
    try {
      const body = new URLSearchParams({ note: text });
      const answer = await fetch(form.dataset.keep, {
        method: "POST", body, keepalive: true, credentials: "same-origin",
        headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
      });
      if (answer.ok) sent = text;
      saved.textContent = answer.ok ? form.dataset.kept : form.dataset.unkept;
    } catch {
      saved.textContent = form.dataset.unkept;
    } finally {
      sending = false;
    }
  };
  const timer = setInterval(() => (form.isConnected ? save() : clearInterval(timer)), PAUSE);
  addEventListener("pagehide", () => form.isConnected && save());
  form.addEventListener("submit", () => clearInterval(timer));
}

function repeats(form) {
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-repeat]");
    if (!row || !event.target.value) return;
    const all = [...form.querySelectorAll(`[data-repeat] select[name="${event.target.name}"]`)];
    if (all.some((box) => !box.value)) return;
    const copy = row.cloneNode(true);
    const box = copy.querySelector("select");
    box.value = "";
    box.id += "x";
    copy.querySelector("label").htmlFor = box.id;
    row.closest("div.decision-rows").insertBefore(copy, all.at(-1).closest("[data-repeat]").nextSibling);
  });
}

function start(root) {
  for (const form of root.querySelectorAll("form[data-decision]:not([data-ready])")) {
    form.dataset.ready = "";
    keep(form);
    const fold = location.hash.length > 1 && form.querySelector(`details#${CSS.escape(location.hash.slice(1))}`);
    if (fold) fold.open = true;
    repeats(form);
  }
}

start(document);
document.addEventListener("htmx:afterSettle", () => start(document));
