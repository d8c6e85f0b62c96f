// Writing the texts of a book: an editor over each plain box, loaded when somebody begins to write.
const form = document.getElementById("book");
const names = ["Document", "Paragraph", "Text", "Heading", "HardBreak", "History", "Bold", "Italic", "Underline", "ListItem", "BulletList", "OrderedList", "Table", "TableRow", "TableHeader", "TableCell", "Menu"];
let kit = null;

function stand(box) {
  const frame = document.createElement("div");
  frame.className = "prose-editor";
  const resting = document.createElement("div");
  resting.className = "ProseMirror";
  resting.tabIndex = 0;
  resting.setAttribute("role", "textbox");
  resting.setAttribute("aria-multiline", "true");
  resting.setAttribute("aria-label", box.labels[0]?.textContent.trim() ?? "");
  resting.append(...new DOMParser().parseFromString(box.value, "text/html").body.childNodes);
  box.before(frame);
  frame.append(resting);
  box.hidden = true;
  let begun = false;
  const load = async () => {
    if (begun) return;
    begun = true;
    try {
      kit ??= await import(form.dataset.editor);
      const waiting = document.activeElement === resting;
      // No style of its own into the page: the policy forbids it, books.css has what it needs.
      const editor = new kit.Editor({
        element: frame,
        injectCSS: false,
        extensions: names.map((name) => kit[name]).filter(Boolean),
        content: box.value,
        editorProps: { attributes: { "aria-label": resting.getAttribute("aria-label") } },
        onUpdate({ editor }) {
          box.value = editor.isEmpty ? "" : editor.getHTML();
          box.dispatchEvent(new Event("input", { bubbles: true }));
        },
      });
      resting.remove();
      if (waiting) editor.commands.focus("end");
    } catch (why) {
      console.info("plain paragraphs", why);
      frame.remove();
      box.hidden = false;
    }
  };
  for (const event of ["focusin", "pointerover"]) frame.addEventListener(event, load, { once: true });
}
for (const box of form.querySelectorAll("[data-prose]")) stand(box);
