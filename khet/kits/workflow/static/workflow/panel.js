// The decision panel: keeps the typed note every 3 seconds, opens the rows named in the address, repeats pickers,
// and on a phone stands in a sheet that the docked button opens.
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

const narrow = matchMedia("(max-width: 767px)");

function unfold(form, code) {
  const fold = code && form.querySelector(`details#${CSS.escape(code)}`);
  if (!fold) return;
  fold.open = true;
  fold.scrollIntoView({ block: "nearest" });
}

function sheet(form, wanted) {
  const box = document.getElementById("decision-sheet");
  if (!box) return;
  const home = form.closest("[data-decision-home]");
  const place = document.createComment("decision");
  form.before(place);
  document.body.append(box); // inside a part of the page that is not shown it would not show either
  const settle = () => {
    if (narrow.matches) box.append(form);
    else {
      if (box.open) box.close();
      place.after(form);
    }
    document.documentElement.classList.toggle("decision-in-sheet", narrow.matches);
    if (home) home.hidden = narrow.matches && !home.querySelector("form");
  };
  settle();
  narrow.addEventListener("change", settle);
  for (const opener of document.querySelectorAll("[data-open=decision-sheet][data-fold]")) {
    opener.addEventListener("click", () => setTimeout(() => unfold(form, opener.dataset.fold)));
  }
  const opener = document.querySelector("[data-open=decision-sheet]");
  if (opener && narrow.matches && (wanted || form.querySelector(".note-fault"))) setTimeout(() => opener.click());
}

// Where the timeline scrolls by itself, it begins at whoever holds the matter.
function toHolder() {
  const holder = document.querySelector(".decide-scroll [aria-current=step]");
  const pane = holder?.closest(".decide-scroll");
  if (pane && pane.scrollHeight > pane.clientHeight) {
    pane.scrollTop += holder.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom + 48;
  }
}

function start(root) {
  for (const form of root.querySelectorAll("form[data-decision]:not([data-ready])")) {
    form.dataset.ready = "";
    keep(form);
    const hash = location.hash.slice(1);
    unfold(form, hash);
    repeats(form);
    sheet(form, hash === "decide" || (hash && form.querySelector(`details#${CSS.escape(hash)}`)));
  }
}

start(document);
toHolder();
document.addEventListener("htmx:afterSettle", () => start(document));
