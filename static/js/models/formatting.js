/**
 * Markdown for what is selected. Nothing here knows the DOM: an edit says what goes where.
 *
 * @typedef {{from: number, to: number, text: string, select: [number, number]}} Edit
 *   `text` in place of what stands between `from` and `to`; then `select` is selected
 */

const MARKS = { bold: "**", italic: "_", strike: "~~", code: "`", spoiler: "||" };
const PREFIXES = { bullets: "- ", numbers: "1. ", tasks: "- [ ] ", quote: "> " };
const LIST_ITEM = /^(\s*)((?:[-*+]|\d{1,9}[.)]) (?:\[[ xX]\] )?)?/u;
const KINDS = {
  bullets: /^\s*[-*+] (?!\[[ xX]\] )/u,
  numbers: /^\s*\d{1,9}[.)] /u,
  tasks: /^\s*[-*+] \[[ xX]\] /u,
  quote: /^> ?/u,
};
const ADDRESS = /^https?:\/\/\S+$/u;

/** @param {string} name of a button @returns {Edit} */
export function format(name, text, start, end) {
  if (name in MARKS) return mark(MARKS[name], text, start, end);
  if (name in PREFIXES) return lines(name, text, start, end);
  return name === "link" ? link(text, start, end) : block(text, start, end);
}

/** Words that lead to an address. @returns {Edit | null} null when there is no selection, or no address */
export function linkTo(address, text, start, end) {
  const words = text.slice(start, end);
  if (words.trim() === "" || words.includes("\n") || ADDRESS.test(words) || !ADDRESS.test(address)) return null;
  return replaced(start, end, `[${words}](${address})`);
}

/** Sets a mark around each paragraph of the selection, or takes it away. */
function mark(sign, text, start, end) {
  const { length } = sign;
  if (text.slice(0, start).endsWith(sign) && text.startsWith(sign, end)) {
    const words = text.slice(start, end);
    return { from: start - length, to: end + length, text: words, select: [start - length, end - length] };
  }
  const chosen = text.slice(start, end);
  const from = start + chosen.length - chosen.trimStart().length;
  const words = chosen.trim();
  if (words === "") return { from: start, to: start, text: sign + sign, select: [start + length, start + length] };
  const to = from + words.length;
  const parts = words.split(/(\n\s*\n)/u);
  const isMarked = (part) => part.length > 2 * length && part.startsWith(sign) && part.endsWith(sign);
  const off = parts.every((part, at) => at % 2 === 1 || isMarked(part));
  const change = (part) => (off ? part.slice(length, -length) : isMarked(part) ? part : sign + part + sign);
  const edit = replaced(from, to, parts.map((part, at) => (at % 2 === 1 ? part : change(part))).join(""));
  // The mark can be taken away by the same key.
  return parts.length === 1 && !off ? { ...edit, select: [from + length, to + length] } : edit;
}

/** Makes items or a quotation of the lines that the selection touches, or plain lines again. */
function lines(kind, text, start, end) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const after = text.indexOf("\n", end);
  const to = after < 0 ? text.length : after;
  const before = text.slice(from, to).split("\n");
  const filled = before.filter((line) => line.trim() !== "");
  const off = filled.length > 0 && filled.every((line) => KINDS[kind].test(line));
  let number = 0;
  const change = (line) => {
    if (line.trim() === "" && before.length > 1) return kind === "quote" && !off ? ">" : line;
    if (kind === "quote") return off ? line.replace(KINDS.quote, "") : `> ${line}`;
    number += 1;
    const prefix = kind === "numbers" ? `${number}. ` : PREFIXES[kind];
    return line.replace(LIST_ITEM, (_, indent) => indent + (off ? "" : prefix));
  };
  const edit = replaced(from, to, before.map(change).join("\n"));
  if (start !== end) return edit;
  const caret = Math.max(from, start + edit.text.length - (to - from));
  return { ...edit, select: [caret, caret] };
}

function link(text, start, end) {
  const words = text.slice(start, end);
  const caret = ADDRESS.test(words) || words === "" ? start + 1 : end + 3;
  const made = ADDRESS.test(words) ? `[](${words})` : `[${words}]()`;
  return { from: start, to: end, text: made, select: [caret, caret] };
}

/** Puts a fence around the lines of the selection, or takes it away. */
function block(text, start, end) {
  const words = text.slice(start, end);
  const fenced = /^```[^\n`]*\n([^]*?)\n?```$/u.exec(words);
  if (fenced) return replaced(start, end, fenced[1]);
  const head = start > 0 && text[start - 1] !== "\n" ? "\n```\n" : "```\n";
  const tail = end < text.length && text[end] !== "\n" ? "\n```\n" : "\n```";
  const caret = start + head.length;
  return { from: start, to: end, text: head + words + tail, select: [caret, caret + words.length] };
}

function replaced(from, to, text) {
  return { from, to, text, select: [from, from + text.length] };
}
