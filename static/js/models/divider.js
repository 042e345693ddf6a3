/**
 * Where the new messages begin, for the eyes of one reader: fixed while they read, moved when something comes that
 * they do not see come.
 */
export class Divider {
  #me;
  #after;

  /**
   * @param {object} parts
   * @param {string} parts.me the reader's user id
   * @param {number | null} parts.after everything up to this number was read; null when there is nothing new
   */
  constructor({ me, after }) {
    this.#me = me;
    this.#after = after;
  }

  /** New is what others said after this number; null: nothing is. */
  get after() {
    return this.#after;
  }

  /** The reader wants it before this message. */
  putBefore(seq) {
    this.#after = seq - 1;
  }

  /**
   * A message came.
   *
   * @param {object} message
   * @param {object} now
   * @param {boolean} now.watched whether the reader saw it come
   * @param {number} now.readSeq up to where they have read
   * @param {readonly object[]} now.messages what is held of the room
   */
  posted({ seq, sender }, { watched, readSeq, messages }) {
    if (sender.id === this.#me || watched) return;
    const isUnread = (message) => message.seq > readSeq && message.seq < seq && message.sender.id !== this.#me;
    if (!messages.some(isUnread)) this.putBefore(seq);
  }
}
