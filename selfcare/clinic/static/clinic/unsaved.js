// Asks before a sheet is left that holds more than what is saved.

const sheet = document.querySelector("form.sheet");
// A sheet that came back from the server unsaved says so itself.
let unsaved = sheet?.dataset.unsaved === "yes";

sheet?.addEventListener("input", () => {
  unsaved = true;
});
// Its own buttons carry everything along.
sheet?.addEventListener("submit", () => {
  unsaved = false;
});
addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
