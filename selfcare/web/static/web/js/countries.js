// The country form: this page may come from the phone's own cache, so the choice is kept without asking the server.

import { chooseCountry, useChoices } from "./worker.js";

const form = document.querySelector("form[data-country]");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const country = form.elements.country.value;
  chooseCountry(country);
  if (navigator.serviceWorker?.controller) await useChoices(country);
  location.assign("/help-now");
});
