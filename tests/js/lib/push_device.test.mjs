import assert from "node:assert/strict";
import { test } from "node:test";

import { PushDevice } from "../../../static/js/lib/push_device.js";

const KEY = "AQID";

/** A browser's push manager: one subscription at a time, each under another endpoint. */
class FakePush {
  subscription = null;
  made = 0;

  async getSubscription() {
    return this.subscription;
  }

  async subscribe({ applicationServerKey }) {
    this.subscription ??= this.#made(applicationServerKey);
    return this.subscription;
  }

  #made(key) {
    const endpoint = `https://push.example.org/${(this.made += 1)}`;
    return {
      endpoint,
      options: { applicationServerKey: Uint8Array.from(atob(key), (each) => each.charCodeAt(0)).buffer },
      toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
      unsubscribe: async () => (this.subscription = null),
    };
  }
}

/** The server's side of it: a list of devices. */
class FakeServer {
  key = KEY;
  devices = new Map();

  async get(path) {
    return path === "push/key/" ? { application_key: this.key } : { results: [...this.devices.values()] };
  }

  async post(_, { endpoint, application_key }) {
    assert.equal(application_key, this.key);
    const device = [...this.devices.values()].find((each) => each.endpoint === endpoint);
    const id = device?.id ?? `d${this.devices.size + 1}`;
    this.devices.set(id, { id, endpoint });
    return { id };
  }

  async delete(path) {
    this.devices.delete(path.split("/")[2]);
  }
}

function kept() {
  const items = new Map();
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => items.set(name, value),
    removeItem: (name) => items.delete(name),
  };
}

function made({ user = "3", pushManager = new FakePush(), api = new FakeServer(), storage = kept() } = {}) {
  const worker = Promise.resolve(pushManager === null ? null : { pushManager, getNotifications: async () => [] });
  return { device: new PushDevice({ api, worker, user, kept: storage }), pushManager, api, storage };
}

test("is off until it is turned on, and tells the server then", async () => {
  const { device, api } = made();
  assert.equal(device.on, false);
  await device.turnOn();
  assert.equal(device.on, true);
  assert.deepEqual([...api.devices.values()], [{ id: "d1", endpoint: "https://push.example.org/1" }]);
});

test("what the server does not know any more ends here, too", async () => {
  const { device, api, pushManager } = made();
  await device.turnOn();
  api.devices.clear();
  await device.renew();
  assert.equal(device.on, false);
  assert.equal(pushManager.subscription, null);
});

test("a subscription that the browser has renewed is told to the server, in place of the old one", async () => {
  const { device, api, pushManager } = made();
  await device.turnOn();
  pushManager.subscription = null;
  await device.renew();
  assert.equal(device.on, true);
  assert.deepEqual([...api.devices.values()].map(({ endpoint }) => endpoint), ["https://push.example.org/2"]);
});

test("that goes for one whose old address the server has given up, too", async () => {
  const { device, api, pushManager } = made();
  await device.turnOn();
  pushManager.subscription = null;
  await pushManager.subscribe({ applicationServerKey: KEY });
  api.devices.clear();
  await device.renew();
  assert.equal(device.on, true);
  assert.deepEqual([...api.devices.values()].map(({ endpoint }) => endpoint), ["https://push.example.org/2"]);
});

test("another key of the server needs another subscription", async () => {
  const { device, api } = made();
  await device.turnOn();
  api.key = "BAUG";
  await device.renew();
  assert.deepEqual([...api.devices.values()].map(({ endpoint }) => endpoint), ["https://push.example.org/2"]);
});

test("nothing happens where all is as it was", async () => {
  const { device, api, pushManager } = made();
  await device.turnOn();
  await device.renew();
  assert.equal(pushManager.made, 1);
  assert.equal(api.devices.size, 1);
});

test("whoever signs in after somebody is not told what concerns them", async () => {
  const before = made();
  await before.device.turnOn();
  const { device, pushManager } = made({ ...before, user: "8" });
  assert.equal(device.on, false);
  await device.renew();
  assert.equal(pushManager.subscription, null);
});

test("where there is no service worker it is not possible, and nothing breaks", async () => {
  const { device } = made({ pushManager: null });
  assert.equal(await device.possible(), false);
  await device.renew();
  await device.clear("1");
});

test("when the server does not take it, it is not on", async () => {
  const { device, api } = made();
  api.post = async () => {
    throw new Error("no");
  };
  await assert.rejects(device.turnOn());
  assert.equal(device.on, false);
});
