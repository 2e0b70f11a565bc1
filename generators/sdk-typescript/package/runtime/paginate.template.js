import { call } from "./call.js";

/** The pages of a route, one call after the other, until an answer has no next cursor or there are enough. */
export async function* pages(client, operation, input, { maxPages = Infinity, ...options } = {}) {
  const { cursor, next, header } = operation.pages;
  for (let sent = { ...input }, count = 1; ; count++) {
    const answer = await call(client, operation, sent, options).safe();
    if (!answer.ok) throw answer;
    yield answer.body;
    const token = header ? answer.headers.get(header) : at(answer.body, next);
    if (token === undefined || token === null || token === "" || count >= maxPages) return;
    // A server that forgets to move on would be asked forever.
    if (token === sent[cursor]) throw new Error(`${operation.name}: the cursor does not move`);
    sent = { ...sent, [cursor]: token };
  }
}

/** What the pages list, one item after the other. */
export async function* items(client, operation, input, { maxItems = Infinity, ...options } = {}) {
  if (maxItems <= 0) return;
  let count = 0;
  for await (const page of pages(client, operation, input, options)) {
    for (const item of at(page, operation.pages.items) ?? []) {
      yield item;
      if (++count >= maxItems) return;
    }
  }
}

function at(body, path) {
  return path.reduce((value, name) => value?.[name], body);
}
