// Shows what needs a passkey only where the browser has them, and says it in words when one did not work.

const place = document.getElementById("passkey");
const problem = document.getElementById("passkey-error");

if (place && window.PublicKeyCredential) {
  place.hidden = false;
}

// A tap before the script of the passkey listens would do nothing; that script starts with this same event, before this one.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("#passkey_login, [id^=mfa_webauthn_]")) button.disabled = false;
});

document.addEventListener("allauth.error", (event) => {
  if (problem) {
    event.preventDefault();
    problem.hidden = false;
  }
});
