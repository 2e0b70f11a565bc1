import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { signRequest } from "../../runtime/auth/sigv4/index.js";
import { askByName } from "../support/ask-by-name.js";
import { buildFixture } from "../support/build-fixture.js";
import { DevProcess } from "../support/dev-process.js";
import { type EchoBackend, startEchoBackend } from "../support/echo-backend.js";
import { startGateway } from "../support/gateway-process.js";
import { fixtureNames, root } from "../support/paths.js";

/** One case of a fixture's requests.yaml. `save` keeps members of the JSON answer for `${name}` in later cases. */
interface RequestCase {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
  /** A body of any bytes. */
  readonly base64?: string;
  /** Credentials that the request is signed with. */
  readonly sign?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly region: string };
  readonly save?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly json?: unknown;
    readonly contains?: Readonly<Record<string, unknown>>;
    readonly text?: string;
    readonly base64?: string;
  };
}

/**
 * fixture.json: what the gateway finds in its environment; `echo` starts a backend whose address is BACKEND_HOST, there too; `principals` is its
 * directory of principals.
 */
interface FixtureSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly echo?: boolean;
  readonly principals?: object;
}

function settingsOf(name: string): FixtureSettings {
  const path = join(root, "fixtures", name, "fixture.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FixtureSettings) : {};
}

/** Copies a fixture, and starts what serves it. */
type Serve = (folder: string, env: Readonly<Record<string, string>>) => Promise<Served>;

interface Served {
  readonly url: string;
  stop(): Promise<unknown>;
}

const ways: Readonly<Record<string, Serve>> = {
  /** Built, and started alone in an empty folder. */
  "gateway.mjs": async (folder, env) => startGateway(await buildFixture(folder), env),
  "gateway dev": async (folder, env) => {
    const dev = new DevProcess(env, folder);
    await dev.start("--no-admin");
    return { url: dev.url, stop: () => dev.close() };
  },
};

/** Every fixture with a requests.yaml is asked, however it is served: the answers are the same. */
for (const name of fixtureNames().filter((fixture) => existsSync(join(root, "fixtures", fixture, "requests.yaml"))))
  for (const [way, serve] of Object.entries(ways)) {
    describe(`${name}, by ${way}`, () => {
      const folder = mkdtempSync(join(tmpdir(), `gateway-e2e-${name}-`));
      const cases = parse(
        readFileSync(join(root, "fixtures", name, "requests.yaml"), "utf8"),
      ) as readonly RequestCase[];
      const saved: Record<string, string> = {};
      const settings = settingsOf(name);
      let backend: EchoBackend | undefined;
      let gateway: Served;

      beforeAll(async () => {
        cpSync(join(root, "fixtures", name), folder, {
          recursive: true,
          filter: (path) => !path.endsWith("/build") && !path.endsWith("/golden") && !path.includes("/.gateway"),
        });
        backend = settings.echo ? await startEchoBackend() : undefined;
        const principals = join(folder, "principals.json");
        if (settings.principals) writeFileSync(principals, JSON.stringify(settings.principals));
        const host = backend?.host ?? "";
        const given = Object.entries(settings.env ?? {}).map(([key, value]) => [
          key,
          value.replace("${BACKEND_HOST}", host),
        ]);
        const env = {
          ...Object.fromEntries(given),
          ...(backend && { BACKEND_HOST: host }),
          ...(settings.principals && { GATEWAY_PRINCIPALS: principals }),
        };
        gateway = await serve(folder, env);
      });
      afterAll(async () => {
        await gateway?.stop();
        await backend?.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      for (const request of cases) test(request.name, async () => check(request, gateway.url, saved));
    });
  }

async function check(request: RequestCase, url: string, saved: Record<string, string>): Promise<void> {
  const fill = (text: string) => text.replace(/\$\{(\w+)\}/g, (_match, key: string) => saved[key] ?? "");
  const headers = new Headers(request.headers ?? {});
  if (request.json !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  const body = request.json === undefined ? request.body && fill(request.body) : fill(JSON.stringify(request.json));
  const bytes = request.base64 === undefined ? body : Buffer.from(request.base64, "base64");
  const method = request.method ?? "GET";
  const [path = "", query = ""] = fill(request.path).split("?");
  if (request.sign) {
    const flat = [...headers, ["host", new URL(url).host]].flat();
    const { region, ...credentials } = request.sign;
    const options = { region, service: "execute-api", nowMs: Date.now() };
    const added = signRequest({ method, path, query, headers: flat, body: bytes ?? "" }, credentials, options);
    for (let at = 0; at < added.length; at += 2) headers.set(added[at] ?? "", added[at + 1] ?? "");
  }
  const answer = headers.has("host")
    ? await askByName(url + fill(request.path), { method, headers, body: bytes })
    : await fetch(url + fill(request.path), {
        method,
        headers,
        ...(bytes === undefined ? {} : { body: bytes }),
        redirect: "manual",
      });
  const received = Buffer.from(await answer.arrayBuffer());
  const text = received.toString("utf8");
  const { expect: wanted } = request;
  expect({ status: answer.status, text }).toMatchObject({ status: wanted.status });
  for (const [header, value] of Object.entries(wanted.headers ?? {}))
    expect(answer.headers.get(header), header).toBe(value);
  if (wanted.base64 !== undefined) expect(received.toString("base64")).toBe(wanted.base64);
  if (wanted.text !== undefined) expect(text).toBe(wanted.text);
  if (wanted.json !== undefined) expect(JSON.parse(text)).toEqual(JSON.parse(fill(JSON.stringify(wanted.json))));
  if (wanted.contains !== undefined)
    expect(JSON.parse(text)).toMatchObject(JSON.parse(fill(JSON.stringify(wanted.contains))));
  for (const [key, member] of Object.entries(request.save ?? {})) saved[key] = String(JSON.parse(text)[member]);
}
