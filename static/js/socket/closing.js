/**
 * What a close code asks of the client (the protocol's table "Heartbeat, closing").
 *
 * @typedef {"retry" | "refresh" | "revoked" | "broken"} Verdict
 */

const VERDICTS = new Map([
  [4400, "broken"],
  [1002, "broken"],
  [1003, "broken"],
  [1007, "broken"],
  [1008, "broken"],
  [1009, "broken"],
  [4401, "refresh"],
  [4403, "revoked"],
]);

/** @param {number} code @returns {Verdict} every code without a rule of its own is worth another try */
export function verdictOn(code) {
  return VERDICTS.get(code) ?? "retry";
}
