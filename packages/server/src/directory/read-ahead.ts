/** So many pages wait to be written, or are on their way, at most. */
const pagesAhead = 1

/**
 * Pages in their order, each next one fetched and prepared while those before it are written. Who stops asking leaves what is
 * on its way. Throws what `fetch` throws, at the page that it threw for.
 */
export async function* readAhead<Page extends { readonly nextCursor: string | null }>(
  from: string | null, fetch: (cursor: string | null) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  const following = (page: Promise<Page | null>) => watched(page.then(before => before?.nextCursor == null ? null : fetch(before.nextCursor)))
  let last = watched<Page | null>(fetch(from))
  const coming = [last]
  for (;;) {
    while (coming.length <= pagesAhead) coming.push(last = following(last))
    // The loop above has filled it.
    const page = await (coming.shift() as Promise<Page | null>)
    if (page === null) return
    yield page
  }
}

/** Its failure is told when its turn comes, and no unhandled rejection before. */
function watched<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined)
  return work
}
