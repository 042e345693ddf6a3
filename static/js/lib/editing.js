/**
 * Changes a textarea as if it were typed: with the browser's own undo, and an `input` event.
 *
 * @param {HTMLTextAreaElement} input
 * @param {import("../models/formatting.js").Edit} edit
 */
export function applyEdit(input, { from, to, text, select }) {
  input.focus({ preventScroll: true });
  input.setSelectionRange(from, to);
  if (text === "") document.execCommand("delete");
  else if (!document.execCommand("insertText", false, text)) {
    input.setRangeText(text, from, to, "end");
    input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  }
  input.setSelectionRange(...select);
}
