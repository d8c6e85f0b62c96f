// htmx: the proof of origin, polite announcements, errors that keep the page, what a lost line says.
import { say, fault } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrf;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});

// A refusal comes with HX-Retarget for the toast region; any other fault must not replace the page's part.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, isError } = event.detail;
  if (isError && !xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = false;
    fault(document.documentElement.lang === "en" ? "The server did not answer as expected. Try again." : "ระบบตอบไม่ตามที่ควร สิ่งที่พิมพ์ยังอยู่ ลองอีกครั้ง");
  }
});
document.addEventListener("htmx:sendError", () => {
  fault(document.documentElement.lang === "en" ? "No connection. What you typed is kept; try again when online." : "เน็ตหลุด สิ่งที่พิมพ์ยังอยู่ในหน้านี้ ลองอีกครั้งเมื่อต่อได้");
});
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.classList.add("is-swapping"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.classList.remove("is-swapping"));
document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.detail.target?.dataset.announce;
  if (words) say(words);
});
