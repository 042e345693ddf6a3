import { score } from "../lib/fuzzy.js";
import { byRating, kept } from "./name_completion.js";

const MOST = 8;
const KINDS = [
  { name: "link", label: "with a link" },
  { name: "file", label: "with a file" },
  { name: "code", label: "with code" },
];

/**
 * `from:ada`, `in:#general`, `in:@ada` and `has:file` for `Completion`, in a field of search.
 *
 * @param {(query: string) => Promise<{name: string, username: string}[]>} find people whose names begin so
 * @param {() => object[]} rooms those of this person, as in `ready.rooms`
 */
export function searchNames(find, rooms) {
  const found = kept(find);
  const people = async (query) => {
    const me = { username: "me", name: "You" };
    return byRating(query, [...(await found(query)), me], ({ name, username }) => best(query, name, username));
  };
  const places = (query) => byRating(query, rooms(), ({ slug, name, peer }) => best(query, name, slug ?? peer.username));
  return [
    kind("from", "@?", people, ({ username, name }) => ["", username, name]),
    kind("in", "[#@]?", places, ({ slug, peer, name }) => (slug === null ? ["@", peer.username, name] : ["#", slug, name])),
    kind("has", "", (query) => KINDS.filter(({ name }) => name.startsWith(query)), ({ name, label }) => ["", name, label]),
  ];
}

/** @param {(thing: object) => [string, string, string]} shown its sigil, what it is called, and how it is shown */
function kind(operator, sigils, things, shown) {
  const source = async (typed) => {
    const query = typed.toLowerCase();
    const items = (await things(query)).map(shown);
    // What is typed whole already is not offered, so that Enter searches.
    if (items.some(([, name]) => name.toLowerCase() === query)) return [];
    return items.slice(0, MOST).map(([sigil, name, label]) => {
      const asked = `${operator}:${sigil}${name}`;
      return { text: `${asked} `, label, hint: asked };
    });
  };
  return { pattern: new RegExp(`(?<=(?<!\\S)-?)${operator}:${sigils}([^\\s"]*)$`, "iu"), source };
}

const best = (query, ...names) => Math.max(...names.map((name) => score(query, name)));
