/** An answer of the REST API that is not a success, or no answer at all (`status` 0, code `away`). */
export class ApiError extends Error {
  /** @param {{status: number, code?: string, detail?: string, fields?: Record<string, string[]>}} answer */
  constructor({ status, code = "away", detail = "", fields = {} }) {
    super(detail || code);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.fields = fields;
  }

  /** Whether it was not this server that spoke. */
  get unanswered() {
    return this.code === "away";
  }
}
