// The Learn pages: keeps the reading level on this phone, since a kept page never reaches the server, and prints.

const YEAR_S = 365 * 24 * 3600;
const { reading } = document.querySelector("[data-reading]").dataset;
const secure = location.protocol === "https:" ? "; secure" : "";
document.cookie = `reading=${reading}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is folded away on the screen belongs on the paper.
addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
