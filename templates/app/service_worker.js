{% load static %}// The service worker: shows what is pushed while no page of ours is looked at.
"use strict";

const ICON = "{% static 'img/icon-192.png' %}";
const BADGE = "{% static 'img/badge.png' %}";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const push = event.data?.json();
  if (push) event.waitUntil(show(push));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification));
});

async function show({ title, text, url, tag }) {
  await self.registration.showNotification(title, { body: text, tag, icon: ICON, badge: BADGE, data: { url } });
}

async function open({ tag, data: { url } }) {
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find((each) => each.focused) ?? pages[0];
  if (page === undefined) return void (await self.clients.openWindow(url));
  page.postMessage({ type: "open", url, tag });
  await page.focus();
}
