import { View } from "./view.js";

const SETTLE_MS = 300;

/** The list of notifications: reads what one follows, and is fetched again when there is something new. */
export class NotificationsView extends View {
  #timer = null;

  constructor(element, app) {
    super(element);
    const { notifications, api } = app.client;
    this.listen(element, "click", ({ target }) => {
      const ids = target.closest("[data-notifications]")?.dataset.notifications.split(" ");
      if (ids !== undefined) api.post("notifications/read/", { notifications: ids }).catch(() => {});
    });
    const again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => app.navigator.reload(), SETTLE_MS);
    };
    this.own(notifications.on("created", again), notifications.on("read", again), () => clearTimeout(this.#timer));
  }
}
