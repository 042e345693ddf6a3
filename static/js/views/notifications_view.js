import { LiveView } from "./live_view.js";

/** The list of notifications. Whoever follows one has read it. */
export class NotificationsView extends LiveView {
  constructor(element, app) {
    super(element, app);
    const { notifications, api } = app.client;
    this.listen(element, "click", ({ target }) => {
      const ids = target.closest("[data-notifications]")?.dataset.notifications.split(" ");
      if (ids !== undefined) api.post("notifications/read/", { notifications: ids }).catch(() => {});
    });
    this.own(
      notifications.on("created", () => this.changed()),
      notifications.on("read", () => this.changed()),
    );
  }
}
