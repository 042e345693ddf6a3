const YEAR_SECONDS = 31_536_000;

/** Remembers a choice for the server's next rendering. */
export function setCookie(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${YEAR_SECONDS}`;
}
