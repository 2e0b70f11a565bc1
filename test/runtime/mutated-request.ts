const corpus = [
  "GET /dev/a?b=c HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
  "POST /dev/a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello",
  "POST /dev/a HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "PUT http://a.example/dev/a HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
  "HEAD /dev/%2e HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
];
const pieces = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  "\t",
  " ",
  ":",
  "chunked",
  "Transfer-Encoding: chunked\r\n",
  "Content-Length: 0\r\n",
  "Host: b\r\n",
  "HTTP/1.1",
  "0\r\n\r\n",
  "ffffffff",
  "..",
  "//",
  "#",
  "?",
  "%",
  "\xff",
  "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n",
  "-1",
  ";",
];

/** Mulberry32: the same requests in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A request of the corpus with some edits; the same for the same seed. */
export function mutatedRequest(seed: number): string {
  const next = random(seed);
  let text = corpus[next(corpus.length)] as string;
  for (let more = next(3); more > 0; more--) text += corpus[next(corpus.length)];
  for (let edits = next(4); edits >= 0; edits--) {
    const at = next(text.length + 1);
    const kind = next(4);
    const piece =
      kind === 0 ? "" : kind === 1 ? String.fromCharCode(next(256)) : (pieces[next(pieces.length)] as string);
    text = text.slice(0, at) + piece + text.slice(at + (kind === 3 ? 0 : next(6)));
  }
  return text;
}
