const KEPT = 5;
const WORDS = 300;

/** Says new messages to a screen reader, in the page's one live region. */
export class Announcer {
  #element = document.getElementById("announcer");

  say(text) {
    const line = document.createElement("p");
    line.textContent = text.length > WORDS ? `${text.slice(0, WORDS)}…` : text;
    this.#element.append(line);
    while (this.#element.children.length > KEPT) this.#element.firstElementChild.remove();
  }
}
