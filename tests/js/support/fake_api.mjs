/** The HTTP API with the server's side in the test's hands. */
export class FakeApi {
  /** Requests in flight: `{path, body, signal, answer(status, body), fail()}`. */
  asked = [];

  begin(path, body, signal) {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      const fail = () => reject(new TypeError("Failed to fetch"));
      const answer = (status, content) => resolve(new Response(content, { status }));
      this.asked.push({ path, body, signal, answer, fail });
    });
  }

  post(path, body) {
    return new Promise((resolve, reject) => this.asked.push({ path, body, answer: resolve, refuse: reject }));
  }

  /** The last request to that path. */
  to(path) {
    return this.asked.findLast((request) => request.path === path);
  }
}

/** A response body that the test writes into. */
export class FakeBody {
  #controller;
  stream = new ReadableStream({ start: (controller) => (this.#controller = controller) });

  writes(text) {
    this.writesBytes(new TextEncoder().encode(text));
  }

  writesBytes(bytes) {
    this.#controller.enqueue(bytes);
  }

  ends() {
    this.#controller.close();
  }
}
