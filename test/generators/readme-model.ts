/** A gateway whose README has every part: credentials of all kinds, pages, errors, bytes, a WebSocket API. */
export const readmeModel = `gateway: guide
sdk: { languages: [go, java], license: MIT }
binaryMediaTypes: ["*/*"]
plans: { all: { throttle: { rate: 1, burst: 1 } } }
keys: { one: { plan: all } }
authorizers:
  pool: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc" }
  guests: { lambda: guests, type: request, identity: [$request.header.X-Who, $request.querystring.token] }
models: |
  interface Problem { message: string }
  interface Item { id: uuid; at: datetime; kind: "a" | "b"; tags: string[]; level: 1 | 2; flags: Record<string, boolean> }
  interface Node { name: string; next: Node | null }
  type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number }
routes:
  GET /items:
    operation: listItems
    auth: pool
    query: { cursor?: string, kind: "'a' | 'b'", at: datetime, on: date, tags: "string[]", n: integer, ok: boolean }
    paginate: { cursor: cursor, next: $response.body.next, items: $response.body.items }
    lambda: f
    responses: { 200: "{ items: Item[]; next?: string }", 404: Problem }
  PUT /items/{id}: { operation: putItem, auth: guests, params: { id: string }, body: Item, lambda: f, responses: { 204: , 409: Problem } }
  PUT /bytes: { operation: putBytes, auth: iam, body: binary, lambda: f, responses: { 200: { body: binary, mediaType: application/pdf } } }
  PUT /shape: { operation: putShape, apiKey: true, body: Shape, lambda: f, responses: { 200: Shape, 201: Item } }
  ANY /any: { operation: any, lambda: f }
  GET /watch: { operation: watch, lambda: f, responses: { 200: { body: string, mediaType: text/event-stream } } }
websocket:
  auth: guests
  apiKey: true
  routes:
    $connect: { lambda: f }
    $default: { lambda: f, reply: string }
    join: { body: "{ action: 'join'; item: Item; next: Node }", lambda: f, reply: "{ joined: string }" }
    shape: { body: "{ action: 'shape'; shape: Shape }", lambda: f }
  events: { Moved: Item, Noted: string }
stages: { dev: {}, prod: {} }
`;
