import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { describe, expect, test } from "vitest";
import { handlers } from "../../../generators/handlers/index.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { array, object, primitive, property, reference } from "../../../src/model/type-builders.js";
import { typeErrors } from "../../support/compiles.js";
import { modelOf } from "../../support/diagnose.js";
import { gatewayModel, parameter, response, route, stage } from "../../support/model.js";

const options = { projectDir: "/virtual/app", outDir: "/virtual/app/build" };

const orderModel = gatewayModel({
  models: [
    {
      name: "Order",
      type: object([property("id", primitive("string")), property("total", primitive("number"))]),
      docs: {
        description: "An order */ of ours",
        default: undefined,
        examples: [],
        deprecated: false,
        title: undefined,
      },
      recursive: false,
    },
    {
      name: "Problem",
      type: object([property("message", primitive("string"))]),
      docs: { description: undefined, default: undefined, examples: [], deprecated: false, title: undefined },
      recursive: false,
    },
  ],
  stages: [stage("dev", { variables: [{ name: "table", value: { parts: ["t"] } }] })],
  cors: undefined,
  routes: [
    route("GET /orders/{id}", {
      operation: "getOrder",
      parameters: [
        parameter("path", "id"),
        parameter("query", "limit", primitive("integer"), { required: false }),
        parameter("query", "tags", array(primitive("string")), { required: false }),
        parameter("query", "deep", primitive("boolean"), { required: false }),
      ],
      responses: [response(200, reference("Order")), response(404, reference("Problem"))],
      cors: {
        origins: ["https://a.example", "https://b.example"],
        methods: undefined,
        headers: [],
        exposeHeaders: [],
        credentials: true,
        maxAgeSeconds: undefined,
      },
    }),
    route("POST /orders", {
      operation: "createOrder",
      body: { type: reference("Order"), mediaTypes: ["application/json"], required: true },
      responses: [response(201, reference("Order"))],
    }),
  ],
});

async function filesOf(model: GatewayModel): Promise<Map<string, string>> {
  const files = await handlers.generate(model, options);
  return new Map(
    files.map((file) => [
      file.kind === "seed" ? `app/${file.path}` : `app/build/handlers/${file.path}`,
      String(file.content),
    ]),
  );
}

describe("handlers", () => {
  test("types, binders and stubs compile under strict settings", async () => {
    expect(typeErrors(await filesOf(orderModel))).toEqual([]);
  });

  test("types and binders need no types of Node or the DOM, and the event is that of its format", async () => {
    const files = await filesOf(orderModel);
    const handler = `import { getOrder } from "../build/handlers/getOrder.js";
export const handler = getOrder(async ({ event }, reply) => {
  const agent: string | null = event.requestContext.identity.userAgent;
  const values: readonly string[] | undefined = event.multiValueQueryStringParameters?.["tags"];
  return reply[404]({ message: agent ?? values?.join() ?? event.resource });
});
`;
    files.set("app/handlers/getOrder.ts", handler);
    const bare = { types: [], lib: ["lib.es2023.d.ts"] };
    expect(typeErrors(files, undefined, bare)).toEqual([]);
    const wrong = new Map(files).set("app/handlers/getOrder.ts", handler.replace("event.resource", "event.rawPath"));
    expect(typeErrors(wrong, ["app/handlers/getOrder.ts"], bare).join()).toContain("rawPath");
    const aborts = handler.replace(
      "({ event }, reply) => {",
      "({ event, signal }, reply) => {\n  signal.throwIfAborted();",
    );
    expect(typeErrors(new Map(files).set("app/handlers/getOrder.ts", aborts))).toEqual([]);
  });

  test("a wrong body for a status does not compile, the right one does", async () => {
    const files = await filesOf(orderModel);
    const stub = (result: string) =>
      `import { getOrder } from "../build/handlers/getOrder.js";\nexport const handler = getOrder(async (_request, reply) => ${result});\n`;
    const errorsOf = (result: string) =>
      typeErrors(new Map(files).set("app/handlers/getOrder.ts", stub(result)), ["app/handlers/getOrder.ts"]);
    expect(errorsOf('reply[404]({ message: "none" })')).toEqual([]);
    expect(errorsOf("reply[404]({ id: 1 })")).not.toEqual([]);
    expect(errorsOf("({ status: 418 as const, body: {} })")).not.toEqual([]);
    expect(errorsOf("reply[200]({ id: 'a', total: 1 }, { 'x-a': 1 })")).toEqual([]);
  });

  test("a stub is the user's: its kind is seed, everything else is generated", async () => {
    const files = await handlers.generate(orderModel, options);
    expect(files.filter((file) => file.kind === "seed").map((file) => file.path)).toEqual([
      "handlers/getOrder.ts",
      "handlers/createOrder.ts",
    ]);
  });
});

/** The generated modules in one, as JavaScript. */
async function loadAll(model: GatewayModel): Promise<Record<string, (...given: unknown[]) => unknown>> {
  const files = await filesOf(model);
  const own = [...files].filter(([path]) => /^app\/build\/handlers\/(?!models)/.test(path));
  const { outputFiles } = await build({
    stdin: {
      contents: own.map(([path]) => `export * from "./${path.split("/").pop()}";`).join("\n"),
      resolveDir: "/",
      loader: "ts",
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    plugins: [
      {
        name: "memory",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\// }, ({ path }) => ({ path: path.replace(/js$/, "ts"), namespace: "memory" }));
          onLoad({ filter: /.*/, namespace: "memory" }, ({ path }) => ({
            contents: files.get(`app/build/handlers/${path.slice(2)}`) ?? "",
            loader: "ts",
          }));
        },
      },
    ],
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
}

for (const payloadFormat of ["1.0", "2.0"] as const) {
  describe(`calling a handler in a test, events of format ${payloadFormat}`, () => {
    const model = {
      ...orderModel,
      routes: orderModel.routes.map((entry) => ({
        ...entry,
        integration: { ...entry.integration, payloadFormat } as typeof entry.integration,
      })),
    };

    test("a valid request, parts of it given, and the answer decoded", async () => {
      const { getOrder, callGetOrder, createOrder, callCreateOrder } = await loadAll(model);
      let seen: Record<string, unknown> = {};
      const handler = getOrder?.(async (request: Record<string, unknown>) => {
        seen = request;
        return { status: 200, body: { id: "ü", total: 2 }, headers: { "X-A": "1" } };
      });
      const answer = await callGetOrder?.(handler, { params: { id: "a/b c" }, query: { limit: 3, tags: ["x", "y"] } });
      expect(answer).toMatchObject({ status: 200, body: { id: "ü", total: 2 }, headers: { "x-a": "1" } });
      expect(seen).toMatchObject({
        params: { id: "a/b c" },
        query: { limit: 3, tags: ["x", "y"] },
        stageVariables: { table: "table" },
      });
      const create = createOrder?.(async ({ body }: { body: unknown }) => ({ status: 201, body }));
      expect(await callCreateOrder?.(create)).toMatchObject({ status: 201, body: { id: "", total: 0 } });
    });

    test("middleware stands around the handler, the first outermost", async () => {
      const { getOrder, callGetOrder } = await loadAll(model);
      const order: string[] = [];
      const layer = (name: string) => async (request: object, next: (request?: object) => Promise<object>) => {
        order.push(name);
        const answer = await next({ ...request, by: name });
        return { ...answer, headers: { ...(answer as { headers?: object }).headers, [`x-${name}`]: "1" } };
      };
      const handler = getOrder?.(
        async ({ by }: { by: string }) => ({ status: 200, body: { id: by, total: 0 } }),
        layer("a"),
        layer("b"),
      );
      const answer = await callGetOrder?.(handler);
      expect(order).toEqual(["a", "b"]);
      expect(answer).toMatchObject({ body: { id: "b" }, headers: { "x-a": "1", "x-b": "1" } });
      const closed = getOrder?.(
        async () => ({ status: 200 }),
        () => ({ status: 404, body: { message: "no" } }),
      );
      expect(await callGetOrder?.(closed)).toMatchObject({ status: 404, body: { message: "no" } });
    });
  });
}

type Bound = (event: unknown, context: unknown) => Promise<Record<string, unknown>>;

/** Loads a binder as JavaScript, without its modules, by putting the binder's runtime in front of it. */
async function load(name: string, model: GatewayModel): Promise<(handler: unknown) => Bound> {
  const files = await filesOf(model);
  const strip = (text: string) => text.replace(/^import .*$/gm, "");
  const text = `${files.get("app/build/handlers/binder.ts")}\n${strip(files.get(`app/build/handlers/${name}.ts`) ?? "")}`;
  const { code } = await transform(text, { loader: "ts", format: "esm" });
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Record<string, never>;
  return module[name] as unknown as (handler: unknown) => Bound;
}

const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 3000 };

const restEvent = (changes: object) => ({
  resource: "/orders/{id}",
  httpMethod: "GET",
  headers: {},
  multiValueHeaders: {},
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { id: "a%20b" },
  stageVariables: { table: "t" },
  body: null,
  isBase64Encoded: false,
  requestContext: { stage: "dev", requestId: "r-1", identity: { sourceIp: "192.0.2.1", userArn: null } },
  ...changes,
});

describe("a bound handler", () => {
  test("gets decoded, typed parameters from a REST event", async () => {
    const getOrder = await load("getOrder", orderModel);
    let seen: Record<string, unknown> = {};
    const bound = getOrder(async (request: Record<string, unknown>) => {
      seen = request;
      return { status: 200, body: { id: "a b", total: 1 } };
    });
    const result = await bound(
      restEvent({ multiValueQueryStringParameters: { limit: ["5"], tags: ["x", "y"], deep: ["true"], other: ["1"] } }),
      context,
    );
    expect(seen).toMatchObject({
      route: "GET /orders/{id}",
      params: { id: "a b" },
      query: { limit: 5, tags: ["x", "y"], deep: true },
      stageVariables: { table: "t" },
      auth: undefined,
      sourceIp: "192.0.2.1",
    });
    expect(seen["query"]).not.toHaveProperty("other");
    expect(result).toEqual({
      statusCode: 200,
      headers: { "Content-Type": "application/json", Vary: "Origin" },
      body: '{"id":"a b","total":1}',
      isBase64Encoded: false,
    });
  });

  test("gets the same from an HTTP API event of format 2.0", async () => {
    const getOrder = await load("getOrder", orderModel);
    let seen: Record<string, unknown> = {};
    const bound = getOrder(async (request: Record<string, unknown>) => {
      seen = request;
      return { status: 404, body: { message: "no" } };
    });
    const result = await bound(
      {
        version: "2.0",
        routeKey: "GET /orders/{id}",
        rawPath: "/orders/a b",
        headers: { origin: "https://b.example" },
        queryStringParameters: { tags: "x,y" },
        pathParameters: { id: "a b" },
        requestContext: { stage: "$default", requestId: "r", http: { method: "GET", sourceIp: "192.0.2.1" } },
        isBase64Encoded: false,
      },
      context,
    );
    expect(seen).toMatchObject({ params: { id: "a b" }, query: { tags: ["x", "y"] }, stageVariables: {} });
    expect(result).toMatchObject({
      statusCode: 404,
      headers: { "Access-Control-Allow-Origin": "https://b.example", "Access-Control-Allow-Credentials": "true" },
    });
  });

  test("is found by method and path behind a function URL, and behind a proxy of a REST API", async () => {
    const model = await modelOf(`routes:
  GET /orders/{id}: { lambda: orders, operation: one, params: { id: integer }, query: { deep?: boolean } }
  GET /orders/latest: { lambda: orders, operation: latest }
  ANY /files/{path+}: { lambda: orders, operation: files }
`);
    const orders = await load("orders", model);
    const bound = orders(async ({ route, params, query, sourceIp }: Record<string, unknown>) => ({
      status: 200,
      body: { route, params, query, sourceIp },
    }));
    const url = async (method: string, rawPath: string, more: object = {}) => {
      const http = { method, path: rawPath, sourceIp: "192.0.2.1" };
      const domainName = "abc.lambda-url.eu-west-1.on.aws";
      const requestContext = { stage: "$default", requestId: "r", routeKey: "$default", domainName, http };
      return bound({ version: "2.0", routeKey: "$default", rawPath, headers: {}, requestContext, ...more }, context);
    };
    const body = async (answer: Promise<Record<string, unknown>>) => JSON.parse(String((await answer)["body"]));
    expect(await body(url("GET", "/orders/5", { queryStringParameters: { deep: "true" } }))).toEqual({
      route: "GET /orders/{id}",
      params: { id: 5 },
      query: { deep: true },
      sourceIp: "192.0.2.1",
    });
    expect(await body(url("GET", "/orders/latest"))).toMatchObject({ route: "GET /orders/latest" });
    expect(await body(url("DELETE", "/files/a%20b/c"))).toMatchObject({ params: { path: "a b/c" } });
    expect(await url("POST", "/orders/5")).toMatchObject({ statusCode: 404, body: '{"message":"Not Found"}' });
    expect(await url("GET", "/orders/five")).toMatchObject({ statusCode: 400 });
    const proxied = restEvent({ resource: "/{proxy+}", path: "/orders/7", pathParameters: { proxy: "orders/7" } });
    expect(await body(bound(proxied, context))).toMatchObject({ route: "GET /orders/{id}", params: { id: 7 } });
  });

  test("behind its URL a function with a route $default is still looked at route by route, methods before ANY", async () => {
    const model = await modelOf(`kind: http
routes:
  ANY /a: { lambda: all, operation: any, payloadFormat: "1.0" }
  GET /a: { lambda: all, operation: get }
  $default: { lambda: all, operation: rest, payloadFormat: "1.0" }
`);
    const all = await load("all", model);
    const bound = all(async ({ route, params }: Record<string, unknown>) => ({ status: 200, body: { route, params } }));
    const routeOf = async (event: object) => JSON.parse(String((await bound(event, context))["body"])).route;
    const v2 = (method: string, rawPath: string, requestContext: object, routeKey = "$default") => ({
      version: "2.0",
      routeKey,
      rawPath,
      headers: {},
      requestContext: {
        stage: "$default",
        requestId: "r",
        http: { method, path: rawPath, sourceIp: "" },
        ...requestContext,
      },
    });
    const url = { domainName: "abc.lambda-url.eu-west-1.on.aws" };
    expect(await routeOf(v2("GET", "/a", url))).toBe("GET /a");
    expect(await routeOf(v2("PUT", "/a", url))).toBe("ANY /a");
    expect(await routeOf(v2("PUT", "/b", url))).toBe("$default");
    // What an HTTP API found no route for is $default, whatever the path is.
    expect(await routeOf(v2("GET", "/a", { domainName: "abc.execute-api.eu-west-1.amazonaws.com" }))).toBe("$default");
    // A proxy of an HTTP API shows the path with its stage.
    expect(await routeOf(v2("GET", "/dev/a", { stage: "dev" }, "ANY /{proxy+}"))).toBe("GET /a");
    // The format that its own route asks for.
    const requestContext = { stage: "dev", requestId: "r", identity: {} };
    expect(await routeOf({ version: "1.0", resource: "$default", httpMethod: "PUT", path: "/x", requestContext })).toBe(
      "$default",
    );
  });

  test("an exception is the declared 500, and is logged; without one it is the platform's", async () => {
    const model = await modelOf(`models: |
  interface Problem { code: "INTERNAL" | "OTHER"; message: string; details?: string[] }
  interface Strict { /** @pattern ^E[0-9]+$ */ code: string }
  interface Shown { /** @pattern ^E[0-9]+$ @example E7 */ code: string }
routes:
  GET /a: { lambda: a, responses: { 200: string, 500: Problem } }
  GET /b: { lambda: b, responses: { 200: string } }
  GET /c: { lambda: c, responses: { 200: string, 500: Strict } }
  GET /d: { lambda: d, responses: { 200: string, 500: Shown } }
  GET /e: { lambda: e, responses: { 200: string, 500: } }
`);
    const logged: unknown[] = [];
    const original = console.error;
    console.error = (...values: unknown[]) => void logged.push(...values);
    const fail = async (name: string) =>
      (await load(name, model))(() => {
        throw new Error("secret");
      })(restEvent({ resource: `/${name}` }), context);
    try {
      expect(await fail("a")).toMatchObject({
        statusCode: 500,
        headers: { "Content-Type": "application/json" },
        body: '{"code":"INTERNAL","message":"Internal server error"}',
      });
      expect(logged).toEqual(["r-1", new Error("secret")]);
      await expect(fail("b")).rejects.toThrow("secret");
      await expect(fail("c")).rejects.toThrow("secret");
      expect(await fail("d")).toMatchObject({ statusCode: 500, body: '{"code":"E7"}' });
      expect(await fail("e")).toMatchObject({ statusCode: 500, body: "" });
    } finally {
      console.error = original;
    }
  });

  test("parameters are of their declared values, lists exact in both formats, and an optional body may be left out", async () => {
    const model = await modelOf(`models: type Part = "lines" | "payment"
routes:
  PUT /x/{level}: { lambda: x, params: { level: 1 | 2 }, query: { expand?: "Part[]", note?: string }, headers: { X-Tags?: "string[]" }, body: { type: "{ a: number }", required: false }, responses: { 200: unknown } }
`);
    const x = await load("x", model);
    const bound = x(async ({ params, query, headers, body }: Record<string, unknown>) => ({
      status: 200,
      body: { params, query, headers, hasBody: body !== undefined },
    }));
    const given = async (event: object) => {
      const { statusCode, body } = await bound(event, context);
      return { statusCode, ...JSON.parse(String(body)) };
    };
    const v1 = (level: string, multiValueQueryStringParameters: object) =>
      restEvent({
        resource: "/x/{level}",
        httpMethod: "PUT",
        pathParameters: { level },
        multiValueQueryStringParameters,
        multiValueHeaders: { "x-tags": ["a, b", "c"] },
      });
    const v2 = (level: string, rawQueryString: string, joined: object) => ({
      version: "2.0",
      routeKey: "PUT /x/{level}",
      rawPath: "/x/1",
      rawQueryString,
      headers: { "x-tags": "a, b,c" },
      queryStringParameters: joined,
      pathParameters: { level },
      requestContext: { stage: "$default", requestId: "r", http: { method: "PUT", sourceIp: "" } },
    });
    const wanted = {
      statusCode: 200,
      params: { level: 2 },
      query: { expand: ["lines", "payment"], note: "b,c" },
      headers: { "X-Tags": ["a", "b", "c"] },
      hasBody: false,
    };
    expect(await given(v1("2", { expand: ["lines", "payment"], note: ["b,c"] }))).toEqual(wanted);
    const joined = { expand: "lines,payment", note: "b,c" };
    expect(await given(v2("2", "expand=lines&expand=payment&note=b%2Cc", joined))).toEqual(wanted);
    expect(await given(v1("3", {}))).toEqual({
      statusCode: 400,
      message: "Invalid path parameter level: expected 1 or 2",
    });
    expect(await given(v2("1", "expand=all", { expand: "all" }))).toEqual({
      statusCode: 400,
      message: "Invalid query parameter expand: expected lines or payment",
    });
  });

  test("a caller who signs is the same in every format", async () => {
    const rest = await load("me", await modelOf("routes: { GET /me: { lambda: me, auth: iam } }"));
    const http = await load("me", await modelOf("kind: http\nroutes: { GET /me: { lambda: me, auth: iam } }"));
    const whoever = async ({ auth }: Record<string, unknown>) => ({ status: 200, body: auth });
    const identity = {
      accessKey: "AK",
      accountId: "1",
      userArn: "arn:u",
      user: "U",
      caller: "C",
      sourceIp: "192.0.2.1",
    };
    const iam = { accessKey: "AK", accountId: "1", userArn: "arn:u", userId: "U", callerId: "C" };
    const wanted = { accessKey: "AK", accountId: "1", userArn: "arn:u", user: "U", caller: "C" };
    const call = { resource: "/me", requestContext: { stage: "dev", requestId: "r", identity } };
    const v1 = await rest(whoever)(restEvent(call), context);
    expect(JSON.parse(String(v1["body"]))).toMatchObject(wanted);
    const v2 = {
      version: "2.0",
      routeKey: "GET /me",
      headers: {},
      requestContext: { stage: "$default", requestId: "r", http: { method: "GET", sourceIp: "" }, authorizer: { iam } },
    };
    expect(JSON.parse(String((await http(whoever)(v2, context))["body"]))).toMatchObject(wanted);
  });

  test("`signal` is aborted shortly before the function's time is over", async () => {
    const getOrder = await load("getOrder", orderModel);
    const bound = getOrder(async ({ signal }: { signal: AbortSignal }) => {
      const isLate = signal.aborted;
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return { status: 404, body: { isLate } };
    });
    const began = performance.now();
    const { body } = await bound(restEvent({}), { ...context, getRemainingTimeInMillis: () => 300 });
    expect(body).toBe('{"isLate":false}');
    expect(performance.now() - began).toBeLessThan(290);
  });

  test("weighs at most 3 KB when it is bundled, and needs no package", async () => {
    const files = await filesOf(orderModel);
    const memory = (path: string) =>
      files.get(path.replace(/^.*build\/handlers\//, "app/build/handlers/").replace(/js$/, "ts"));
    const { outputFiles, metafile } = await build({
      stdin: { contents: files.get("app/handlers/getOrder.ts") ?? "", loader: "ts", resolveDir: "/" },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      plugins: [
        {
          name: "memory",
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /./ }, ({ path }) => ({
              path: path.replace(/^\.\//, "build/handlers/"),
              namespace: "memory",
            }));
            onLoad({ filter: /./, namespace: "memory" }, ({ path }) => ({
              contents: memory(path) ?? "",
              loader: "ts",
            }));
          },
        },
      ],
    });
    const bytes = gzipSync(outputFiles[0]?.text ?? "", { level: 9 }).length;
    console.info(`one handler, minified and gzipped: ${bytes} bytes`);
    expect(outputFiles[0]?.text).toContain("statusCode");
    expect(Object.keys(metafile.inputs)).toHaveLength(3);
    expect(bytes).toBeLessThanOrEqual(3072);
  });

  test("answers 400 for a parameter that is not of its type, without calling the function", async () => {
    const getOrder = await load("getOrder", orderModel);
    const bound = getOrder(() => {
      throw new Error("called");
    });
    const result = await bound(restEvent({ multiValueQueryStringParameters: { limit: ["five"] } }), context);
    expect(result).toMatchObject({
      statusCode: 400,
      body: '{"message":"Invalid query parameter limit: expected an integer"}',
    });
  });

  test("hands a body over parsed, from base64 too, and refuses one that is no JSON", async () => {
    const createOrder = await load("createOrder", orderModel);
    let seen: unknown;
    const bound = createOrder(async ({ body }: { body: unknown }) => {
      seen = body;
      return { status: 201, body };
    });
    const post = { resource: "/orders", httpMethod: "POST", pathParameters: null };
    await bound(
      restEvent({ ...post, body: Buffer.from('{"id":"é"}').toString("base64"), isBase64Encoded: true }),
      context,
    );
    expect(seen).toEqual({ id: "é" });
    expect(await bound(restEvent({ ...post, body: "{" }), context)).toMatchObject({ statusCode: 400 });
  });
});

describe("what a Lambda authorizer declares", () => {
  const file = (kind: string) => `gateway: shop
${kind}
authorizers: { who: { lambda: check, type: request, identity: $request.header.X-A, ttl: 0, context: { tenant: string, level: number, trusted: boolean } } }
routes:
  GET /me: { lambda: me, auth: who, responses: { 200: "{ ok: boolean }" } }
`;
  const socket =
    "websocket: { select: $request.body.action, auth: who, routes: { $connect: { lambda: open }, $default: { lambda: talk, reply: string } } }";
  const echo = async (request: { auth: unknown }) => ({ status: 200, body: { auth: request.auth } });
  const wire = { principalId: "p", tenant: "t", level: "3", trusted: "false" };
  const read = { principalId: "p", tenant: "t", level: 3, trusted: false };
  const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 1000 };
  const restCall = (authorizer: object) => ({
    resource: "/me",
    httpMethod: "GET",
    requestContext: { stage: "dev", requestId: "r", identity: {}, authorizer },
  });

  test("is a number or a boolean again in handlers of REST APIs, whose events have text", async () => {
    const model = await modelOf(file(socket));
    const { me, callMe, talk, callTalkMessage } = (await loadAll(model)) as Record<
      string,
      (...given: unknown[]) => never
    >;
    const handler = (me as (...given: unknown[]) => (...given: unknown[]) => Promise<{ body: string }>)(echo);
    expect(JSON.parse((await handler(restCall(wire), context)).body).auth).toEqual(read);
    expect(JSON.parse((await handler(restCall({ ...wire, level: null }), context)).body).auth.level).toBe(null);
    await expect(handler(restCall({ ...wire, level: "three" }), context)).rejects.toThrow("level is no number");
    await expect(handler(restCall({ ...wire, trusted: "yes" }), context)).rejects.toThrow("trusted is no boolean");
    // The helper sends text as API Gateway does, and the sample is of the declared types.
    expect(await (callMe as (...given: unknown[]) => unknown)(handler, { auth: read })).toMatchObject({
      body: { auth: read },
    });
    expect(await (callMe as (...given: unknown[]) => unknown)(handler)).toMatchObject({
      body: { auth: { principalId: "test", tenant: "test", level: 1, trusted: true } },
    });
    const listener = (talk as (...given: unknown[]) => unknown)(async (message: { auth: unknown }) =>
      JSON.stringify(message.auth),
    );
    const { reply } = (await (callTalkMessage as (...given: unknown[]) => unknown)(listener, { auth: read })) as {
      reply: string;
    };
    expect(JSON.parse(reply)).toEqual(read);
  });

  test("has these types in each kind of API", async () => {
    for (const kind of ["", "kind: http"]) {
      const text = (await filesOf(await modelOf(file(kind)))).get("app/build/handlers/me.ts") ?? "";
      expect(text).toContain("readonly tenant: string; readonly level: number; readonly trusted: boolean; }");
    }
    const talk = (await filesOf(await modelOf(file(socket)))).get("app/build/handlers/talk.ts") ?? "";
    expect(talk).toContain("readonly tenant: string; readonly level: number; readonly trusted: boolean; }");
  });
});

describe("with `sdk: { typescript: { int64: bigint } }`", () => {
  const text = `gateway: exact
sdk: { typescript: { int64: bigint } }
models: |
  interface Order { id: int64; total: number; lines: Record<string, int64>; parent?: Order; any?: unknown }
  interface Line { kind: "line"; id: int64 }
  interface Note { kind: "note"; id: string }
routes:
  PUT /orders/{id}:
    operation: putOrder
    params: { id: int64 }
    query: { after?: int64, all?: "int64[]", page?: integer }
    body: Order
    lambda: putOrder
    responses: { 200: Order, 409: "{ version: int64 }" }
  POST /entries: { operation: addEntry, body: "Line | Note", lambda: addEntry, responses: { 200: "Line | Note" } }
websocket:
  select: $request.body.action
  routes: { tell: { lambda: tell, body: "{ action: 'tell'; id: int64 }", reply: "{ id: int64 }" } }
  events: { Moved: Order }
`;
  const order = { id: 9223372036854775807n, total: 2, lines: { a: -9007199254740993n }, parent: { id: 1n } };

  test("bodies, parameters and answers are exact, and the request of a test is valid", async () => {
    const { putOrder, callPutOrder, addEntry, callAddEntry } = await loadAll(await modelOf(text));
    let seen: Record<string, unknown> = {};
    const handler = putOrder?.(async (request: { body: unknown }) => {
      seen = request;
      return { status: 200, body: request.body };
    });
    const query = { after: 9007199254740993n, all: [1n, 2n], page: 3 };
    const answer = await callPutOrder?.(handler, { params: { id: 9007199254740993n }, query, body: order });
    expect(seen).toMatchObject({ params: { id: 9007199254740993n }, query, body: order });
    expect(answer).toMatchObject({ status: 200, body: order });
    expect(await callPutOrder?.(handler)).toMatchObject({ status: 200, body: { id: 0n, total: 0 } });
    for (const body of [
      { kind: "line", id: 9007199254740993n },
      { kind: "note", id: "9007199254740993" },
    ]) {
      const echo = addEntry?.(async (request: { body: unknown }) => ({ status: 200, body: request.body }));
      expect(await callAddEntry?.(echo, { body })).toMatchObject({ status: 200, body });
    }
  });

  test("the digits go through the event as they are, and what is none is a 400", async () => {
    const { putOrder } = await loadAll(await modelOf(text));
    const late = putOrder?.(async ({ params }: { params: { id: bigint } }) => ({
      status: 409,
      body: { version: params.id + 1n },
    })) as unknown as Bound;
    const event = restEvent({
      resource: "/orders/{id}",
      httpMethod: "PUT",
      pathParameters: { id: "-9223372036854775808" },
      body: '{"id":1,"total":0,"lines":{}}',
    });
    expect(await late(event, context)).toMatchObject({ statusCode: 409, body: '{"version":-9223372036854775807}' });
    for (const id of ["1.5", "x", "", "0x10"])
      expect(await late({ ...event, pathParameters: { id } }, context)).toMatchObject({ statusCode: 400 });
  });

  test("messages of WebSockets are exact", async () => {
    const { tell, callTellMessage } = await loadAll(await modelOf(text));
    const handler = tell?.(async ({ body }: { body: { id: bigint } }) => ({ id: body.id + 1n }));
    const body = { action: "tell", id: 9007199254740993n };
    expect(await callTellMessage?.(handler, { body })).toMatchObject({ reply: { id: 9007199254740994n } });
  });

  test("the types say so, in stubs, tests and events too", async () => {
    const files = await filesOf(await modelOf(text));
    const handler = `import { putOrder } from "../build/handlers/putOrder.js";
import { callPutOrder } from "../build/handlers/testing.js";
import { push } from "../build/handlers/connections.js";

const next = (order: { id: bigint }): bigint => order.id + 1n;
export const handler = putOrder(async ({ params, query, body }, reply) => {
  const all: readonly bigint[] = query.all ?? [];
  const page: number | undefined = query.page;
  if (params.id !== body.id) return reply[409]({ version: next(body) });
  await push("c", { event: "Moved", data: { ...body, lines: { a: all[0] ?? 0n } } });
  // @ts-expect-error a number is no bigint
  if (page === 1) return reply[409]({ version: 1 });
  return { status: 200, body };
});
export const answer = callPutOrder(handler, { params: { id: 1n } });
`;
    expect(typeErrors(new Map([...files, ["app/handlers/mine.ts", handler]]))).toEqual([]);
    expect(files.get("app/handlers/putOrder.ts")).toContain("id: 0n");
  });
});
