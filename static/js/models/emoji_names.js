import { isInAnyCode } from "./lines.js";

const MOST = 8;

/** Emoji by their names, for `Completion`. @param {() => Promise<Array>} load `EmojiData.rows` */
export function emojiNames(load) {
  const source = async (query) => emojiFor(query, await load());
  return { pattern: /(?<![0-9A-Za-z:]):([0-9A-Za-z_+-]{2,40})$/u, allowed: (text, caret) => !isInAnyCode(text, caret), source };
}

/** @param {[string, string[], string[]][]} rows emoji, names, keywords @returns {import("./completion.js").Item[]} */
export function emojiFor(query, rows) {
  const wanted = query.toLowerCase();
  const found = [];
  for (const [emoji, names, keywords] of rows) {
    const [rating, name] = best(wanted, names, keywords);
    if (rating < Infinity) found.push({ rating, text: `${emoji} `, icon: emoji, label: `:${name}:` });
  }
  return found.sort((a, b) => a.rating - b.rating || a.label.length - b.label.length).slice(0, MOST);
}

function best(wanted, names, keywords) {
  let rated = [Infinity, names[0]];
  for (const name of names) {
    const rating = rate(wanted, name);
    if (rating < rated[0]) rated = [rating, name];
  }
  if (rated[0] === Infinity && keywords.some((word) => word.startsWith(wanted))) return [4, names[0]];
  return rated;
}

function rate(wanted, name) {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(`_${wanted}`)) return 2;
  return name.includes(wanted) ? 3 : Infinity;
}
