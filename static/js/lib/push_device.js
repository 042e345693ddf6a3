const KEPT = "parley-push";

/**
 * What the push service of this browser is told: to let this Parley wake its service worker.
 *
 * The list on the server is the truth. What it does not know any more was removed there, and ends here, too; a
 * subscription that the browser has renewed by itself is told to it.
 */
export class PushDevice {
  #api;
  #worker;
  #user;
  #kept;

  /**
   * @param {object} parts
   * @param {import("./api.js").Api} parts.api
   * @param {Promise<ServiceWorkerRegistration | null>} parts.worker null where there is none
   * @param {string} parts.user whose notifications they are
   * @param {Storage} parts.kept
   */
  constructor({ api, worker, user, kept }) {
    this.#api = api;
    this.#worker = worker;
    this.#user = user;
    this.#kept = kept;
  }

  /** Whether this browser has been turned on, and not off since. */
  get on() {
    return this.#note?.user === this.#user;
  }

  /** @returns {Promise<boolean>} whether this browser can be pushed to at all */
  async possible() {
    return (await this.#worker)?.pushManager !== undefined;
  }

  /** Rejects with what the browser or the server says against it. */
  async turnOn() {
    const { application_key: key } = await this.#api.get("push/key/");
    const { pushManager } = await this.#worker;
    const known = await pushManager.getSubscription();
    if (known !== null && keyOf(known) !== key) await known.unsubscribe();
    const options = { userVisibleOnly: true, applicationServerKey: key };
    await this.#tell(await pushManager.subscribe(options), key);
  }

  async turnOff() {
    this.#kept.removeItem(KEPT);
    const { pushManager } = await this.#worker;
    await (await pushManager.getSubscription())?.unsubscribe();
  }

  /** Once a page has begun: sees to it that server and browser mean the same. */
  async renew() {
    const note = this.#note;
    if (note === null || !(await this.possible())) return;
    if (!this.on) return void (await this.turnOff());
    const [{ results }, subscription] = await Promise.all([this.#api.get("push/devices/"), this.#subscription()]);
    const known = results.some(({ id }) => id === note.id);
    const renewed = subscription !== null && subscription.endpoint !== note.endpoint;
    if (!known && !renewed) return void (await this.turnOff());
    const { application_key: key } = await this.#api.get("push/key/");
    if (subscription?.endpoint !== note.endpoint || keyOf(subscription) !== key) await this.turnOn();
  }

  /** What was shown of a notification goes, when it was read after all. */
  async clear(id) {
    for (const shown of (await (await this.#worker)?.getNotifications({ tag: id })) ?? []) shown.close();
  }

  async #subscription() {
    return (await this.#worker).pushManager.getSubscription();
  }

  async #tell(subscription, key) {
    const { endpoint, keys } = subscription.toJSON();
    const before = this.#note;
    const { id } = await this.#api.post("push/devices/", { endpoint, keys, application_key: key });
    this.#kept.setItem(KEPT, JSON.stringify({ user: this.#user, id, endpoint }));
    if (before !== null && before.user === this.#user && before.id !== id) {
      await this.#api.delete(`push/devices/${before.id}/`).catch(() => {});
    }
  }

  get #note() {
    try {
      return JSON.parse(this.#kept.getItem(KEPT));
    } catch {
      return null;
    }
  }
}

function keyOf(subscription) {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? []);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
