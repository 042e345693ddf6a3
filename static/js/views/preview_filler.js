import { clone, setText, slot } from "../lib/dom.js";
import { fitting } from "../lib/files.js";

/** Shows the cards of a message's links; those that are shown already stay as they are. */
export function fillPreviews(place, previews) {
  place.hidden = previews.length === 0;
  const list = slot(place, "cards");
  const shown = new Map([...list.children].map((element) => [element.dataset.preview, element]));
  const elements = previews.map((preview) => {
    const key = JSON.stringify(preview);
    return shown.get(key) ?? create(preview, key);
  });
  if (elements.length !== list.children.length || elements.some((each, index) => each !== list.children[index])) {
    list.replaceChildren(...elements);
  }
}

/** What the server rendered. @returns {object[]} */
export function readPreviews(place) {
  return [...place.querySelectorAll("[data-preview]")].map((element) => {
    const preview = JSON.parse(element.dataset.preview);
    element.dataset.preview = JSON.stringify(preview);
    return preview;
  });
}

function create(preview, key) {
  const { url, title, description, site, image } = preview;
  const element = clone("preview-template");
  element.dataset.preview = key;
  element.classList.toggle("preview--image", title === "");
  for (const [name, text] of Object.entries({ site, title, text: description })) {
    setText(slot(element, name), text);
    slot(element, name).hidden = text === "";
  }
  slot(element, "title").href = url;
  if (image !== null) showImage(slot(element, "picture"), { url, title, site, image });
  return element;
}

function showImage(picture, { url, title, site, image }) {
  picture.hidden = false;
  picture.href = url;
  if (title !== "") Object.assign(picture, { tabIndex: -1, ariaHidden: "true" });
  Object.assign(slot(picture, "image"), fitting(image), { alt: title === "" ? `Image of ${site}` : "", src: image.url });
}
