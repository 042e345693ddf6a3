import { slot } from "../lib/dom.js";
import { View } from "./view.js";

/** "(edited)" shows what a message said before: the page that the link leads to, as a dialog. */
export class HistoryView extends View {
  #app;
  #dialog = document.getElementById("message-history");

  /** @param {HTMLElement} element around messages @param {App} app */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.action("show-history", (event, link) => {
      if (!link.hasAttribute("href") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#show(link.href);
    });
  }

  async #show(href) {
    const found = await fetchHistory(href).catch(() => null);
    if (found === null) this.#app.toasts.fail("The history could not be loaded.");
    else {
      slot(this.#dialog, "place").replaceChildren(found);
      if (!this.#dialog.open) this.#dialog.showModal();
    }
  }
}

async function fetchHistory(href) {
  const response = await fetch(href, { headers: { "X-Parley-Fragment": "1" }, credentials: "same-origin" });
  if (response.status !== 200) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return slot(page, "history");
}
