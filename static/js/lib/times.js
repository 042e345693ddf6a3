/** Clocks and days in the reader's zone, in the wording that the server uses (en-GB, 24 hours). */
export class Times {
  #day;
  #time;
  #full;
  #label;
  #short;
  #now;

  /** @param {{zone: string, now?: () => number}} parts zone: an IANA name */
  constructor({ zone, now = Date.now }) {
    const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: known(zone), ...options });
    this.#day = format({ year: "numeric", month: "2-digit", day: "2-digit" });
    this.#time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#full = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    this.#label = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.#short = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#now = now;
  }

  /** @param {number} ms @returns {string} `2026-03-03` */
  day(ms) {
    const { year, month, day } = parts(this.#day, ms);
    return `${year.padStart(4, "0")}-${month}-${day}`;
  }

  /** @returns {string} `09:41` */
  time(ms) {
    return this.#time.format(ms);
  }

  /** @returns {string} `Monday, 3 March`, with the year when it is another than this one */
  dayLabel(ms) {
    const long = this.#longDay(ms);
    const thisYear = this.day(ms).slice(0, 4) === this.day(this.#now()).slice(0, 4);
    return thisYear ? long.replace(/ \d+$/u, "") : long;
  }

  /** @returns {string} `3 Mar, 09:41` */
  short(ms) {
    const { day, month, hour, minute } = parts(this.#short, ms);
    return `${day} ${month.slice(0, 3)}, ${hour}:${minute}`;
  }

  /** @returns {string} `Monday, 3 March 2026 at 09:41:07` */
  full(ms) {
    return `${this.#longDay(ms)} at ${this.#full.format(ms)}`;
  }

  #longDay(ms) {
    const { weekday, day, month, year } = parts(this.#label, ms);
    return `${weekday}, ${day} ${month} ${year}`;
  }
}

function parts(format, ms) {
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
}

/** A browser may not know every zone that the server knows. */
function known(zone) {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return zone;
  } catch {
    return undefined;
  }
}
