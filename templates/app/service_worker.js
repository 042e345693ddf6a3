{% load static %}// The service worker: shows what is pushed, and the rooms that were read last while there is no server to ask.
"use strict";

const ICON = "{% static 'img/icon-192.png' %}";
const BADGE = "{% static 'img/badge.png' %}";
const OFFLINE = "/offline/";
const PAGES = "parley-pages";
const FILES = "parley-files";
const MOST_PAGES = 20;
const FRAGMENT = "X-Parley-Fragment";
const KEPT_AT = "X-Parley-Kept";
const ROOM = /^\/(?:rooms|people)\/[^/]+\/$/;
const HASHED = /^\/static\/.*\.[0-9a-f]{12}\.\w+$/;
const NAMED_IN_PAGES = /(?:href|src)="(\/static\/[^"]+)"/g;
const NAMED_IN_SCRIPTS = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;
// Whole documents are kept under their path and this, too: what stands around any room.
const SHELL = "/shell";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepOfflinePage());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin) return;
  // Whoever comes next is not to see what the one before has read.
  if (request.method === "POST" && /^\/sign-(in|out|up)\/$/.test(pathname)) event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET") return;
  if (HASHED.test(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" || request.headers.has(FRAGMENT)) event.respondWith(page(event, pathname + search));
});
self.addEventListener("message", (event) => {
  if (event.data.type === "keep") event.waitUntil(keepRoom(event.data.path).catch(() => {}));
});

// Files -----------------------------------------------------------------------------------------

/** What has a hash in its name never changes. */
async function file(request) {
  return (await caches.match(request, { cacheName: FILES })) ?? fetch(request);
}

async function keepOfflinePage() {
  const response = await fetch(OFFLINE);
  await Promise.all([(await caches.open(FILES)).put(OFFLINE, response.clone()), keepFiles(await response.text())]);
}

/** The files that a page needs, and those that they need; of those of earlier pages nothing is left. */
async function keepFiles(html, { alone = false } = {}) {
  const cache = await caches.open(FILES);
  const wanted = new Set();
  const want = async (path) => {
    if (wanted.has(path)) return;
    wanted.add(path);
    if (!HASHED.test(path)) return;
    let response = await cache.match(path);
    if (response === undefined) {
      response = await fetch(path);
      if (!response.ok) return;
      await cache.put(path, response.clone());
    }
    if (path.endsWith(".js")) await all(named(await response.text(), NAMED_IN_SCRIPTS, path));
  };
  const all = (paths) => Promise.all(paths.map(want));
  await all([...named(html, NAMED_IN_PAGES, "/"), ICON, BADGE]);
  if (!alone) return;
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== OFFLINE && !wanted.has(pathname)) await cache.delete(url);
  }
}

function named(text, pattern, base) {
  return Array.from(text.matchAll(pattern), ([, path]) => new URL(path, new URL(base, location.origin)).pathname);
}

// Pages -----------------------------------------------------------------------------------------

/** From the server; when there is none to be had, as it was read last. @param {string} path with its query */
async function page(event, path) {
  let response, failure;
  try {
    response = await fetch(event.request);
  } catch (error) {
    failure = error;
  }
  const away = response === undefined || (response.status >= 502 && response.status <= 504);
  if (!away) {
    // Only of what is kept a copy: that of a large file would be held in memory.
    event.waitUntil(keep(path, isKept(response) ? response.clone() : response).catch(() => {}));
    return response;
  }
  const fragment = event.request.headers.has(FRAGMENT);
  const kept = await asKept(path, fragment);
  if (kept !== null) return kept;
  if (response !== undefined) return response;
  if (fragment) throw failure;
  return offlinePage();
}

async function keepRoom(path) {
  if (!ROOM.test(path)) return;
  const whole = (await (await caches.open(PAGES)).match(SHELL)) === undefined;
  await keep(path, await fetch(path, { headers: whole ? {} : { [FRAGMENT]: "1" } }));
}

async function keep(path, response) {
  const cache = await caches.open(PAGES);
  const { pathname } = new URL(response.url || path, location.origin);
  if (pathname.startsWith("/sign-in/")) return void (await caches.delete(PAGES));
  if ([403, 404].includes(response.status)) return void (await cache.delete(path));
  if (!isKept(response)) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, Date.now());
  const html = await response.text();
  await cache.put(pathname, new Response(html, { headers }));
  for (const forgotten of (await rooms(cache)).slice(MOST_PAGES)) await cache.delete(forgotten);
  if (!isWhole(html)) return;
  await cache.put(SHELL, new Response(html, { headers }));
  await keepFiles(html, { alone: true });
}

/** A room as it is now, not a part of it that was asked for. */
function isKept({ status, url }) {
  if (status !== 200) return false; // a redirect may have no address
  const { pathname, search } = new URL(url);
  return ROOM.test(pathname) && search === "";
}

async function asKept(path, fragment) {
  const cache = await caches.open(PAGES);
  if (path === "/") {
    const [last] = await rooms(cache);
    return last === undefined ? null : Response.redirect(last);
  }
  const [found, shell] = await Promise.all([cache.match(path), cache.match(SHELL)]);
  if (found === undefined) return null;
  let html = await found.text();
  if (!isWhole(html) && !fragment) {
    if (shell === undefined) return null;
    const around = await shell.text();
    html = around.slice(0, around.indexOf("<main ")) + html.trim() + around.slice(around.indexOf("</main>") + 7);
  }
  return new Response(html.replace("<main ", "<main data-kept "), { headers: found.headers });
}

function isWhole(html) {
  return html.trimStart().startsWith("<!");
}

/** The paths of those that are kept, the last read first. */
async function rooms(cache) {
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname).filter((path) => ROOM.test(path));
  const dated = paths.map(async (path) => [Number((await cache.match(path))?.headers.get(KEPT_AT)), path]);
  return (await Promise.all(dated)).sort(([one], [other]) => other - one).map(([, path]) => path);
}

/** With links to what is kept. Titles come from pages of ours, where they stand in an attribute: no mark-up is in them. */
async function offlinePage() {
  const [pages, files] = await Promise.all([caches.open(PAGES), caches.open(FILES)]);
  const links = [];
  for (const path of await rooms(pages)) {
    const title = /<main [^>]*data-name="([^"]*)"/.exec(await (await pages.match(path)).text())?.[1] ?? path;
    links.push(`<li class="row"><a class="row__name" href="${path}">${title}</a></li>`);
  }
  const response = await files.match(OFFLINE);
  if (response === undefined) return Response.error();
  const html = (await response.text()).replace("<!-- kept -->", () => links.join(""));
  return new Response(html, { headers: response.headers });
}

// Push ------------------------------------------------------------------------------------------

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
