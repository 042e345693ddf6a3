/** The page's own time. Everything that waits takes a clock, so that tests can turn the hands. */
export const clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
};
