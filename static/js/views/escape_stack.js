/** `Esc` closes what opened last. Native dialogs see to themselves. */
export class EscapeStack {
  #closers = [];

  constructor() {
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {() => void} close @returns {() => void} to call when it was closed in another way */
  push(close) {
    this.#closers.push(close);
    return () => {
      this.#closers = this.#closers.filter((other) => other !== close);
    };
  }

  #pressed(event) {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open], [popover]:popover-open:not(#toasts)") !== null) return;
    const close = this.#closers.pop();
    if (close === undefined) return;
    event.preventDefault();
    close();
  }
}
