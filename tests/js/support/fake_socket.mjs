/** The browser's end of a socket, with the server's side in the test's hands. */
export class FakeSocket extends EventTarget {
  sent = [];
  closedWith = null;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith ??= code ?? 1005;
  }

  opens() {
    this.dispatchEvent(new Event("open"));
  }

  says(frame) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }

  isClosed(code) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  /** The last command of that op that the page sent. */
  command(op) {
    return this.sent.findLast((frame) => frame.op === op);
  }
}
