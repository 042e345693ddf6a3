/** The tab: its title counts what is unread, and so does its icon. */
export class TitleView {
  #title;
  #unread;
  #icon = document.querySelector('link[data-slot="favicon"]');
  #plainIcon;

  /** @param {Unread} unread */
  constructor(unread) {
    this.#unread = unread;
    this.#title = document.title;
    this.#plainIcon = this.#icon?.href;
    unread.on("change", () => this.#show());
    this.#show();
  }

  /** Another page: its title without the count. */
  set(title) {
    this.#title = title;
    this.#show();
  }

  #show() {
    const { total } = this.#unread;
    const title = total > 0 ? `(${total}) ${this.#title}` : this.#title;
    if (document.title !== title) document.title = title;
    const icon = total > 0 ? this.#icon?.dataset.unread : this.#plainIcon;
    if (icon && this.#icon.getAttribute("href") !== icon) this.#icon.setAttribute("href", icon);
  }
}
