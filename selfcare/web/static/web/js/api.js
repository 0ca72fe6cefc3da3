// Talking to the server: the only module that knows fetch. Every answer comes back as {status, data, retryAfter}.

const TIMEOUT_MS = 15000;

/** Returns the token for forms, read at the moment of sending because a page from the cache may be old. */
function token() {
  for (const part of document.cookie.split("; ")) {
    const [name, value] = part.split("=");
    if (name === "__Host-csrf" || name === "csrf") return value;
  }
  return "";
}

/** Returns the answer of the server; status 0 means that it could not be reached. */
async function call(path, { method = "GET", body, timeout = TIMEOUT_MS, person, device, redirect = "error" } = {}) {
  const headers = { Accept: "application/json" };
  if (person) headers["X-Person"] = person;
  if (device) headers.Authorization = `Device ${device}`;
  else if (method !== "GET") headers["X-CSRFToken"] = token();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  // Not AbortSignal.timeout: phones that run this app otherwise do not all have it.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), timeout);
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      // With a device's token no cookie goes along: whoever is signed in has nothing to do with it.
      credentials: device ? "omit" : "same-origin",
      cache: method === "GET" ? "no-cache" : "no-store",
      redirect,
      signal: patience.signal,
    });
    const data = await response.json().catch(() => null);
    return { status: response.status, data, retryAfter: Number(response.headers.get("Retry-After")) || 0 };
  } catch {
    return { status: 0, data: null, retryAfter: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Stores an entry of `person`, refused when somebody else is signed in; the same id and body again is harmless. With the
 * token of a `device` it is stored without a sign-in, and the answer says no more than that.
 */
export const putEntry = (id, body, person, device) => call(`/api/v1/entries/${id}`, { method: "PUT", body, person, device });

/** Stores a session of exercises of `person`; the same id and body again is harmless. */
export const putSession = (id, body, person, device) =>
  call(`/api/v1/exercises/sessions/${id}`, { method: "PUT", body, person, device });

/** Stores how the pain was an hour after a session; the first answer stands. */
export const putHourAfter = (_id, { session, pain }, person, device) =>
  call(`/api/v1/exercises/sessions/${session}/hour-after`, { method: "PUT", body: { pain }, person, device });

/** Gives this phone a token that can hand in what is `person`'s, and nothing else; it replaces the one it had. */
export const device = (body, person) => call("/api/v1/device", { method: "POST", body, person });

/** Sends a message of `person` to the care team; the same id and words again are harmless. */
export const putMessage = (id, body, person) => call(`/api/v1/messages/${id}`, { method: "PUT", body, person });

/** Returns the next seven days of exercises, and whose they are. */
export const exercises = () => call("/exercises/context", { timeout: 8000 });

/** Returns what the rules on the phone are. It comes from the offline cache when there is one. */
export const catalogue = () => call("/api/v1/catalogue", { timeout: 8000 });

/** Returns what the phone needs to ask and to judge: who is signed in, baseline, onset, the last weeks. */
export const context = () => call("/check-in/context", { timeout: 8000 });

/** Returns the key that push messages are signed for. */
export const pushKey = () => call("/api/v1/push-key");

/** Ends the session and returns whether it is over; what waits on this phone stays, until its person signs in again. */
export async function signOut() {
  await call("/account/logout/", { method: "POST", redirect: "follow" });
  return (await context()).status === 401;
}

/** Tells the server where this browser can be woken up. */
export const subscribe = (subscription) => call("/api/v1/push-subscriptions", { method: "POST", body: subscription });

/** Returns whether the server can still reach this browser; 404 when it does not know it. */
export const subscription = (id) => call(`/api/v1/push-subscriptions/${id}`);

/** Takes a subscription back. */
export const unsubscribe = (id) => call(`/api/v1/push-subscriptions/${id}`, { method: "DELETE" });

/** Asks the server for a message to this person's devices. */
export const sendTest = () => call("/api/v1/push-subscriptions/test", { method: "POST" });
