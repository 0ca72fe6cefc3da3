// What the phone keeps: the only module that knows IndexedDB. Bodies are sealed with a key that no script can read out.

const NAME = "selfcare";
const VERSION = 1;
let opened = null;
// After a sign-out nothing may be kept again, not even by an answer that was on its way, in this tab or another.
let wiped = false;
const others = "BroadcastChannel" in self ? new BroadcastChannel("selfcare-wipe") : null;
if (others) {
  others.onmessage = () => {
    wiped = true;
    location.replace("/");
  };
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("sealed");
      request.result.createObjectStore("outbox", { keyPath: "id" });
    };
    request.onsuccess = () => {
      const database = request.result;
      // Another tab wipes or upgrades: let go at once, and open again on the next use.
      database.onversionchange = () => {
        database.close();
        opened = null;
      };
      resolve(database);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error);
    };
  });
  return opened;
}

/** Runs `work` on one store; resolves with its request's result when the transaction has completed, not before. */
async function within(name, mode, work) {
  if (wiped) throw new Error("Signed out: nothing is kept any more.");
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode, { durability: "strict" });
    let result;
    const request = work(transaction.objectStore(name), (value) => (result = value));
    if (request) request.onsuccess = () => (result ??= request.result);
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

async function key() {
  const kept = await within("keys", "readonly", (keys) => keys.get("aes"));
  if (kept) return kept;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may come here together: the first one's key stays.
  return within("keys", "readwrite", (keys, found) => {
    const request = keys.get("aes");
    request.onsuccess = () => {
      if (request.result) return found(request.result);
      keys.put(fresh, "aes");
      return found(fresh);
    };
  });
}

async function seal(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain) };
}

async function unseal(sealed) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await key(), sealed.data);
  return JSON.parse(new TextDecoder().decode(plain));
}

const writing = new Set();

/** Resolves when everything that is being kept right now has been kept, or has failed. */
export const settled = () => Promise.allSettled([...writing]);

function noted(work) {
  writing.add(work);
  const over = () => writing.delete(work);
  work.then(over, over);
  return work;
}

/** Keeps a value under a name, sealed. */
export const keep = (name, value) =>
  noted(seal(value).then((sealed) => within("sealed", "readwrite", (box) => box.put(sealed, name))));

/** Returns the value kept under a name, or null. What cannot be opened any more counts as gone. */
export async function recall(name) {
  const sealed = await within("sealed", "readonly", (box) => box.get(name));
  return sealed ? unseal(sealed).catch(() => null) : null;
}

/** Forgets the value kept under a name. */
export const forget = (name) => within("sealed", "readwrite", (box) => box.delete(name));

/** Puts an entry, or what else its kind says, into the outbox. The same id a second time changes nothing. */
export const addUnsent = (item) => noted(add(item));

async function add({ id, kind = "entry", owner, body, at }) {
  const item = { id, kind, owner, at, state: "waiting", attempts: 0, nextAt: 0, sealed: await seal(body) };
  await within("outbox", "readwrite", (box) => {
    const request = box.get(id);
    request.onsuccess = () => {
      if (!request.result) box.add(item);
    };
  });
}

/** Returns the unsent entries without their bodies, the oldest first. */
export async function unsent() {
  const items = (await within("outbox", "readonly", (box) => box.getAll())) ?? [];
  return items.map(({ sealed, ...rest }) => rest).sort((a, b) => a.at - b.at);
}

/** Returns the body of an unsent entry, or null when it has been sent meanwhile. */
export async function unsentBody(id) {
  const item = await within("outbox", "readonly", (box) => box.get(id));
  return item ? unseal(item.sealed) : null;
}

/** Notes how an attempt to send went. */
export const note = (id, changes) =>
  within("outbox", "readwrite", (box) => {
    const request = box.get(id);
    request.onsuccess = () => {
      if (request.result) box.put({ ...request.result, ...changes });
    };
  });

/** Removes an entry that the server has confirmed. */
export const sent = (id) => within("outbox", "readwrite", (box) => box.delete(id));

/** Deletes everything that this app keeps on the phone for a person, the key first. */
export async function wipe() {
  for (const name of ["keys", "sealed", "outbox"]) {
    await within(name, "readwrite", (box) => box.clear()).catch(() => {});
  }
  wiped = true;
  others?.postMessage("wiped");
  const database = await open().catch(() => null);
  database?.close();
  opened = null;
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = resolve;
  });
}
