const START_SCORE = 8;
const WORD_SCORE = 6;
const RUN_SCORE = 4;
const HIT_SCORE = 1;

/**
 * How well a text matches what was typed: every character in order, best at the beginnings of words and in runs.
 *
 * @returns {number} 0 for no match, more is better; an empty query matches everything alike
 */
export function score(query, text) {
  const wanted = fold(query).replace(/\s+/gu, "");
  if (wanted === "") return 1;
  const given = fold(text);
  return walk(wanted, given, bestPlace) || walk(wanted, given, nextPlace);
}

function walk(wanted, given, place) {
  let total = 0;
  let from = 0;
  let last = -2;
  for (const character of wanted) {
    const at = place(given, character, from, last);
    if (at < 0) return 0;
    if (at === 0) total += START_SCORE;
    else if (at === last + 1) total += RUN_SCORE;
    else if (isBoundary(given, at)) total += WORD_SCORE;
    else total += HIT_SCORE;
    last = at + character.length - 1;
    from = at + character.length;
  }
  return total + 1 / (1 + given.length);
}

function nextPlace(text, character, from) {
  return text.indexOf(character, from);
}

/** The next place for a character: continuing the run, else the beginning of a word, else anywhere. */
function bestPlace(text, character, from, last) {
  const next = text.indexOf(character, from);
  if (next < 0 || next === last + 1) return next;
  for (let at = next; at >= 0; at = text.indexOf(character, at + 1)) if (isBoundary(text, at)) return at;
  return next;
}

function isBoundary(text, at) {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);
}

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
