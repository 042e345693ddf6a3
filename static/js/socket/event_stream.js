import { HttpWay } from "./http_way.js";

const BEAT = { op: "pong" };

/** Server-sent events, read by `fetch` so that cursors go in the body. A comment is a sign of life. */
export class EventStream extends HttpWay {
  constructor(parts) {
    super(parts);
    this.#read(parts).catch(() => this.end());
  }

  get beats() {
    return true;
  }

  async #read({ api, resumeFields }) {
    if (!(await this.mayKeep())) return this.end();
    const response = await api.begin("stream/", resumeFields(), this.signal);
    if (!response.ok) return this.refused(response);
    this.opened();
    let rest = "";
    const decoder = new TextDecoder();
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return this.end();
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop();
      for (const line of lines) this.#take(line);
    }
  }

  #take(line) {
    if (line.startsWith(":")) this.say(BEAT);
    if (!line.startsWith("data: ")) return;
    const text = line.slice("data: ".length);
    if (text.startsWith('{"op":"close"')) this.end(JSON.parse(text).code);
    else this.sayText(text);
  }
}
