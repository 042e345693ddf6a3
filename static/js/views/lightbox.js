import { clone, slot } from "../lib/dom.js";
import { View } from "./view.js";

const SHOWN = ".attachment--image:not(.attachment--waiting), .attachment--pdf";

/** Images and PDFs of the timeline, large, one after the other. */
export class Lightbox extends View {
  #dialog = document.getElementById("lightbox");
  #current = null;
  #frame = null;

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
    const link = event.target.closest(".attachment--image, .attachment--pdf");
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!link.matches(SHOWN)) return;
    this.#show(fileOf(link));
    this.#dialog.showModal();
  }

  get #links() {
    return [...this.element.querySelectorAll(SHOWN)];
  }

  /** By its id: a link is drawn anew when its file becomes ready. */
  get #position() {
    return this.#links.findIndex((link) => fileOf(link).id === this.#current?.id);
  }

  #move(by) {
    const next = this.#links[this.#position + by];
    if (next !== undefined) this.#show(fileOf(next));
  }

  #show(file) {
    this.#clear();
    this.#current = file;
    if (file.type !== "application/pdf") this.#showImage(file.url, file.name, file);
    else if (navigator.pdfViewerEnabled) this.#showFrame(file);
    else this.#showPage(file);
    slot(this.#dialog, "name").textContent = file.name;
    for (const link of ["download", "save"]) {
      Object.assign(slot(this.#dialog, link), { href: file.url, download: file.name });
    }
    const links = this.#links;
    slot(this.#dialog, "previous").disabled = this.#position <= 0;
    slot(this.#dialog, "next").disabled = this.#position === links.length - 1;
  }

  #showImage(src, alt, { width, height } = {}) {
    const image = slot(this.#dialog, "image");
    Object.assign(image, { src, alt, hidden: false });
    for (const [name, pixels] of Object.entries({ width, height })) {
      if (pixels) image.setAttribute(name, pixels);
      else image.removeAttribute(name);
    }
  }

  /** A new one each time: to send a frame elsewhere would be a step for the browser's way back. */
  #showFrame({ url, name }) {
    this.#frame = clone("lightbox-frame-template");
    Object.assign(this.#frame, { src: url, title: name });
    slot(this.#dialog, "stage").append(this.#frame);
  }

  /** Where the browser shows no PDF. */
  #showPage({ name, thumbnail, pages = null }) {
    if (thumbnail !== null) this.#showImage(thumbnail, `First page of ${name}`);
    slot(this.#dialog, "note").hidden = false;
    const shown = thumbnail === null ? "This browser cannot show it." : pages > 1 ? `Page 1 of ${pages}` : "";
    slot(this.#dialog, "note-text").textContent = shown;
  }

  #clear() {
    const image = slot(this.#dialog, "image");
    image.removeAttribute("src");
    image.hidden = true;
    slot(this.#dialog, "note").hidden = true;
    this.#frame?.remove();
    this.#frame = null;
  }

  #closed() {
    this.#clear();
    this.#links[this.#position]?.focus({ preventScroll: true });
    this.#current = null;
  }
}

function fileOf(link) {
  return JSON.parse(link.dataset.attachment);
}
