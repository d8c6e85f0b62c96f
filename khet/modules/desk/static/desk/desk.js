// Signing many: the button counts what is ticked. Without script it says so in general words and works the same.
for (const form of document.querySelectorAll("form[data-sign]")) {
  const boxes = [...form.querySelectorAll("input[name=step]")];
  const all = form.querySelector("[data-all]");
  const words = form.querySelector("[data-chosen]");
  const button = form.querySelector("[data-sign-button]");
  const label = button.querySelector("span");
  const plain = { words: words.textContent, label: label.textContent };
  const show = () => {
    const n = boxes.filter((box) => box.checked).length;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    button.disabled = n === 0;
    words.textContent = n ? words.dataset.words.replace("%n", n) : plain.words;
    label.textContent = n ? button.dataset.words.replace("%n", n) : plain.label;
  };
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); show(); });
  form.addEventListener("change", show);
  show();
}
