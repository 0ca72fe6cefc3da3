// Fills the invitation's code in from the part of the link behind the #, which no server ever sees.

const field = document.querySelector("input[name=code]");
const code = decodeURIComponent(location.hash.slice(1));

if (field && code) {
  field.value = code.slice(0, 80);
  history.replaceState(null, "", location.pathname);
}
