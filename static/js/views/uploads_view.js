import { clone, setText, slot } from "../lib/dom.js";
import { sizeText } from "../lib/files.js";
import { MOST_FILES } from "../models/uploads.js";
import { View } from "./view.js";

/** Files in the composer: picked, dropped on the room or pasted, each with its progress. */
export class UploadsView extends View {
  #uploads;
  #list;
  #picker;
  #room;
  #rows = new Map();
  #depth = 0;

  /** @param {HTMLElement} element the composer @param {TalkView} room @param {Uploads} uploads those of the draft */
  constructor(element, room, uploads) {
    super(element);
    this.#room = room;
    this.#uploads = uploads;
    this.#list = slot(element, "uploads");
    this.#picker = slot(element, "picker");
    slot(element, "pick").hidden = false;
    this.action("pick", () => this.#picker.click());
    this.action("cancel-upload", (_, target) => uploads.remove(target.closest("[data-upload]").dataset.upload));
    this.listen(this.#picker, "change", () => {
      this.#add(this.#picker.files);
      this.#picker.value = "";
    });
    this.#wireDrop(room.element);
    this.own(
      uploads.on("change", () => this.#draw()),
      () => this.#leave(),
      () => this.#rows.forEach((row, id) => this.#drop(id, row)),
    );
    this.#draw();
  }

  /** Files in the clipboard. @returns {boolean} whether there were any */
  paste(data) {
    if (data.files.length === 0) return false;
    this.#add(data.files);
    return true;
  }

  #add(files) {
    const tooMany = this.#uploads.add(files);
    if (tooMany > 0) this.#room.app.toasts.fail(`A message takes at most ${MOST_FILES} files.`);
  }

  #wireDrop(target) {
    const withFiles = (event) => event.dataTransfer.types.includes("Files");
    this.listen(target, "dragenter", (event) => {
      if (!withFiles(event)) return;
      this.#depth += 1;
      target.classList.add("room--dropping");
    });
    this.listen(target, "dragleave", (event) => withFiles(event) && (this.#depth -= 1) <= 0 && this.#leave());
    this.listen(target, "dragover", (event) => withFiles(event) && event.preventDefault());
    this.listen(target, "drop", (event) => {
      if (!withFiles(event)) return;
      this.#leave();
      // A thread lies within its room: what it takes is not for the room, too.
      if (event.defaultPrevented) return;
      event.preventDefault();
      this.#add(event.dataTransfer.files);
      this.#room.focusComposer();
    });
  }

  #leave() {
    this.#depth = 0;
    this.#room.element.classList.remove("room--dropping");
  }

  #draw() {
    const { items } = this.#uploads;
    const kept = new Set(items.map(({ id }) => id));
    for (const [id, row] of this.#rows) if (!kept.has(id)) this.#drop(id, row);
    for (const item of items) this.#fill(this.#rows.get(item.id) ?? this.#create(item), item);
    this.#list.hidden = items.length === 0;
  }

  #create({ id, file }) {
    const row = clone("upload-template");
    row.dataset.upload = id;
    setText(slot(row, "name"), file.name);
    slot(row, "cancel").setAttribute("aria-label", `Remove ${file.name}`);
    if (/^image\/(png|jpeg|gif|webp)$/u.test(file.type)) {
      const image = slot(row, "preview");
      image.src = URL.createObjectURL(file);
      image.hidden = false;
      slot(row, "icon").setAttribute("hidden", "");
    }
    this.#rows.set(id, row);
    this.#list.append(row);
    return row;
  }

  #fill(row, { state, progress, file, error }) {
    row.classList.toggle("upload--failed", state === "failed");
    row.classList.toggle("upload--done", state === "done");
    const bar = slot(row, "progress");
    bar.hidden = state === "done" || state === "failed";
    bar.value = progress;
    const words = { waiting: "Waiting for the connection…", failed: sentence(error), sending: sizeText(file.size), done: sizeText(file.size) };
    setText(slot(row, "state"), words[state]);
  }

  #drop(id, row) {
    URL.revokeObjectURL(slot(row, "preview").src);
    row.remove();
    this.#rows.delete(id);
  }
}

function sentence(detail) {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}${detail.endsWith(".") ? "" : "."}`;
}
