// The Thai date box: echoes the weekday while typing, opens a month to choose from, marks holidays.
const ERA = 543;
const MONTHS = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"];
const SHORT = ["มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค"];
const DAYS = ["อาทิตย์", "จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์"];
const HEADS = ["จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."];
// What is shown follows the page; what may be typed is Thai in both.
const english = document.documentElement.lang === "en";
const EN_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const EN_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const EN_HEADS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const monthOf = (day) => `${(english ? EN_MONTHS : MONTHS)[day.getMonth()]} ${day.getFullYear() + ERA}`;

// The same reading as the server's for what people type most; anything else is left to the server.
export function read(text) {
  const plain = text.replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit)).trim();
  let parts = plain.match(/^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})$/);
  let month;
  if (parts) month = Number(parts[2]);
  else {
    parts = plain.match(/^(\d{1,2})\s*([^\d\s][^\d]*?)\s*(\d{2}|\d{4})$/);
    if (!parts) return null;
    const name = parts[2].replace(/[.\s]/g, "");
    month = MONTHS.indexOf(name) + 1 || SHORT.indexOf(name) + 1;
  }
  let year = Number(parts[3]);
  if (parts[3].length === 2) year += 2500;
  const christian = year >= 2400 ? year - ERA : year;
  const day = new Date(christian, month - 1, Number(parts[1]));
  const holds = day.getFullYear() === christian && day.getMonth() === month - 1 && day.getDate() === Number(parts[1]);
  return month && holds ? day : null;
}
const words = (day) => `${english ? EN_DAYS[day.getDay()] : `วัน${DAYS[day.getDay()]}ที่`} ${day.getDate()} ${monthOf(day)}`;
const typed = (day) => `${String(day.getDate()).padStart(2, "0")}/${String(day.getMonth() + 1).padStart(2, "0")}/${day.getFullYear() + ERA}`;
const iso = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-thai-date]")) return;
  const echo = event.target.closest(".field")?.querySelector("[data-date-echo]");
  if (!echo) return;
  const day = read(event.target.value);
  const holiday = day && holidays.get(iso(day));
  echo.textContent = day ? words(day) + (holiday ? ` · ${holiday}` : "") : "";
});

const holidays = new Map();
let asked = false;
async function askHolidays() {
  if (asked) return;
  asked = true;
  try {
    const answer = await fetch("/holidays/", { headers: { Accept: "application/json" } });
    if (answer.ok) for (const [day, name] of Object.entries(await answer.json())) holidays.set(day, name);
  } catch {
    asked = false; // the calendar works without them
  }
}

// One month under the box.
let open = null;
function close(refocus) {
  if (!open) return;
  const { box, panel } = open;
  panel.remove();
  open = null;
  if (refocus) box.focus();
}
function draw(box, panel, month, focused) {
  const first = new Date(month.getFullYear(), month.getMonth(), 1);
  const start = new Date(first);
  start.setDate(1 - ((first.getDay() + 6) % 7));
  const chosen = read(box.value);
  panel.replaceChildren();
  const head = document.createElement("div");
  head.className = "month-head";
  for (const [step, name, glyph] of [[-1, english ? "Previous month" : "เดือนก่อน", "‹"], [1, english ? "Next month" : "เดือนถัดไป", "›"]]) {
    const turn = document.createElement("button");
    turn.type = "button";
    turn.className = "month-turn";
    turn.setAttribute("aria-label", name);
    turn.textContent = glyph;
    turn.addEventListener("click", () => draw(box, panel, new Date(month.getFullYear(), month.getMonth() + step, 1)));
    head.append(turn);
  }
  const title = document.createElement("strong");
  title.setAttribute("aria-live", "polite");
  title.textContent = monthOf(month);
  head.children[0].after(title);
  const table = document.createElement("table");
  table.className = "month";
  const names = table.createTHead().insertRow();
  for (const name of english ? EN_HEADS : HEADS) {
    const cell = document.createElement("th");
    cell.textContent = name;
    names.append(cell);
  }
  const body = table.createTBody();
  const today = iso(new Date());
  for (let week = 0; week < 6; week += 1) {
    const row = body.insertRow();
    for (let column = 0; column < 7; column += 1) {
      const day = new Date(start.getFullYear(), start.getMonth(), start.getDate() + week * 7 + column);
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = day.getDate();
      button.dataset.day = iso(day);
      const holiday = holidays.get(iso(day));
      button.setAttribute("aria-label", words(day) + (holiday ? ` ${holiday}` : ""));
      if (holiday) button.title = holiday;
      button.className = [
        "month-day",
        day.getMonth() === month.getMonth() ? "" : "is-other",
        holiday || column > 4 ? "is-off" : "",
        iso(day) === today ? "is-today" : "",
        chosen && iso(day) === iso(chosen) ? "is-chosen" : "",
      ].join(" ").trim();
      button.tabIndex = focused && iso(day) === iso(focused) ? 0 : -1;
      button.addEventListener("click", () => {
        box.value = typed(day);
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.dispatchEvent(new Event("change", { bubbles: true }));
        close(true);
      });
      row.insertCell().append(button);
    }
  }
  panel.append(head, table);
  if (focused) panel.querySelector(`[data-day="${iso(focused)}"]`)?.focus();
}
async function show(box) {
  close(false);
  await askHolidays();
  const panel = document.createElement("div");
  panel.className = "month-box";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", english ? "Choose a date" : "เลือกวันที่");
  box.closest(".date-box").append(panel);
  open = { box, panel };
  const day = read(box.value) ?? new Date();
  draw(box, panel, day, day);
  panel.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const at = document.activeElement?.dataset?.day;
    if (event.key === "Escape") close(true);
    else if (at && (event.key in steps || event.key === "PageUp" || event.key === "PageDown")) {
      const [year, month, date] = at.split("-").map(Number);
      const next = event.key in steps ? new Date(year, month - 1, date + steps[event.key]) : new Date(year, month - 1 + (event.key === "PageUp" ? -1 : 1), date);
      draw(box, panel, next, next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".date-open");
  if (button) {
    const box = button.closest(".date-box").querySelector("[data-thai-date]");
    if (open?.box === box) close(true);
    else show(box);
  } else if (open && event.target.isConnected && !open.panel.contains(event.target)) close(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" && event.altKey && event.target.matches?.("[data-thai-date]")) {
    event.preventDefault();
    show(event.target);
  }
});
// The picture beside the box becomes a button once there is script to answer it.
export function equip(root) {
  root.querySelectorAll(".date-box").forEach((room) => {
    const picture = room.querySelector(":scope > .icon");
    if (!picture) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "date-open";
    button.setAttribute("aria-label", english ? "Open the calendar" : "เปิดปฏิทิน");
    picture.replaceWith(button);
    button.append(picture);
  });
}
equip(document);
document.addEventListener("htmx:afterSwap", (event) => event.detail.target && equip(event.detail.target));
