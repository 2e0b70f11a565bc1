// A gateway with everything on.

export const key = "a-key-of-the-soak-0123456789";

/** @param backendPort  an HTTP server of ours */
export function fullGateway(backendPort) {
  return `gateway: full
models: |
  interface Order { sku: string; quantity: integer }
plans: { free: { throttle: { rate: 1000000, burst: 1000000 }, quota: { limit: 1000000000, period: month } } }
keys: { soak: { plan: free, value: "\${env.SOAK_KEY}" } }
authorizers: { guard: { lambda: guard } }
routes:
  GET /mock/{id}: { mock: { at: $context.requestTimeEpoch, ok: true }, cache: false }
  POST /template:
    lambda: echo
    request: { templates: { application/json: '{"n":[#foreach($i in $input.path("$.items"))$i.n#if($foreach.hasNext),#end#end]}' } }
    responses: { 200: }
  GET /function: { lambda: echo, cache: false }
  POST /orders: { lambda: echo, body: Order, validate: body }
  GET /work: { auth: guard, lambda: work, cache: false }
  GET /guarded: { auth: guard, lambda: echo, cache: false }
  GET /keyed: { apiKey: true, mock: { ok: true }, cache: false }
  GET /cached: { lambda: echo, query: { page?: integer }, cache: { ttl: 5, keys: [$request.querystring.page] } }
  GET /backend: { http: "http://127.0.0.1:${backendPort}/x", cache: false }
  GET /broken: { lambda: broken, cache: false }
websocket: { select: $request.body.action, routes: { $default: { lambda: echo, reply: string } } }
stages: { dev: { log: error, accessLog: json, metrics: detailed, tracing: true, cache: { size: 0.5 }, throttle: { rate: 1000000, burst: 1000000 } } }
`;
}

export const functions = {
  echo: 'export const handler = async () => ({ statusCode: 200, body: "echo" });',
  // A quarter of a millisecond, as functions have it that do something.
  work: `const orders = JSON.stringify(Array.from({ length: 300 }, (_, at) => ({ id: at, sku: "sku-" + at, price: at * 1.1 })));
export const handler = async () => {
  const sum = JSON.parse(orders).reduce((total: number, { price }: { price: number }) => total + price, 0);
  return { statusCode: 200, body: JSON.stringify({ sum, orders: JSON.parse(orders).length }) };
};`,
  broken: 'export const handler = async () => { throw new Error("as it should"); };',
  guard:
    'export const handler = async () => ({ principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" }] } });',
};

const json = { "content-type": "application/json" };

/** Each with what it is answered: whatever else comes is a failure. */
export const kinds = [
  { path: "/dev/mock/7", status: 200 },
  { path: "/dev/template", status: 200, method: "POST", headers: json, body: '{"items":[{"n":1},{"n":2}]}' },
  { path: "/dev/function?a=1", status: 200 },
  { path: "/dev/orders", status: 200, method: "POST", headers: json, body: '{"sku":"a","quantity":1}' },
  { path: "/dev/orders", status: 400, method: "POST", headers: json, body: '{"sku":1}' },
  { path: "/dev/guarded", status: 200, headers: { authorization: "t" } },
  { path: "/dev/keyed", status: 200, headers: { "x-api-key": key } },
  { path: "/dev/keyed", status: 403 },
  { path: "/dev/cached?page=1", status: 200 },
  { path: "/dev/backend", status: 200 },
  { path: "/dev/broken", status: 502 },
  { path: "/dev/nowhere", status: 403 },
];
