import { build } from "esbuild";
import { expect, test } from "vitest";
import { handlers } from "../../../generators/handlers/index.js";
import { typeErrors } from "../../support/compiles.js";
import { modelOf } from "../../support/diagnose.js";

// biome-ignore lint/suspicious/noExplicitAny: what is generated is loaded as a program would.
type Loaded = Record<string, (...given: any[]) => any>;

const options = { projectDir: "/virtual/app", outDir: "/virtual/app/build" };

const gateway = `
authorizers:
  tokens: { lambda: checkToken, type: token, context: { tenant: string } }
  partners: { lambda: checkPartner, type: request, identity: [$request.querystring.token, $request.header.X-A], ttl: 60 }
routes:
  GET /orders/{id}: { lambda: f, auth: tokens }
  GET /partners: { lambda: f, auth: partners }
`;
const simple = `kind: http
authorizers: { who: { lambda: checkWho, type: request, identity: [$request.header.X-A], simpleResponses: true } }
routes: { GET /a: { lambda: f, auth: who } }
`;

async function filesOf(text: string): Promise<Map<string, string>> {
  const files = await handlers.generate(await modelOf(text), options);
  return new Map(
    files.map(({ path, content, kind }) => [
      kind === "seed" ? `app/${path}` : `app/build/handlers/${path}`,
      String(content),
    ]),
  );
}

async function load(text: string, binder: string): Promise<Loaded> {
  const files = await filesOf(text);
  const { outputFiles } = await build({
    stdin: { contents: `export * from "./authorizer-testing.ts"; export * from "./${binder}.ts";`, resolveDir: "/" },
    bundle: true,
    write: false,
    format: "esm",
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

test("an authorizer of tokens: its decision, and which other methods the caller may call", async () => {
  const { checkToken, callCheckToken } = await load(gateway, "checkToken");
  const handler = checkToken?.(async ({ token, methodArn }: { token?: string; methodArn: string }, decide: Loaded) => {
    if (token === undefined) return decide["unauthorized"]?.();
    if (token === "broken") throw new Error("no keys");
    if (token !== "good") return decide["deny"]?.();
    return decide["allow"]?.({
      principalId: methodArn,
      context: { tenant: "t" },
      only: ["GET /orders/*"],
      except: ["GET /orders/secret"],
    });
  });
  const good = await callCheckToken?.(handler, { token: "good", method: "GET /orders/1" });
  expect(good).toMatchObject({
    status: 200,
    principalId: "arn:aws:execute-api:us-east-1:123456789012:api1234567/test/GET/orders/1",
    context: { tenant: "t" },
  });
  expect(["GET /orders/2", "GET /orders/secret", "DELETE /orders/1"].map(good.allows)).toEqual([true, false, false]);
  expect(await callCheckToken?.(handler, { token: "good", method: "DELETE /orders/1" })).toMatchObject({ status: 403 });
  expect(await callCheckToken?.(handler)).toMatchObject({ status: 403, principalId: "anonymous" });
  expect(await callCheckToken?.(handler, { token: undefined })).toMatchObject({ status: 401 });
  await expect(callCheckToken?.(handler, { token: "broken" })).rejects.toThrow("no keys");
});

test("an authorizer of requests gets headers, query and parameters", async () => {
  const { checkPartner, callCheckPartner } = await load(gateway, "checkPartner");
  let seen: unknown;
  const handler = checkPartner?.(async (request: Loaded & { token: string; params: object }, decide: Loaded) => {
    seen = [request.token, request["query"]?.("token"), request["header"]?.("x-a"), request.params];
    return decide["allow"]?.({ principalId: "p" });
  });
  const answer = await callCheckPartner?.(handler, { token: "t", headers: { "X-A": "a" }, params: { id: "1" } });
  expect(answer).toMatchObject({ status: 200, principalId: "p" });
  expect(seen).toEqual(["t", "t", "a", { id: "1" }]);
});

test("simple responses of HTTP APIs", async () => {
  const { checkWho, callCheckWho } = await load(simple, "checkWho");
  const handler = checkWho?.(async ({ token }: { token?: string }, decide: Loaded) =>
    token === "good" ? decide["allow"]?.({ principalId: "p", context: { a: 1 } }) : decide["deny"]?.(),
  );
  expect(await callCheckWho?.(handler, { token: "good" })).toMatchObject({ status: 200, context: { a: 1 } });
  expect(await callCheckWho?.(handler, { token: "bad" })).toMatchObject({ status: 403 });
});

test("it compiles under strict settings, with no types of Node", async () => {
  for (const text of [gateway, simple]) {
    expect(typeErrors(await filesOf(text), undefined, { types: [], lib: ["lib.es2023.d.ts"] })).toEqual([]);
  }
});
