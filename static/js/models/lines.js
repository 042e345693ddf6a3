const FENCE = /^ {0,3}```[^`\n]*$/u;
const ITEM = /^(\s*)(> ?|(?:[-*+]|(\d{1,9})([.)])) (?:\[[ xX]\] )?)/u;

/** Whether a place is in a block of code that is not closed before it. */
export function isInCode(text, caret) {
  return text.slice(0, caret).split("\n").filter((line) => FENCE.test(line)).length % 2 === 1;
}

/** Whether a place is in code of any kind. */
export function isInAnyCode(text, caret) {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  return isInCode(text, caret) || line.split("`").length % 2 === 0;
}

/**
 * A new line that goes on with the list or the quotation; an item without words ends it.
 *
 * @returns {Edit | null} null in a line that is neither
 */
export function nextLine(text, caret) {
  const from = text.lastIndexOf("\n", caret - 1) + 1;
  const item = ITEM.exec(text.slice(from, caret));
  if (item === null || isInCode(text, caret)) return null;
  const after = text.indexOf("\n", caret);
  const words = text.slice(from + item[0].length, after < 0 ? text.length : after);
  if (words.trim() === "") return { from, to: caret, text: "", select: [from, from] };
  const [, indent, mark, number, point] = item;
  const next = number === undefined ? mark.replace(/\[[xX]\]/u, "[ ]") : mark.replace(number + point, Number(number) + 1 + point);
  const added = `\n${indent}${next}`;
  return { from: caret, to: caret, text: added, select: [caret + added.length, caret + added.length] };
}
