const PAGE_LENGTH = 200;

/** All entries of a cursor-paginated list. @param {import("./api.js").Api} api */
export async function* pages(api, path) {
  let query = { limit: PAGE_LENGTH };
  for (;;) {
    const page = await api.get(path, query);
    yield* page.results;
    if (!page.next) return;
    query = Object.fromEntries(new URL(page.next, location.href).searchParams);
  }
}
