const DATABASE = "parley";
const VERSION = 1;
const TABLE = "outbox";

/**
 * The outbox on disk: IndexedDB, shared by the tabs of this browser. Where the browser gives none (some private
 * windows, a full disk), entries live in memory, so that talking still works.
 */
export class OutboxStore {
  #memory = new Map();
  #database;

  /** @param {IDBFactory | undefined} factory */
  constructor(factory) {
    this.#database = open(factory);
    this.#database.catch(() => {});
  }

  /** @returns {Promise<object[]>} that user's entries in the order of writing */
  async all(user) {
    const stored = await this.#try("readonly", (table) => table.index("user").getAll(user), []);
    const kept = [...this.#memory.values()].filter((entry) => entry.user === user);
    return [...stored, ...kept].sort((a, b) => a.order - b.order);
  }

  async get(id) {
    return this.#memory.get(id) ?? this.#try("readonly", (table) => table.get(id), undefined);
  }

  async put(entry) {
    this.#memory.set(entry.id, entry);
    const done = await this.#try("readwrite", (table) => table.put(entry), null);
    if (done !== null && this.#memory.get(entry.id) === entry) this.#memory.delete(entry.id);
  }

  async delete(id) {
    this.#memory.delete(id);
    await this.#try("readwrite", (table) => table.delete(id), undefined);
  }

  async #try(mode, action, otherwise) {
    try {
      return await run(await this.#database, mode, action);
    } catch {
      return otherwise;
    }
  }
}

function open(factory) {
  return new Promise((resolve, reject) => {
    if (!factory) throw new Error("no IndexedDB here");
    const request = factory.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: "id" }).createIndex("user", "user");
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another version of this page holds the database"));
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

/** Resolves with the request's result once its transaction is on disk. */
function run(database, mode, action) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, mode);
    const request = action(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
