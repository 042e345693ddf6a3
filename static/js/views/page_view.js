import { copyText } from "../lib/clipboard.js";
import { setCookie } from "../lib/cookie.js";
import { slot } from "../lib/dom.js";
import { searchNames } from "../models/search_completion.js";
import { CompletionView } from "./completion_view.js";
import { DeviceAlerts } from "./device_alerts.js";
import { NotificationsView } from "./notifications_view.js";
import { ThreadsView } from "./threads_view.js";
import { View } from "./view.js";

const PEOPLE_ASKED = 20;
const PARTS = { notifications: NotificationsView, threads: ThreadsView, "device-alerts": DeviceAlerts };

/** A page of forms: they work by themselves; a script only saves a round trip here and there. */
export class PageView extends View {
  constructor(element, app) {
    super(element);
    this.listen(element, "scroll", () => app.placeChanged());
    this.action("copy", async (_, button) => {
      const copied = await copyText(slot(button.closest('[data-view="copy"]'), "text").value);
      if (copied) app.toasts.show("The link is copied.");
      else app.toasts.fail("The link could not be copied.");
    });
    for (const [name, Part] of Object.entries(PARTS)) {
      for (const each of element.querySelectorAll(`[data-view="${name}"]`)) {
        const part = new Part(each, app);
        this.own(() => part.destroy());
      }
    }
    const field = element.querySelector(".finder__input");
    if (field !== null) this.#completeNames(field, app.client);
    this.listen(element, "submit", (event) => {
      if (event.target.dataset.view !== "theme" || event.submitter === null) return;
      event.preventDefault();
      setTheme(event.target, event.submitter.value);
    });
  }

  #completeNames(field, { api, rooms }) {
    const people = async (q) => (await api.get("users/", { q: q || undefined, limit: PEOPLE_ASKED })).results;
    const completion = new CompletionView(field, searchNames(people, () => rooms.all));
    this.own(() => completion.destroy());
  }

  /** How far down one is, to come back to. */
  get place() {
    return { top: this.element.scrollTop };
  }

  start({ place }) {
    this.element.scrollTop = place?.top ?? 0;
  }
}

function setTheme(form, theme) {
  setCookie("theme", theme);
  document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("button")) {
    const chosen = button.value === theme;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("button--primary", chosen);
  }
}
