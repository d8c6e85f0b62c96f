// Keeps the count at the bell alive. Without script the count is that of the last page.
const bell = document.querySelector("[data-live-notices]");
if (bell && "EventSource" in window) {
  const stream = new EventSource(bell.dataset.liveNotices);
  stream.addEventListener("notices", (event) => {
    const { unread } = JSON.parse(event.data);
    const badge = bell.querySelector("[data-count]");
    if (badge) {
      badge.textContent = unread > 99 ? "99+" : String(unread);
      badge.hidden = unread === 0;
    }
    document.dispatchEvent(new CustomEvent("khet:live", { detail: { unread } }));
  });
  window.addEventListener("pagehide", () => stream.close());
}
