// The page of text and buttons: shows a choice at once; Save keeps it.

const form = document.querySelector("[data-look]");
const root = document.documentElement;
const OURS = [...form.querySelectorAll("input[type=radio]")].map(({ value }) => value).filter(Boolean);

form.addEventListener("change", () => {
  const others = root.dataset.phone.split(" ").filter((word) => word && !OURS.includes(word));
  const chosen = [...form.querySelectorAll("input[type=radio]:checked")].map(({ value }) => value).filter(Boolean);
  root.dataset.phone = [...others, ...chosen].join(" ");
});
