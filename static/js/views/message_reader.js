import { slot } from "../lib/dom.js";
import { readAttachments } from "./attachment_filler.js";
import { readPreviews } from "./preview_filler.js";
import { readMarks } from "./message_marks.js";

/**
 * The messages that the server rendered, as far as the page tells them, in the shape of the wire. `body` is not
 * there: the page holds only its HTML.
 *
 * @param {HTMLElement} list
 * @returns {object[]}
 */
export function readMessages(list) {
  return [...list.querySelectorAll("[data-message]")].map(readMessage);
}

function readMessage(element) {
  const { message, clientId, seq, sender, username, at, editedAt, replyTo, thread } = element.dataset;
  const deleted = element.classList.contains("message--deleted");
  return {
    id: message,
    client_id: clientId || null,
    seq: Number(seq),
    sender: {
      id: sender,
      username,
      name: slot(element, "name").textContent,
      hue: Number(/avatar--h(\d+)/u.exec(slot(element, "avatar").className)?.[1] ?? 0),
      is_bot: !slot(element, "bot").hidden,
    },
    html: deleted ? "" : slot(element, "body").innerHTML,
    attachments: readAttachments(slot(element, "files")),
    previews: readPreviews(slot(element, "previews")),
    reply_to: replyTo || null,
    created_at: at,
    edited_at: editedAt || null,
    // The page does not say by whom.
    pinned: slot(element, "pinned").hidden ? null : {},
    deleted_at: deleted ? at : null,
    thread: thread || null,
    ...readMarks(element),
  };
}
