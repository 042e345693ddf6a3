import { slot } from "../lib/dom.js";
import { View } from "./view.js";

/** Images of the timeline, large, one after the other. */
export class Lightbox extends View {
  #dialog = document.getElementById("lightbox");
  #current = null;

  constructor(element) {
    super(element);
    this.listen(element, "click", (event) => this.#clicked(event));
    this.listen(this.#dialog, "keydown", ({ key }) => {
      if (key === "ArrowLeft") this.#move(-1);
      if (key === "ArrowRight") this.#move(1);
    });
    this.listen(this.#dialog, "click", ({ target }) => {
      const step = target.closest("[data-step]");
      if (step !== null) this.#move(Number(step.dataset.step));
    });
    this.listen(this.#dialog, "close", () => this.#closed());
    this.own(() => this.#dialog.close());
  }

  #clicked(event) {
    const link = event.target.closest(".attachment--image");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.classList.contains("attachment--waiting")) return;
    this.#show(link);
    this.#dialog.showModal();
  }

  get #links() {
    return [...this.element.querySelectorAll(".attachment--image:not(.attachment--waiting)")];
  }

  #move(by) {
    const links = this.#links;
    const next = links[links.indexOf(this.#current) + by];
    if (next !== undefined) this.#show(next);
  }

  #show(link) {
    this.#current = link;
    const { name, url, width, height } = JSON.parse(link.dataset.attachment);
    Object.assign(slot(this.#dialog, "image"), { src: url, alt: name, width, height });
    slot(this.#dialog, "name").textContent = name;
    Object.assign(slot(this.#dialog, "download"), { href: url, download: name });
    const links = this.#links;
    slot(this.#dialog, "previous").disabled = links[0] === link;
    slot(this.#dialog, "next").disabled = links.at(-1) === link;
  }

  #closed() {
    slot(this.#dialog, "image").removeAttribute("src");
    this.#current?.focus({ preventScroll: true });
    this.#current = null;
  }
}
