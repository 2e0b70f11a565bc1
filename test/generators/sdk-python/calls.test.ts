import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { largeShop } from "../sdk-typescript/large.js";
import { isSkipped, type PythonFolder, python, pythonFolder } from "./python.js";

const yaml = `
gateway: calls
sdk: { python: calls }
authorizers:
  tokens: { lambda: check, type: token }
  partners: { lambda: check, type: request, identity: [$request.header.X-Partner], ttl: 0 }
routes:
  GET /old: { auth: tokens, operation: old, lambda: any, responses: { 200: "{ path: string }" } }
  GET /partner: { auth: partners, operation: partner, lambda: any, responses: { 200: "{ path: string }" } }
  POST /old: { auth: tokens, operation: change, body: "{ a?: string }", lambda: any, responses: { 200: "{ path: string }" } }
  GET /signed: { auth: iam, operation: signed, lambda: any, responses: { 200: "{ path: string }" } }
  GET /moved: { operation: moved, lambda: any, responses: { 302: } }
stages: { dev: {} }
`;

describe.skipIf(isSkipped())("calls of the Python SDK", () => {
  const folder: PythonFolder = pythonFolder();
  const servers: Server[] = [];
  const seen: { readonly at: number; readonly path: string; readonly headers: IncomingMessage["headers"] }[] = [];
  let addresses: string[];

  beforeAll(async () => {
    await folder.add(await modelOf(yaml));
    const shop = largeShop(325);
    await folder.add({ ...shop, sdk: { ...shop.sdk, python: { packageName: "large", models: "typed-dict" } } });
    const small = largeShop(13);
    await folder.add({ ...small, sdk: { ...small.sdk, python: { packageName: "small", models: "typed-dict" } } });
    addresses = await Promise.all(
      [0, 1].map(async (at) => {
        const server = createServer((request, response) => {
          const path = String(request.url);
          seen.push({ at, path, headers: request.headers });
          const to = /to=([^&]*)/.exec(path)?.[1];
          const target =
            to === "here" ? "/dev/there" : to === "away" ? `${addresses[1 - at]}/there` : "/dev/old?to=loop";
          if (path.includes("/there")) response.writeHead(200, { "content-type": "application/json" });
          else response.writeHead(path.includes("moved") ? 302 : 307, { location: target });
          response.end(path.includes("/there") ? JSON.stringify({ path }) : "");
        });
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      }),
    );
  });
  afterAll(() => {
    for (const server of servers) server.close();
    folder.remove();
  });

  async function run(program: string): Promise<unknown> {
    folder.write("program.py", program);
    const { stdout } = await promisify(execFile)(python ?? "", ["-X", "dev", "program.py"], { cwd: folder.path });
    return JSON.parse(stdout);
  }

  const program = (middleware: string, call: string) => `
import asyncio, json
from calls import ApiError, AsyncCalls, AwsCredentials, Calls, SigV4
auth = {"bearer": "secret", "x_partner": "secret", "iam": SigV4("eu-west-1", AwsCredentials("a", "s"))}
${middleware}

async def main():
    out = []
    for kind in (Calls, AsyncCalls):
        api = kind(base_url="${addresses[0]}/dev", auth=auth, retries=0, **options)
        try:
            answer = api.${call}
            out.append(await answer if kind is AsyncCalls else answer)
        except ApiError as error:
            out.append(error.status)
        closing = api.close()
        if closing:
            await closing
    print(json.dumps(out))
asyncio.run(main())
`;
  /** Sends the call to where the server redirects it. */
  const to = (where: string) => `
def route(request, following, info):
    request.url += "?to=${where}"
    return following(request)
options = {"middleware": [route]}`;

  const twice = async (where: string, call: string) => {
    seen.length = 0;
    return [await run(program(to(where), call)), seen.map(({ at, path }) => `${at} ${path}`)];
  };

  test("a redirect of GET is followed, with credentials to the same origin and without them to another", async () => {
    expect(await twice("here", "old()")).toEqual([
      [{ path: "/dev/there" }, { path: "/dev/there" }],
      ["0 /dev/old?to=here", "0 /dev/there", "0 /dev/old?to=here", "0 /dev/there"],
    ]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill("Bearer secret"));
    expect(await twice("away", "old()")).toEqual([
      [{ path: "/there" }, { path: "/there" }],
      ["0 /dev/old?to=away", "1 /there", "0 /dev/old?to=away", "1 /there"],
    ]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer secret",
      undefined,
      "Bearer secret",
      undefined,
    ]);
    await twice("away", "partner()");
    expect(seen.map(({ headers }) => headers["x-partner"])).toEqual(["secret", undefined, "secret", undefined]);
  });

  test("a circle ends; what changes something, is signed, or is declared is not followed", async () => {
    expect(await run(program(to("loop"), "old()"))).toEqual([307, 307]);
    expect(await twice("here", "change(body={})")).toEqual([
      [307, 307],
      ["0 /dev/old?to=here", "0 /dev/old?to=here"],
    ]);
    expect((await twice("here", "signed()"))[0]).toEqual([307, 307]);
    expect((await twice("here", "moved()"))[0]).toEqual([null, null]);
  });

  test("a client loads the same modules however many operations it has, and of the standard library no more than these", async () => {
    const text = (name: string) => `
import json, sys
before = set(sys.modules)
from ${name} import Shop
print(json.dumps([module.removeprefix("${name}") for module in sys.modules if module not in before]))
`;
    const [small, large] = [
      (await run(text("small"))) as readonly string[],
      (await run(text("large"))) as readonly string[],
    ];
    expect([...large].sort()).toEqual([...small].sort());
    const own = small.filter((name) => name === "" || name.startsWith("."));
    expect(own.sort()).toEqual([
      "",
      ".client",
      ".ops",
      ".runtime",
      ".runtime.core",
      ".runtime.failures",
      ".runtime.lazy",
      ".runtime.progress",
      ".runtime.sigv4",
      ".runtime.sync_client",
      ".runtime.types",
      ".stages",
    ]);
    const heavy = [
      "asyncio",
      "ssl",
      "http.client",
      "socket",
      "email",
      "uuid",
      "hashlib",
      "random",
      "httpx",
      "concurrent.futures",
      "urllib.request",
      "logging",
      "typing_extensions",
    ];
    expect(small.filter((name) => heavy.some((module) => name === module || name.startsWith(`${module}.`)))).toEqual(
      [],
    );
  });

  test.each([
    [13, "small", 120],
    [325, "large", 200],
  ])("a client of %i operations is loaded quickly, and without what it does not use", async (count, name, bound) => {
    const text = `
import json, sys, time
from ${name} import Shop
loaded = [name for name in ("${name}.models", "${name}.errors", "asyncio", "http.client", "ssl") if name in sys.modules]
ms = time.process_time() * 1000
from ${name} import AsyncShop, errors, models
print(json.dumps([loaded, ms, errors.ApiError.__name__, hasattr(models, "Order0"), sorted(dir(sys.modules["${name}"]))[0]]))
`;
    // The first run writes the bytecode.
    const runs = [await run(text), await run(text), await run(text)] as [string[], number][];
    const ms = Math.min(...runs.map(([, time]) => time));
    console.info(`import at ${count} operations: ${ms.toFixed(0)} ms of CPU, the interpreter's start included`);
    expect(runs[0]?.[0]).toEqual([]);
    expect(ms).toBeLessThanOrEqual(bound);
  });
});
