const ADDRESS = "/service-worker.js";

/** The service worker, which keeps the rooms that were read last, and shows what is pushed. */
export class Keeper {
  /** @type {Promise<ServiceWorkerRegistration | null>} null where there is none: without https, in some private windows */
  registration = started();

  /** Whether it stands before this page already, and has seen it come. */
  get stands() {
    return Boolean(navigator.serviceWorker?.controller);
  }

  /** Keeps a room as it is now. @param {string} path */
  async keep(path) {
    const { active } = (await this.registration) === null ? {} : await navigator.serviceWorker.ready;
    active?.postMessage({ type: "keep", path });
  }

  /** Takes what the service worker says: `open`, with where a click on a notification leads. */
  listen(listener) {
    navigator.serviceWorker?.addEventListener("message", ({ data }) => listener(data));
  }
}

async function started() {
  try {
    return await navigator.serviceWorker.register(ADDRESS, { updateViaCache: "none" });
  } catch {
    return null;
  }
}
