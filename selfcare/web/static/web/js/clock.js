// The neutral page of a quick-hide: the time and the date, and nothing about anybody.

const time = document.querySelector("[data-time]");
const date = document.querySelector("[data-date]");
const { lang } = document.documentElement;

function tick() {
  const now = new Date();
  time.textContent = now.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
  date.textContent = now.toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
  setTimeout(tick, 60000 - (now.getTime() % 60000));
}

tick();
