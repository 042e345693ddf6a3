import { Emitter } from "../lib/emitter.js";

/** Whether somebody looks at this page: it is visible and has the focus. Emits `change(boolean)`. */
export class Attention extends Emitter {
  #attentive = look();

  constructor() {
    super();
    for (const type of ["focus", "blur"]) addEventListener(type, () => this.#check());
    document.addEventListener("visibilitychange", () => this.#check());
  }

  get attentive() {
    return this.#attentive;
  }

  #check() {
    const attentive = look();
    if (attentive === this.#attentive) return;
    this.#attentive = attentive;
    this.emit("change", attentive);
  }
}

function look() {
  return !document.hidden && document.hasFocus();
}
