// Receiving one letter after another: Ctrl Enter registers; the number is looked up while the form is filled.
const form = document.querySelector(".letters-receive");
const note = document.querySelector("[data-twin-note]");

form.addEventListener("keydown", (event) => {
  if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

let asked = "";
async function lookUp() {
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ["number_text", "dated_on", "from_text"]) query.set(name, data.get(name) ?? "");
  if (![...query.values()].every(Boolean) || asked === query.toString()) return;
  asked = query.toString();
  const answer = await fetch(`${note.dataset.twinUrl}&${query}`, { headers: { "HX-Request": "true" } });
  if (answer.ok && asked === query.toString()) note.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
}
for (const field of form.querySelectorAll("[data-twin]")) field.addEventListener("change", lookUp);

// A file dropped anywhere on the form is the letter's paper.
const paper = form.querySelector('input[name="paper"]');
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length || event.target === paper) return;
  event.preventDefault();
  paper.files = event.dataTransfer.files;
  paper.dispatchEvent(new Event("change", { bubbles: true }));
});
