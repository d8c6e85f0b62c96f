// Keeps the count at the bell alive. Without script the count is that of the page.
const bell = document.querySelector("[data-live]");
if (bell && "EventSource" in window) {
  const stream = new EventSource(bell.dataset.live);
  stream.addEventListener("notices", (event) => {
    const { unread } = JSON.parse(event.data);
    const badge = bell.querySelector("[data-live-count]");
    badge.querySelector("[data-live-number]").textContent = unread > 99 ? "99+" : String(unread);
    badge.hidden = unread === 0;
    document.dispatchEvent(new CustomEvent("khet:live", { detail: { unread } }));
  });
  window.addEventListener("pagehide", () => stream.close());
}
