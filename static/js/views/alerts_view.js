import { chime } from "../lib/chime.js";
import { Alerts } from "../models/alerts.js";
import { clock } from "../lib/clock.js";

const SOUND_KEY = "parley-sound";
const DID = {
  mention: "mentioned you",
  keyword: "said a word you listen for",
  direct: "wrote to you",
  reply: "replied in a thread",
  room: "mentioned everybody",
  here: "mentioned who is here",
  message: "wrote",
  added: "brought you into a room",
  report: "reported a message",
};

/** Notifications outside the page: those of the browser, and a quiet sound. */
export class AlertsView {
  #app;
  #shown = new Map();

  constructor(app) {
    this.#app = app;
    const { notifications } = app.client;
    const alerts = new Alerts({ notifications, clock, locks: navigator.locks ?? null, looksAt: (each) => this.#looksAt(each) });
    alerts.on("alert", (notification) => this.#alert(notification));
    alerts.on("over", (id) => this.#shown.get(id)?.close());
    notifications.on("read", (ids) => ids?.forEach((id) => app.push.clear(id)));
  }

  #looksAt({ room, thread }) {
    if (!this.#app.attention.attentive) return false;
    return this.#app.room?.conversation?.room === room && thread === null;
  }

  #alert(notification) {
    if (soundIsOn()) chime();
    if (this.#app.attention.attentive || globalThis.Notification?.permission !== "granted") return;
    if (this.#app.push.on) return; // it comes that way, to the one service worker of all tabs
    const { id, text } = notification;
    const icon = document.querySelector('link[rel="apple-touch-icon"], link[rel="icon"]')?.href;
    const shown = new Notification(this.#title(notification), { body: text, tag: id, icon, silent: true });
    this.#shown.set(id, shown);
    shown.addEventListener("close", () => this.#shown.delete(id));
    shown.addEventListener("click", () => this.#open(notification, shown));
  }

  #title({ actor, room, kind }) {
    const place = this.#app.client.rooms.get(room);
    const where = place === undefined || place.kind === "direct" ? "" : ` in ${place.name}`;
    return `${actor.name} ${DID[kind] ?? "wrote"}${where}`;
  }

  #open(notification, shown) {
    shown.close();
    window.focus();
    this.#app.openNotification(notification);
  }
}

export function soundIsOn() {
  return localStorage.getItem(SOUND_KEY) !== "off";
}

export function setSound(on) {
  localStorage.setItem(SOUND_KEY, on ? "on" : "off");
}
