// Small helps on every page: copy buttons, read links, drawer closing, printing, the platform clock. Every page works without it.
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    const say = button.querySelector(".sr");
    if (say) say.textContent = "已复制";
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

const READ = "tradehall-read";
function readList() {
  try { return JSON.parse(localStorage.getItem(READ) ?? "[]"); } catch { return []; }
}
const seen = new Set(readList());
for (const link of document.querySelectorAll("a[data-read]")) {
  if (seen.has(link.pathname)) link.classList.add("read");
  link.addEventListener("click", () => {
    try { localStorage.setItem(READ, JSON.stringify([link.pathname, ...readList()].slice(0, 300))); } catch { /* private window */ }
  });
}

// On narrow screens the menu of the desk is a strip: the page one is on stands in sight.
const strip = document.querySelector(".desk-nav");
const current = strip?.querySelector("[aria-current]");
if (current) strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;

const drawer = document.querySelector("details.burger");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer?.open) return;
  drawer.open = false;
  drawer.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  if (drawer?.open && !drawer.contains(event.target)) drawer.open = false;
});

// The platform's clock, never the visitor's: one question, then the difference is kept.
const clock = document.querySelector("[data-clock]");
const counters = [...document.querySelectorAll("[data-until]")];
const two = (n) => String(n).padStart(2, "0");
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

function tick(offset) {
  const now = Date.now() + offset;
  if (clock) clock.textContent = day.format(now);
  for (const counter of counters) {
    const left = Math.max(0, Math.floor((Date.parse(counter.dataset.until) - now) / 1000));
    const values = { days: Math.floor(left / 86400), hours: two(Math.floor(left / 3600) % 24), minutes: two(Math.floor(left / 60) % 60), seconds: two(left % 60) };
    for (const [unit, value] of Object.entries(values)) {
      const slot = counter.querySelector(`[data-unit=${unit}]`);
      if (slot) slot.textContent = value;
    }
    const box = counter.closest(".dl");
    if (!box) continue;
    box.classList.toggle("over", left === 0);
    box.classList.toggle("urgent", left > 0 && left <= 86400);
    box.classList.toggle("soon", left > 86400 && left <= 259200);
  }
}

async function start() {
  const asked = Date.now();
  const answer = await fetch("/clock", { cache: "no-store" });
  if (!answer.ok) return;
  const { now } = await answer.json();
  const offset = Date.parse(now) - (asked + Date.now()) / 2;
  setInterval(() => tick(offset), 1000);
}
if (clock || counters.length) start().catch(() => { /* the printed times stay */ });
