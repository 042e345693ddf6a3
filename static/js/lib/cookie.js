const YEAR_SECONDS = 31_536_000;

/** Remembers a choice for the server's next rendering. @param {string} value without `;`, comma or space */
export function setCookie(name, value) {
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=${YEAR_SECONDS}`;
}

/** @returns {string | undefined} */
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
