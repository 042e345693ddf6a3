/** What the nodes told, put together: one value a beat for the whole installation. */

export const BEAT_SECONDS = 2;
export const SHOWN_SECONDS = 300;

const COLUMNS = { sockets: 1, posts: 2, deliveries: 3, late: 4 };

/**
 * The installation over the last five minutes. Sockets and rates add up; of how late loops were, the worst counts.
 *
 * @param {{samples: number[][]}[]} nodes a sample: [at, sockets, posts/s, deliveries/s, share of late looks]
 * @param {"sockets" | "posts" | "deliveries" | "late"} name
 * @param {number} now seconds since 1970
 * @returns {{ago: number, value: number}[]} the oldest first; `ago` in seconds
 */
export function series(nodes, name, now) {
  const column = COLUMNS[name];
  const beats = new Map();
  for (const { samples } of nodes) {
    const mine = new Map(samples.map((sample) => [Math.floor(sample[0] / BEAT_SECONDS), sample[column]]));
    for (const [beat, value] of mine) {
      const before = beats.get(beat);
      const both = name === "late" ? Math.max(before ?? 0, value) : (before ?? 0) + value;
      beats.set(beat, both);
    }
  }
  return [...beats]
    .map(([beat, value]) => ({ ago: now - beat * BEAT_SECONDS, value }))
    .filter(({ ago }) => ago <= SHOWN_SECONDS)
    .sort((one, other) => other.ago - one.ago);
}

/** What a node told last. @returns {{sockets: number, posts: number, deliveries: number, late: number}} */
export function latest({ samples }) {
  const last = samples.at(-1) ?? [];
  return Object.fromEntries(Object.entries(COLUMNS).map(([name, column]) => [name, last[column] ?? 0]));
}

/** The top of a scale that holds `most`: 1, 2 or 5 times a power of ten. */
export function top(most) {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most * (1 - 1e-9));
}

/**
 * The points as the line and the area of a chart of `width` × `height`.
 *
 * @param {{ago: number, value: number}[]} points @param {number} most the value at the top
 * @returns {{line: string, area: string}} paths
 */
export function paths(points, most, width, height) {
  if (points.length === 0) return { line: "", area: "" };
  const at = ({ ago, value }) => {
    const x = width * (1 - Math.max(0, Math.min(1, ago / SHOWN_SECONDS)));
    const y = height - (height - 2) * Math.min(1, value / most);
    return [x, y].map((number) => number.toFixed(1)).join(" ");
  };
  const line = `M${points.map(at).join("L")}`;
  const [first] = at(points[0]).split(" ");
  const [last] = at(points.at(-1)).split(" ");
  return { line, area: `${line}L${last} ${height}L${first} ${height}Z` };
}

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const PRECISE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

/** `1,204`, `3.5`, and for shares `12.5 %`. */
export function written(value, isShare = false) {
  if (isShare) return `${PRECISE.format(value * 100)} %`;
  return (value < 10 ? PRECISE : WHOLE).format(value);
}

/** How long something has been up: `4 d 3 h`, `12 min`, `9 s`. @param {number} seconds */
export function duration(seconds) {
  const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const index = Math.max(0, units.findIndex(([, size]) => seconds >= size));
  const [[unit, size], next] = [seconds < 1 ? units.at(-1) : units[index], units[index + 1]];
  const whole = Math.max(0, Math.floor(seconds / size));
  const rest = unit === "d" || unit === "h" ? Math.floor((seconds % size) / next[1]) : 0;
  return rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`;
}
