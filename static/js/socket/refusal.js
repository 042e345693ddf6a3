const UNANSWERED = new Set(["disconnected", "timeout"]);
const PASSING = new Set([...UNANSWERED, "rate_limited", "unavailable"]);

/** A command that got no `ok`: refused by the server, or unanswered (`disconnected`, `timeout`). */
export class Refusal extends Error {
  /** @param {{code: string, detail?: string, field?: string, retry_after?: number}} frame */
  constructor({ code, detail = "", field = null, retry_after: retryAfter = null }) {
    super(detail || code);
    this.name = "Refusal";
    this.code = code;
    this.detail = detail;
    this.field = field;
    /** @type {number | null} seconds */
    this.retryAfter = retryAfter;
  }

  /** Whether it was not the server that refused. */
  get unanswered() {
    return UNANSWERED.has(this.code);
  }

  /** Whether the same command may succeed later without a change. */
  get passing() {
    return PASSING.has(this.code);
  }
}
