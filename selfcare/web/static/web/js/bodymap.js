// The body map: picture or list for the same checkboxes, and the choice repeated in words, because left and right slip.

const maps = document.querySelector(".maps");
const toggle = document.querySelector("[data-as-list]");
const echo = document.querySelector("[data-echo]");

function label() {
  toggle.textContent = maps.classList.contains("as-list") ? toggle.dataset.picture : toggle.dataset.list;
}

function say() {
  const places = [...maps.querySelectorAll("input:checked")].map((box) => box.nextElementSibling.textContent);
  echo.textContent = places.length ? echo.dataset.text.replace("{places}", places.join(", ")) : "";
}

toggle.hidden = false;
toggle.addEventListener("click", () => {
  maps.classList.toggle("as-list");
  label();
});
maps.addEventListener("change", say);
label();
say();
