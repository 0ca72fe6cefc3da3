// The service worker: keeps the pages that must work without a network. It never keeps a page of a person.
"use strict";

const CONFIG = {{ config_json|safe }};
const PREFIX = "selfcare-";
const CACHE = PREFIX + CONFIG.version;
// What this phone has chosen, kept beside the pages: a worker sees no cookies.
const CHOICES = { country: "/-/country", language: "/-/language" };
const HEADERS = { country: "X-Country", language: "X-Language" };
const NETWORK_MS = 4000;
const kept = new Set([...CONFIG.keep, ...CONFIG.later]);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(heard(event)));
self.addEventListener("fetch", route);
self.addEventListener("push", (event) => event.waitUntil(announce(event.data)));
self.addEventListener("notificationclick", (event) => event.waitUntil(openFrom(event.notification)));

async function install() {
  await keepAll(await choices());
  // A phone without an older version has nobody to disturb.
  if (!self.registration.active) await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/**
 * Fetches everything without cookies, so that what is kept cannot hold anything about anybody. Nothing is put away before
 * all of it is there: the kept pages never speak two languages or show the numbers of two countries.
 */
async function keepAll(chosen, list = CONFIG.keep) {
  const fetched = await Promise.all(list.map(async (path) => [path, await fetchPlain(path, chosen)]));
  // Where nobody has chosen, the server has picked the language, and says which.
  const language = fetched[0][1].headers.get("Content-Language");
  const marks = Object.entries({ ...(language && { language }), ...chosen }).map(([name, value]) => [
    CHOICES[name],
    new Response(value),
  ]);
  const cache = await caches.open(CACHE);
  await Promise.all([...fetched, ...marks].map(([path, response]) => cache.put(path, response)));
}

async function fetchPlain(path, chosen) {
  const headers = Object.fromEntries(Object.entries(chosen).map(([name, value]) => [HEADERS[name], value]));
  const response = await fetch(path, { credentials: "omit", cache: "no-cache", redirect: "error", headers });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Response(await response.blob(), { headers: response.headers });
}

/**
 * Keeps what there is to read, after the install: no help page waits for it or is lost by it, and a page that cannot be had
 * costs no other.
 */
async function keepReading() {
  const cache = await caches.open(CACHE);
  const chosen = await choices();
  const there = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  const missing = CONFIG.later.filter((path) => !there.has(path));
  await Promise.all(missing.map((path) => fetchPlain(path, chosen).then((response) => cache.put(path, response), () => {})));
}

/** Keeps the pages again as the person wants them from now on; what there is to read follows. */
async function keepAgain(chosen) {
  await keepAll(chosen, [...CONFIG.pages.filter((path) => CONFIG.keep.includes(path)), CONFIG.catalogue]);
  const cache = await caches.open(CACHE);
  await Promise.all(CONFIG.later.map((path) => cache.delete(path)));
  await keepReading();
}

/** Returns what this phone has chosen, of country and language. */
async function choices() {
  const answers = await Promise.all(
    Object.entries(CHOICES).map(async ([name, path]) => [name, await (await caches.match(path))?.text()]),
  );
  return Object.fromEntries(answers.filter(([, value]) => value));
}

async function heard({ data: message, ports }) {
  if (message?.type === "use-now") await self.skipWaiting();
  if (message?.type === "reading") await inTurn(keepReading);
  if (message?.type === "choices") await inTurn(() => choose(message.choices));
  ports[0]?.postMessage("done");
}

let turn = Promise.resolve();

/** What is kept is changed by one task at a time: a page fetched for an older choice would be put over a newer one. */
function inTurn(task) {
  turn = turn.then(task).catch(() => {});
  return turn;
}

async function choose(chosen) {
  const before = await choices();
  const wanted = { ...before, ...chosen };
  if (Object.keys(wanted).some((name) => wanted[name] !== before[name])) await keepAgain(wanted);
}

function route(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (kept.has(url.pathname) && (request.mode === "navigate" || !CONFIG.pages.includes(url.pathname))) {
    event.respondWith(fromPhone(request, url.pathname));
  } else if (request.mode === "navigate" && !CONFIG.notOurs.some((path) => url.pathname.startsWith(path))) {
    event.respondWith(fromNetwork(request));
  }
}

/** What is kept is served at once: nobody waits for a network to be told where to go. */
async function fromPhone(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? (request.mode === "navigate" ? fromNetwork(request) : fetch(request));
}

/** Pages of a person come from the network alone; without it, the page that says what does work. */
async function fromNetwork(request) {
  const instead = CONFIG.instead[new URL(request.url).pathname] ?? "/offline";
  const offline = async () => (await caches.open(CACHE)).match(instead);
  const network = fetch(request);
  const patience = new Promise((resolve) => setTimeout(resolve, NETWORK_MS));
  try {
    const first = await Promise.race([network, patience]);
    if (first) return first;
    // Slow is not gone: the page that waits goes on waiting unless there is something better to show.
    return (await offline()) ?? network;
  } catch {
    return (await offline()) ?? Response.error();
  }
}

/** A push carries a type and nothing else; the words are the ones listed here, and there is always a notification. */
async function announce(data) {
  let type = "message";
  let tag = "";
  try {
    const content = data.json();
    type = content.type;
    tag = content.notification?.tag ?? "";
  } catch {
    // An unreadable push still has to be shown: browsers withdraw the permission otherwise.
  }
  const { language } = await choices();
  const messages = CONFIG.messages[language] ?? CONFIG.messages[CONFIG.language];
  const message = messages[type] ?? messages.message;
  await self.registration.showNotification(CONFIG.title, {
    body: message.text,
    tag: tag || type,
    icon: CONFIG.icon,
    data: { path: message.path },
  });
}

async function openFrom(notification) {
  notification.close();
  const path = notification.data?.path ?? "/";
  const windows = await self.clients.matchAll({ type: "window" });
  const open = windows.find((client) => new URL(client.url).pathname.startsWith(path.startsWith("/clinic") ? "/clinic" : "/"));
  if (!open) return self.clients.openWindow(path);
  await open.focus();
  return open.navigate?.(path).catch(() => {});
}
