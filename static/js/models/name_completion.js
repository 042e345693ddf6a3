import { score } from "../lib/fuzzy.js";
import { isInAnyCode } from "./lines.js";

const MOST = 8;
const KEPT_MS = 60_000;
const EVERYBODY = [
  { name: "room", label: "Everybody in this room" },
  { name: "here", label: "Everybody who is here just now" },
];

const allowed = (text, caret) => !isInAnyCode(text, caret);

/**
 * `@name` for `Completion`.
 *
 * @param {(query: string) => Promise<{name: string, username: string}[]>} find whose names begin so
 * @param {() => boolean} mayCallEverybody
 */
export function peopleNames(find, mayCallEverybody) {
  const found = kept(find);
  const source = async (query) => {
    const everybody = mayCallEverybody() ? EVERYBODY.filter(({ name }) => name.startsWith(query.toLowerCase())) : [];
    const people = await found(query).catch(() => []);
    return [
      ...byRating(query, people, ({ name, username }) => Math.max(score(query, name), score(query, username))).map(
        ({ name, username }) => ({ text: `@${username} `, icon: "@", label: name, hint: `@${username}` }),
      ),
      ...everybody.map(({ name, label }) => ({ text: `@${name} `, icon: "@", label, hint: `@${name}` })),
    ].slice(0, MOST);
  };
  return { pattern: /(?<![\w@#./-])@([\p{L}\p{N}][\p{L}\p{N}_.-]*|)$/u, allowed, source };
}

/**
 * `#room` for `Completion`.
 *
 * @param {() => Promise<object[]>} load open rooms, as in `ready.rooms`
 * @param {() => object[]} known those that can be offered while the others cannot be asked for
 */
export function roomNames(load, known) {
  const found = kept(load);
  const source = async (query) => {
    const rooms = await found("").catch(() => known());
    const items = byRating(query, rooms, ({ slug, name }) => Math.max(score(query, slug), score(query, name)));
    return items.slice(0, MOST).map(({ slug, name, topic }) => ({ text: `#${slug} `, icon: "#", label: name, hint: topic }));
  };
  return { pattern: /(?<![\w@#./-])#([\p{L}\p{N}][\p{L}\p{N}_-]*|)$/u, allowed, source };
}

/** The things that fit, the best first. */
export function byRating(query, things, rate) {
  const rated = things.map((thing) => ({ thing, rating: rate(thing) })).filter(({ rating }) => rating > 0);
  return rated.sort((one, other) => other.rating - one.rating).map(({ thing }) => thing);
}

/** Asks each question once in a while. */
export function kept(ask) {
  const answers = new Map();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined && Date.now() - known.at < KEPT_MS) return known.answer;
    const answer = Promise.resolve(ask(question));
    answer.catch(() => answers.delete(question));
    answers.set(question, { at: Date.now(), answer });
    return answer;
  };
}
