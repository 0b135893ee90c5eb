// Says in time that a session is about to end, and lets its person go on. Without script the printed time stands.
const box = document.querySelector("[data-session-seconds]");
if (box) {
  const say = box.querySelector("[data-session-say]"), stay = box.querySelector("[data-session-stay]");
  let end = 0, warned = false;

  const start = (seconds) => { end = performance.now() + seconds * 1000; };
  const left = () => Math.ceil((end - performance.now()) / 1000);
  const until = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });

  function tick() {
    const seconds = left();
    if (seconds <= 0) {
      say.textContent = "登录已到期。本页已填写的内容还在；提交时请先登录，登录后回到这里，内容会保留。";
      stay.hidden = true;
      box.classList.add("over");
    } else if (seconds <= Number(box.dataset.sessionWarn) && !warned) {
      warned = true;
      say.textContent = `登录将在 ${box.dataset.sessionAt} 到期（还有约 ${Math.max(1, Math.round(seconds / 60))} 分钟）。继续填写请按“继续使用”。`;
      stay.hidden = false;
      box.classList.add("soon");
    }
  }

  stay.addEventListener("click", async () => {
    const answer = await fetch("/account/stay", { cache: "no-store" });
    const { seconds } = answer.ok ? await answer.json() : { seconds: 0 };
    start(seconds);
    warned = false;
    stay.hidden = true;
    box.classList.remove("soon", "over");
    if (seconds) {
      const ahead = Date.parse(box.dataset.sessionEnd) - Number(box.dataset.sessionBegan);
      box.dataset.sessionAt = until.format(Date.now() + ahead - Number(box.dataset.sessionSeconds) * 1000 + seconds * 1000);
      say.textContent = `已继续，登录保留到 ${box.dataset.sessionAt}。`;
    }
    tick();
  });

  box.dataset.sessionBegan = String(Date.now());
  start(Number(box.dataset.sessionSeconds));
  setInterval(tick, 1000);
  tick();
}
