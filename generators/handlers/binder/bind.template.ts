import { calledByUrl, isFunctionUrl } from "./by-url.template.js";
import type {
  AnyRequest,
  AnyResponse,
  LambdaContext,
  LambdaHandler,
  LocalRequest,
  Middleware,
  ResponseHeaders,
  RouteSpec,
} from "./contract.template.js";
import { BadRequest, decode } from "./decode.template.js";
import { encode } from "./encode.template.js";
import type { ProxyEvent } from "./incoming.template.js";
import { console } from "./node.template.js";

/** Makes a Lambda handler of a typed one. One function may serve several routes. */
export function bind(
  routes: readonly RouteSpec[],
  handler: (request: never, reply: never) => Promise<AnyResponse> | AnyResponse,
  middleware: readonly Middleware[] = [],
): LambdaHandler {
  const byKey = new Map(routes.map((route) => [route.key, route]));
  const typed = handler as unknown as (request: object, reply: unknown) => Promise<AnyResponse> | AnyResponse;
  const run = middleware.reduceRight<(request: AnyRequest) => Promise<AnyResponse> | AnyResponse>(
    (next, layer) => (request) => layer(request, async (changed = request) => next(changed)),
    (request) => typed(request, replies),
  );
  const entry = async (given: unknown, context: LambdaContext) => {
    const event = given as ProxyEvent;
    const { resource = "" } = event;
    const route = isFunctionUrl(event)
      ? undefined
      : (byKey.get(event.routeKey ?? `${event.httpMethod} ${resource}`) ??
        byKey.get(`ANY ${resource}`) ??
        byKey.get(resource));
    if (route) return answer(route, event, context);
    const called = calledByUrl(routes, event);
    // As HTTP APIs answer.
    return called
      ? answer(called.route, called.event, context)
      : encode({ mediaTypes: {} } as RouteSpec, event, { status: 404, body: { message: "Not Found" } });
  };
  const local = async (request: LocalRequest, context: LambdaContext) => {
    const route = byKey.get(request.route);
    return route ? answer(route, request as unknown as ProxyEvent, context) : entry(request.whole, context);
  };
  return Object.assign(entry, { local: Object.assign(local, { of: entry }) });

  async function answer(route: RouteSpec, event: ProxyEvent, context: LambdaContext): Promise<object> {
    try {
      return encode(route, event, await run(decode(route, event, context) as AnyRequest));
    } catch (error) {
      if (error instanceof BadRequest) return encode(route, event, { status: 400, body: { message: error.message } });
      if (!("failure" in route)) throw error;
      // As Lambda logs what nobody has caught.
      console.error(event.requestContext.requestId, error);
      return encode(route, event, { status: 500, body: route.failure });
    }
  }
}

const replies: unknown = new Proxy(
  {},
  {
    get: (_target, status) => {
      if (typeof status !== "string" || !/^[1-5]\d\d$/.test(status)) return undefined;
      return (body?: unknown, headers?: ResponseHeaders) => ({ status: Number(status), body, headers });
    },
  },
);
