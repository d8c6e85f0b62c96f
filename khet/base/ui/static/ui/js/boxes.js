// Menus close when left; dialogs and phone sheets open by data-open and close by data-close, back or Esc.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    open(dialog);
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) closer.closest("dialog").close();
  // A press on the shade beside the box.
  if (event.target instanceof HTMLDialogElement && event.target.open && !event.target.dataset.stay) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

export function open(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector("[autofocus], textarea, input:not([type=hidden])")?.focus();
  if (!dialog.classList.contains("sheet")) return;
  // On a phone the back gesture closes the sheet instead of leaving the page.
  history.pushState({ sheet: dialog.id }, "");
  const back = () => dialog.close();
  window.addEventListener("popstate", back, { once: true });
  dialog.addEventListener(
    "close",
    () => {
      window.removeEventListener("popstate", back);
      if (history.state?.sheet === dialog.id) history.back();
    },
    { once: true },
  );
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A word typed before something that cannot be undone.
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.confirm;
  if (wanted === undefined) return;
  const button = event.target.form?.querySelector("[type=submit], button:not([type])");
  if (button) button.disabled = event.target.value.trim() !== wanted;
});
document.querySelectorAll("input[data-confirm]").forEach((box) => box.dispatchEvent(new Event("input", { bubbles: true })));
