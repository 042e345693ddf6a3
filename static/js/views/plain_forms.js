/**
 * Forms that the browser sends by itself. Where nothing answers it would show a page of its own, and what was typed would
 * be gone: so the server is asked first, and the form stays as it is while it cannot be reached.
 */
export class PlainForms {
  #app;
  #asking = new WeakSet();
  #answered = new WeakSet();

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    // By the window: whoever sends a form in another way has said so by then.
    addEventListener("submit", (event) => this.#submitted(event));
  }

  #submitted(event) {
    const { target: form, submitter } = event;
    if (form.method !== "post" || event.defaultPrevented || this.#answered.delete(form)) return;
    event.preventDefault();
    if (!this.#asking.has(form)) this.#send(form, submitter);
  }

  async #send(form, submitter) {
    this.#asking.add(form);
    try {
      await this.#app.client.api.get("me/");
    } catch (error) {
      if (error.status === undefined) throw error;
      if (error.unanswered) return this.#app.toasts.refused("It was not sent.", error);
    } finally {
      this.#asking.delete(form);
    }
    if (!form.isConnected) return undefined;
    this.#answered.add(form);
    return form.requestSubmit(submitter?.isConnected ? submitter : null);
  }
}
