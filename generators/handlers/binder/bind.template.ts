import { calledByUrl } from "./by-url.template.js";
import type {
  AnyRequest,
  AnyResponse,
  LambdaContext,
  LambdaHandler,
  Middleware,
  ResponseHeaders,
  RouteSpec,
} from "./contract.template.js";
import { BadRequest, decode } from "./decode.template.js";
import { encode } from "./encode.template.js";
import { type Incoming, type ProxyEvent, readEvent } from "./incoming.template.js";

/** Makes a Lambda handler of a typed one. One function may serve several routes. */
export function bind(
  routes: readonly RouteSpec[],
  handler: (request: never, reply: never) => Promise<AnyResponse> | AnyResponse,
  middleware: readonly Middleware[] = [],
): LambdaHandler {
  const byKey = new Map(routes.map((route) => [route.key, route]));
  const typed = handler as unknown as (request: object, reply: unknown) => Promise<AnyResponse> | AnyResponse;
  const run = middleware.reduceRight<(request: AnyRequest) => Promise<AnyResponse>>(
    (next, layer) => async (request) => layer(request, (changed = request) => next(changed)),
    async (request) => typed(request, replies),
  );
  return async (event, context) => {
    const incoming = readEvent(event as ProxyEvent);
    const route = byKey.get(incoming.routeKey) ?? byKey.get(`ANY ${incoming.resource}`);
    const called = route ? { route, incoming } : calledByUrl(routes, incoming);
    return called ? answer(called.route, called.incoming, event, context) : notFound;
  };

  async function answer(route: RouteSpec, incoming: Incoming, event: unknown, context: LambdaContext): Promise<object> {
    let request: object;
    try {
      request = decode(route, incoming, event, context);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return encode(route, incoming, { status: 400, body: { message: error.message } });
    }
    return encode(route, incoming, await run(request as AnyRequest));
  }
}

/** As HTTP APIs answer. */
const notFound = {
  statusCode: 404,
  headers: { "Content-Type": "application/json" },
  body: '{"message":"Not Found"}',
  isBase64Encoded: false,
};

const replies: unknown = new Proxy(
  {},
  {
    get: (_target, status) => {
      if (typeof status !== "string" || !/^[1-5]\d\d$/.test(status)) return undefined;
      return (body?: unknown, headers?: ResponseHeaders) => ({ status: Number(status), body, headers });
    },
  },
);
