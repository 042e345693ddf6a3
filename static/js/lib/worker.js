const ADDRESS = "/service-worker.js";

/** @returns {Promise<ServiceWorkerRegistration | null>} null where there is none: without https, in some private windows */
export async function startWorker() {
  try {
    return await navigator.serviceWorker.register(ADDRESS, { updateViaCache: "none" });
  } catch {
    return null;
  }
}
