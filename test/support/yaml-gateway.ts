import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { createGateway, Gateway, GatewayOptions } from "../../runtime/host/gateway.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import type { Program } from "../../runtime/program.js";
import { buildFixture } from "./build-fixture.js";
import { root } from "./paths.js";

export interface YamlGateway extends Gateway {
  readonly log: readonly LogRecord[];
  /** One request by `inject`: method and path, JSON or text. */
  ask(request: string, body?: unknown, headers?: readonly string[]): Promise<Asked>;
  remove(): void;
}

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests compare parts of it.
  readonly json: any;
}

interface Bundle {
  readonly program: Program;
  readonly createGateway: typeof createGateway;
}

/** Builds a gateway.yaml as a user does, bundle and all, and loads what was built into this process. */
export async function yamlGateway(
  yaml: string,
  options: Partial<GatewayOptions> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<YamlGateway> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-yaml-"));
  for (const [path, text] of Object.entries({ "gateway.yaml": yaml, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return load(folder, options);
}

/** The same of a fixture, in a copy; its handlers may import what the project has installed. */
export async function fixtureGateway(name: string, options: Partial<GatewayOptions> = {}): Promise<YamlGateway> {
  const folder = mkdtempSync(join(tmpdir(), `gateway-${name}-`));
  cpSync(join(root, "fixtures", name), folder, {
    recursive: true,
    filter: (path) => !/\/(?:build|golden)$/.test(path),
  });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return load(folder, options);
}

async function load(folder: string, options: Partial<GatewayOptions>): Promise<YamlGateway> {
  const bundle = (await import(pathToFileURL(await buildFixture(folder)).href)) as Bundle;
  const log: LogRecord[] = [];
  const gateway = bundle.createGateway({
    environment: {},
    logger: { write: (record) => void log.push(record) },
    ...options,
    program: bundle.program,
  });
  return Object.assign(gateway, {
    log,
    ask: (request: string, body?: unknown, headers: readonly string[] = []) => ask(gateway, request, body, headers),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  });
}

async function ask(gateway: Gateway, request: string, body: unknown, headers: readonly string[]): Promise<Asked> {
  const [method = "GET", path = "/"] = request.split(" ");
  const isJson = body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
  const type = isJson && !headers.some((name) => name.toLowerCase() === "content-type");
  const answer = await gateway.inject({
    method,
    path,
    headers: [...headers, ...(type ? ["Content-Type", "application/json"] : [])],
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as string | Uint8Array) }),
  });
  const text = answer.body.toString("utf8");
  const named = answer.headers.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), answer.headers[at + 1] as string] as const] : [],
  );
  return { status: answer.status, headers: Object.fromEntries(named), text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
