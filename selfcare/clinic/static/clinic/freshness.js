// PURE: is a clinician's page fresh enough to act on?

export const REFRESH_MS = 20_000;
export const STALE_MS = 60_000;

// Returns true where the page may show the past: no network, or no answer from the server for a minute.
export function isStale({ updatedAt, now, online }) {
  // A clock that was set back must not make an old page look fresh.
  return !online || now < updatedAt || now - updatedAt > STALE_MS;
}

// Returns true where something has happened to a thread since the page was read.
export function hasChanged({ seen, token }) {
  return seen !== undefined && token !== undefined && seen !== token;
}
