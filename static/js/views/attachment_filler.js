import { clone, setText, slot } from "../lib/dom.js";
import { factsText, fitting, kindOf } from "../lib/files.js";

/** Shows the files of a message; those that are shown already stay as they are. */
export function fillAttachments(place, attachments) {
  place.hidden = attachments.length === 0;
  const shown = new Map([...place.children].map((element) => [element.dataset.attachment, element]));
  const elements = attachments.map((file) => {
    const key = JSON.stringify(file);
    return shown.get(key) ?? create(file, key);
  });
  if (elements.length !== place.children.length || elements.some((each, index) => each !== place.children[index])) {
    place.replaceChildren(...elements);
  }
}

/** What the server rendered. @returns {object[]} */
export function readAttachments(place) {
  const files = [...place.querySelectorAll("[data-attachment]")];
  return files.map((element) => {
    const file = JSON.parse(element.dataset.attachment);
    element.dataset.attachment = JSON.stringify(file);
    return file;
  });
}

function create(file, key) {
  const kind = kindOf(file);
  const element = clone(`attachment-${kind}-template`);
  element.dataset.attachment = key;
  setText(slot(element, "name"), file.name);
  setText(slot(element, "size"), factsText(file));
  if (kind === "image") showImage(element, file);
  else if (kind === "pdf") showPage(element, file);
  else if (slot(element, "player") !== null) slot(element, "player").src = file.url;
  for (const link of [element, slot(element, "name")]) if (link?.matches("a")) link.href = file.url;
  return element;
}

function showImage(element, file) {
  const image = slot(element, "image");
  Object.assign(image, fitting(file), { alt: file.name });
  element.classList.toggle("attachment--waiting", !file.ready);
  if (file.ready) image.src = file.thumbnail ?? file.url;
}

/** Its place is kept until it is known whether there is one. */
function showPage(element, { ready, thumbnail }) {
  slot(element, "page").hidden = ready && thumbnail === null;
  const image = slot(element, "image");
  image.hidden = thumbnail === null;
  if (thumbnail !== null) image.src = thumbnail;
}
