const ELLIPSIS = "…";

/**
 * What is said when a message is forwarded: one's own words, and a quotation that leads to where it stands.
 *
 * @param {object} parts
 * @param {string} parts.words
 * @param {{body: string, sender: {name: string}, attachments?: {name: string}[]}} parts.message
 * @param {string} parts.url of the message
 * @param {number} parts.limit characters of a message
 */
export function forwarded({ words, message, url, limit }) {
  const own = words.trim() === "" ? "" : `${words.trim()}\n\n`;
  const files = (message.attachments ?? []).map(({ name }) => name).join(", ");
  const said = [message.body, files].filter((text) => text !== "").join("\n");
  const head = `${own}> **${escaped(message.sender.name)}** [wrote](${url}):\n`;
  const lines = said.split("\n").map((line) => `> ${line}`).join("\n");
  const room = limit - [...head].length;
  const characters = [...lines];
  return head + (characters.length <= room ? lines : `${characters.slice(0, room - 1).join("")}${ELLIPSIS}`);
}

function escaped(name) {
  return name.replace(/[\\`*_[\]<>|~:@#]/gu, "\\$&");
}
