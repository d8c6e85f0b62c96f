// Short confirmations: eight seconds, longer while the reader is on them; faults stay until closed.
const STAY = 8000;
const english = document.documentElement.lang === "en";

function region() {
  return document.getElementById("toasts");
}

function live(toast) {
  if (toast.dataset.live) return;
  toast.dataset.live = "1";
  if (toast.dataset.toast === "stay") return;
  let timer = setTimeout(() => toast.remove(), STAY);
  for (const start of ["mouseenter", "focusin"]) toast.addEventListener(start, () => clearTimeout(timer));
  for (const end of ["mouseleave", "focusout"]) {
    toast.addEventListener(end, () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), STAY);
    });
  }
}

function build(words, { act = "", url = "", isFault = false } = {}) {
  const toast = document.createElement("div");
  toast.className = isFault ? "toast toast-fault" : "toast";
  toast.dataset.toast = isFault ? "stay" : "";
  if (isFault) toast.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.className = "toast-words";
  text.textContent = words;
  toast.append(text);
  if (act && url.startsWith("/") && !url.startsWith("//")) {
    const link = document.createElement("a");
    link.className = "toast-act";
    link.href = url;
    link.textContent = act;
    toast.append(link);
  }
  const close = document.createElement("button");
  close.className = "toast-close";
  close.type = "button";
  close.dataset.close = "";
  close.textContent = english ? "Close" : "ปิด";
  toast.append(close);
  region()?.append(toast);
  live(toast);
}

export function done(words, act, url) {
  build(words, { act, url });
}
export function fault(words) {
  build(words, { isFault: true });
}
// Heard, not seen: the result of a swap for a screen reader.
export function say(words) {
  let voice = document.getElementById("voice");
  if (!voice) {
    voice = document.createElement("div");
    voice.id = "voice";
    voice.className = "quiet-words";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = "";
  requestAnimationFrame(() => (voice.textContent = words));
}

document.querySelectorAll(".toast").forEach(live);
document.addEventListener("khet:toast", (event) => done(event.detail.words, event.detail.act, event.detail.url ?? ""));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "toasts") event.detail.target.querySelectorAll(".toast").forEach(live);
});
document.addEventListener("click", (event) => {
  if (event.target.closest(".toast [data-close]")) event.target.closest(".toast").remove();
});
