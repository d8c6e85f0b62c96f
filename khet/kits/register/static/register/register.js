// What a register does besides links and forms: counts ticks, keeps drafts, prints. All of it works without.

const said = (element, words) => { if (element) element.textContent = words; };
const number = new Intl.NumberFormat("en");

function count(form) {
  const rows = [...form.querySelectorAll("input[data-row]")];
  const ticked = rows.filter((row) => row.checked).length;
  const all = form.querySelector("input[data-all]");
  const words = form.querySelector(".bulk-count");
  if (words) {
    const n = all && all.checked ? Number(words.dataset.total) : ticked;
    said(words, words.dataset.countWords.replace("{n}", number.format(n)));
  }
  const page = form.querySelector("input[data-check-page]");
  if (page) {
    page.checked = rows.length > 0 && ticked === rows.length;
    page.indeterminate = ticked > 0 && ticked < rows.length;
  }
}

function wake(root) {
  root.querySelectorAll("[data-check-page], [data-print]").forEach((element) => { element.hidden = false; });
  root.querySelectorAll("#selection").forEach(count);
  const list = document.getElementById("register");
  if (list) {
    document.querySelectorAll("a[data-follows]").forEach((link) => {
      const format = new URL(link.href).searchParams.get("format");
      const query = new URLSearchParams(list.dataset.query);
      if (format) query.set("format", format);
      link.search = query.toString();
    });
  }
}

document.addEventListener("change", (event) => {
  const target = event.target;
  const form = target.closest?.("#selection");
  if (form) {
    if (target.matches("[data-check-page]")) {
      form.querySelectorAll("input[data-row]").forEach((row) => { row.checked = target.checked; });
    }
    const all = form.querySelector("input[data-all]");
    if (all && target.matches("[data-row], [data-check-page]") && !target.checked) all.checked = false;
    count(form);
  }
  if (target.matches?.("select[data-submits]")) target.form.requestSubmit();
});

document.addEventListener("reset", (event) => {
  if (event.target.id === "selection") setTimeout(() => count(event.target));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = document.getElementById("selection");
  if (form && form.querySelector("input[data-row]:checked")) form.reset();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});

// Drafts: what was typed is kept three seconds after the last key.
document.querySelectorAll("form[data-draft]").forEach((form) => {
  let timer;
  const keep = async () => {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), credentials: "same-origin" }).catch(() => null);
    const note = form.querySelector("[data-draft-said]");
    if (note) note.hidden = !(answer && answer.ok);
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 3000); });
  form.addEventListener("submit", () => clearTimeout(timer));
});

document.body.addEventListener("htmx:afterSettle", () => wake(document));
wake(document);
