import { LiveView } from "./live_view.js";

/** The list of threads that one follows. */
export class ThreadsView extends LiveView {
  constructor(element, app) {
    super(element, app);
    const { session } = app.client;
    this.own(session.on("event", ({ type, data }) => (type === "thread.updated" || data.thread) && this.changed()));
  }
}
