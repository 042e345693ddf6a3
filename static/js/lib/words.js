const HIDDEN = "[spoiler]";

/** The words in HTML, read without running or loading anything of it. What was hidden stays hidden. */
export function textOf(html) {
  const { body } = new DOMParser().parseFromString(html ?? "", "text/html");
  for (const spoiler of body.querySelectorAll(".spoiler")) spoiler.textContent = HIDDEN;
  return body.textContent;
}

/** What was typed, before the server made HTML of it, without what it hides. */
export function withoutSpoilers(body) {
  return body.replace(/\|\|(?!\s)[^]+?\|\|/gu, HIDDEN);
}
