// Signing many: the button and its neighbour count what is ticked. Without script they say it in general words.
for (const form of document.querySelectorAll("form[data-sign]")) {
  const boxes = [...form.querySelectorAll("input[name=step]")];
  const words = form.querySelector("[data-chosen]");
  const button = form.querySelector("[data-sign-button]");
  const label = button.querySelector("span");
  const plain = { words: words.textContent, label: label.textContent };
  const show = () => {
    const n = boxes.filter((box) => box.checked).length;
    button.disabled = n === 0;
    words.textContent = n ? words.dataset.words.replace("%n", n) : plain.words;
    label.textContent = n ? button.dataset.words.replace("%n", n) : plain.label;
  };
  // After the list module has ticked or cleared the others.
  form.addEventListener("change", () => setTimeout(show));
  show();
}
