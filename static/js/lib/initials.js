/** @param {string} name @returns {string} "Ada L." → "AL", "ada" → "A" */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...word][0].toUpperCase()).join("");
}
