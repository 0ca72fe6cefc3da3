// The body map: the choice repeated in words while it is made, because left and right slip.

/** Says in words what is marked on the map that holds this element. */
export function say(map) {
  const echo = map.querySelector("[data-echo]");
  const boxes = [...map.querySelectorAll(".map input:checked")];
  const places = boxes.map((box) => box.nextElementSibling.textContent);
  echo.textContent = places.length ? echo.dataset.text.replace("{places}", places.join(", ")) : echo.dataset.none;
}

/** Shows these marks on a map, and asks what it feels like only about areas that are marked anew. */
export function mark(map, marks, known) {
  for (const box of map.querySelectorAll("input[name]")) box.checked = (marks[box.name] ?? []).includes(box.value);
  for (const feel of map.querySelectorAll("[data-feel]")) feel.hidden = known.includes(feel.dataset.feel);
  say(map);
}

document.addEventListener("change", ({ target }) => {
  const map = target.closest(".body-map");
  if (map) say(map);
});
for (const map of document.querySelectorAll(".body-map")) say(map);
