import { ApiError } from "./api_error.js";
import { sendFile } from "./send_file.js";

const PATIENCE_MS = 15_000;
const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** The REST API with the page's own session. */
export class Api {
  #base;
  #csrf;
  #fetch;

  /**
   * @param {object} parts
   * @param {string} parts.base path of the API with its trailing slash
   * @param {() => string} parts.csrf
   * @param {typeof fetch} [parts.fetch]
   */
  constructor({ base, csrf, fetch = globalThis.fetch.bind(globalThis) }) {
    this.#base = base;
    this.#csrf = csrf;
    this.#fetch = fetch;
  }

  /** @returns {Promise<any>} the parsed answer; rejects with ApiError */
  get(path, query = {}) {
    const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined)).toString();
    return this.#ask("GET", search === "" ? path : `${path}?${search}`);
  }

  post(path, body) {
    return this.#ask("POST", path, body);
  }

  put(path, body) {
    return this.#ask("PUT", path, body);
  }

  delete(path) {
    return this.#ask("DELETE", path);
  }

  /** @returns {Promise<object>} the attachment that the file has become; rejects with ApiError */
  upload(file, id, { progress, signal }) {
    return sendFile({ url: `${this.#base}uploads/`, csrf: this.#csrf(), file, id, progress, signal });
  }

  /** @returns {Promise<"in" | "out" | "away">} whether this browser's session still holds */
  async signedIn() {
    try {
      await this.get("me/");
      return "in";
    } catch (error) {
      return error.status === 401 || error.status === 403 ? "out" : "away";
    }
  }

  /**
   * A POST whose answer may take its time, or never end.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Response>} with any status; rejects when there is no answer
   */
  begin(path, body, signal) {
    return this.#send("POST", path, body, signal);
  }

  async #ask(method, path, body) {
    let response;
    try {
      response = await this.#send(method, path, body, AbortSignal.timeout(PATIENCE_MS));
    } catch {
      throw new ApiError({ status: 0 });
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new ApiError({ status: response.status, ...answer });
    return answer;
  }

  #send(method, path, body, signal) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (!SAFE_METHODS.has(method)) headers["X-CSRFToken"] = this.#csrf();
    return this.#fetch(this.#base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal,
    });
  }
}
