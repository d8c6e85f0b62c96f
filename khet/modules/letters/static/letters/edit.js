// Writing a letter: the editor over the plain box, autosave every three seconds, the paper drawn anew as one types.
import { receivers } from "./receivers.js";

const form = document.getElementById("draft");
const body = form.querySelector("[data-letter-body]");
const saved = document.querySelector("[data-saved]");
const picture = document.querySelector("[data-preview-image]");
const token = form.querySelector('[name="csrfmiddlewaretoken"]').value;
let changed = false;
let keeping = false;
let timer = 0;

async function keep() {
  if (!changed || keeping) return;
  changed = false;
  keeping = true;
  const data = new FormData(form);
  data.delete("files");
  try {
    const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(data), headers: { "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(answer.status);
    saved.textContent = saved.dataset.words;
    draw(data);
  } catch {
    changed = true;
    saved.textContent = saved.dataset.failed;
  } finally {
    keeping = false;
  }
}

let drawn = "";
async function draw(data) {
  if (!picture || document.hidden || picture.offsetParent === null) return;
  const answer = await fetch(`${form.dataset.preview}?page=1`, { method: "POST", body: new URLSearchParams(data), headers: { "X-CSRFToken": token } });
  if (!answer.ok) return;
  const next = URL.createObjectURL(await answer.blob());
  picture.src = next;
  if (drawn) URL.revokeObjectURL(drawn);
  drawn = next;
}

function touch() {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(keep, 3000);
}
form.addEventListener("input", touch);
form.addEventListener("change", touch);

form.addEventListener("keydown", (event) => {
  if (event.code === "KeyS" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector('[name="then"][value="save"]'));
  }
});

// The editor is a module of its own, as heavy as the rest of the page: it comes when somebody begins to write anywhere in
// the form. Until then the text stands there to be read; where the editor cannot load, the box of plain paragraphs works.
const frame = document.createElement("div");
frame.className = "prose-editor";
const resting = document.createElement("div");
resting.className = "ProseMirror";
resting.tabIndex = 0;
resting.setAttribute("role", "textbox");
resting.setAttribute("aria-multiline", "true");
resting.setAttribute("aria-label", body.labels[0]?.textContent.trim() ?? "");
resting.append(...new DOMParser().parseFromString(body.value, "text/html").body.childNodes);
body.before(frame);
frame.append(resting);
body.hidden = true;

let loading = null;
async function load() {
  try {
    const kit = await import(form.dataset.editor);
    const names = ["Document", "Paragraph", "Text", "HardBreak", "History", "Bold", "Italic", "Underline", "ListItem", "BulletList", "OrderedList", "Table", "TableRow", "TableHeader", "TableCell", "Menu"];
    const waiting = document.activeElement === resting;
    // No style of its own into the page: the policy forbids it, letters.css has what it needs.
    const editor = new kit.Editor({
      element: frame,
      injectCSS: false,
      extensions: names.map((name) => kit[name]).filter(Boolean),
      content: body.value,
      editorProps: { attributes: { "aria-label": resting.getAttribute("aria-label") } },
      onUpdate({ editor }) {
        body.value = editor.isEmpty ? "" : editor.getHTML();
        touch();
      },
    });
    resting.remove();
    if (waiting) editor.commands.focus("end");
  } catch (why) {
    console.info("plain paragraphs", why);
    frame.remove();
    body.hidden = false;
  }
}
for (const begun of ["focusin", "pointerover", "input"]) form.addEventListener(begun, () => (loading ??= load()), { once: true });
