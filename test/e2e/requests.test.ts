import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { fixtureNames, root } from "../support/paths.js";

/** One case of a fixture's requests.yaml. `save` keeps members of the JSON answer for `${name}` in later cases. */
interface RequestCase {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
  readonly save?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly json?: unknown;
    readonly contains?: Readonly<Record<string, unknown>>;
    readonly text?: string;
  };
}

/** Every fixture with a requests.yaml: built, started alone in an empty folder, and asked. */
for (const name of fixtureNames().filter((fixture) => existsSync(join(root, "fixtures", fixture, "requests.yaml")))) {
  describe(name, () => {
    const folder = mkdtempSync(join(tmpdir(), `gateway-e2e-${name}-`));
    const cases = parse(readFileSync(join(root, "fixtures", name, "requests.yaml"), "utf8")) as readonly RequestCase[];
    const saved: Record<string, string> = {};
    let gateway: RunningGateway;

    beforeAll(async () => {
      cpSync(join(root, "fixtures", name), folder, {
        recursive: true,
        filter: (path) => !path.endsWith("/build") && !path.endsWith("/golden"),
      });
      gateway = await startGateway(await buildFixture(folder));
    });
    afterAll(async () => {
      await gateway?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const request of cases) test(request.name, async () => check(request, gateway.url, saved));
  });
}

async function check(request: RequestCase, url: string, saved: Record<string, string>): Promise<void> {
  const fill = (text: string) => text.replace(/\$\{(\w+)\}/g, (_match, key: string) => saved[key] ?? "");
  const headers = new Headers(request.headers ?? {});
  if (request.json !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
  const body = request.json === undefined ? request.body : JSON.stringify(request.json);
  const answer = await fetch(url + fill(request.path), {
    method: request.method ?? "GET",
    headers,
    ...(body === undefined ? {} : { body: fill(body) }),
    redirect: "manual",
  });
  const text = await answer.text();
  const { expect: wanted } = request;
  expect({ status: answer.status, text }).toMatchObject({ status: wanted.status });
  for (const [header, value] of Object.entries(wanted.headers ?? {}))
    expect(answer.headers.get(header), header).toBe(value);
  if (wanted.text !== undefined) expect(text).toBe(wanted.text);
  if (wanted.json !== undefined) expect(JSON.parse(text)).toEqual(JSON.parse(fill(JSON.stringify(wanted.json))));
  if (wanted.contains !== undefined)
    expect(JSON.parse(text)).toMatchObject(JSON.parse(fill(JSON.stringify(wanted.contains))));
  for (const [key, member] of Object.entries(request.save ?? {})) saved[key] = String(JSON.parse(text)[member]);
}
