const LINES = 26;
const LINE_CHARACTERS = 80;
const SHORT = 1_000;
const WITHIN_ROWS = /(?:<(?:\/?table|\/?thead|\/?tbody|tr)>|<\/t[dh]>)\n/gu;

/**
 * Whether a message is so long that only its beginning is shown, as far as that can be told without a screen.
 * `chat/web/folding.py` says the same of what the server renders.
 *
 * @param {string} html
 */
export function isLong(html) {
  if (html.length < SHORT && html.split("\n").length <= LINES) return false;
  const text = html.replace(WITHIN_ROWS, "").replace(/<[^>]*>/gu, "").replace(/&\w+;/gu, "&");
  return text.split("\n").reduce((lines, line) => lines + 1 + Math.floor(line.length / LINE_CHARACTERS), 0) > LINES;
}
