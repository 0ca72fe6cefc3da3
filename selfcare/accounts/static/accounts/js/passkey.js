// Shows what needs a passkey only where the browser has them, and says it in words when one did not work.

const place = document.getElementById("passkey");
const problem = document.getElementById("passkey-error");

if (place && window.PublicKeyCredential) {
  place.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  if (problem) {
    event.preventDefault();
    problem.hidden = false;
  }
});
