import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import { outputs } from "../../generators/index.js";
import { build } from "../build.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { outputFolder } from "./options.js";
import { findProject, readSource } from "./project.js";
import { renderProblems, showDiagnostics } from "./report.js";
import { type ShownTrace, traceText } from "./trace-text.js";

interface InvokeFlags {
  readonly file: string;
  readonly stage?: string;
  readonly param: readonly string[];
  readonly query: readonly string[];
  readonly header: readonly string[];
  readonly body?: string;
  readonly format: "text" | "json";
}

export function addInvokeCommand(program: Command, context: CommandContext): void {
  const repeated = (value: string, before: readonly string[]) => [...before, value];
  program
    .command("invoke")
    .description("Calls one route and shows each step: parameters, templates, the integration's request and response")
    .argument("<method>", "a method, or a whole request in quotes")
    .argument("[path]", "path below the stage, or the route's with {names}")
    .option("-f, --file <file>", "the gateway", "gateway.yaml")
    .option("-s, --stage <name>", "stage to call (default: the first)")
    .option("-p, --param <name=value>", "a path parameter, may be repeated", repeated, [])
    .option("-q, --query <name=value>", "a query parameter, may be repeated", repeated, [])
    .option("-H, --header <name: value>", "a header, may be repeated", repeated, [])
    .option("-b, --body <text>", "the body; @file reads it from a file, JSON by default")
    .addOption(new Option("--format <format>", "how the trace is shown").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      '\nExample:\n  gateway invoke POST /orders/{id} -p id=7 -b \'{"sku":"a"}\'\n\nSecrets in headers, queries and events are masked; bodies are shown as they are.\n',
    )
    .action((method: string, path: string | undefined, flags: InvokeFlags) => invoke(method, path, flags, context));
}

/** What a built gateway exports, as far as it is used here. */
interface Bundle {
  readonly program: object;
  createGateway(options: object): {
    inject(request: object): Promise<{ readonly status: number; readonly body: Buffer }>;
    close(options: object): Promise<void>;
  };
}

async function invoke(method: string, path: string | undefined, flags: InvokeFlags, context: CommandContext) {
  const request = readRequest(path === undefined ? method : `${method} ${path}`, flags);
  const project = findProject(flags.file);
  const source = readSource(project);
  const served = outputs.filter(({ name }) => name === "handlers" || name === "gateway");
  const target = { projectDir: project.projectDir, outDir: outputFolder(project.projectDir, undefined) };
  const { GatewayBundler } = await import("../../generators/gateway/bundle.js");
  const bundler = new GatewayBundler(target);
  const result = await build({ source, outputs: served, ...target, bundler: async () => bundler }).finally(() =>
    bundler.close(),
  );
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) await showDiagnostics(source, errors, "text", context);
  if (result.problems.length > 0) context.terminal.error(renderProblems(result.problems));
  const bundle = result.files.find((file) => file.path === "gateway/gateway.mjs");
  if (result.model === undefined || bundle === undefined) return context.finish(exitCode.diagnostics);
  const stage = stageOf(result.model, flags.stage);
  const trace = await call(String(bundle.content), stage, request, context);
  context.terminal.out(flags.format === "json" ? `${JSON.stringify(trace, null, 2)}\n` : traceText(trace));
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer | undefined;
}

function readRequest(text: string, { param, query, header, body }: InvokeFlags): Request {
  const [, method = "", path = ""] = /^\s*([A-Za-z]+)\s+(\/\S*)\s*$/.exec(text) ?? [];
  if (method === "") throw new UsageError(`"${text}" is no request; write one such as: gateway invoke GET /orders/7`);
  if (method.toUpperCase() === "ANY") throw new UsageError("ANY is no method of a request; choose one, such as GET");
  const values = new Map(param.map((pair) => pairOf(pair, "=", "--param")));
  const filled = path.replace(/\{([\w.-]+)\+?\}/g, (written, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new UsageError(`${written} has no value; give one with --param ${name}=…`);
    return written.endsWith("+}") ? value : encodeURIComponent(value);
  });
  const pairs = query.map((pair) => pairOf(pair, "=", "--query").map(encodeURIComponent).join("="));
  const bytes = body === undefined ? undefined : body.startsWith("@") ? readBody(body.slice(1)) : Buffer.from(body);
  const headers = header.flatMap((line) => pairOf(line, ":", "--header"));
  const hasType = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === "content-type");
  if (bytes !== undefined && !hasType) headers.push("Content-Type", "application/json");
  const joint = pairs.length === 0 ? "" : filled.includes("?") ? "&" : "?";
  return { method: method.toUpperCase(), path: `${filled}${joint}${pairs.join("&")}`, headers, body: bytes };
}

function pairOf(text: string, mark: string, option: string): [string, string] {
  const at = text.indexOf(mark);
  if (at <= 0) throw new UsageError(`${option} ${text}: it needs a name and a value, name${mark}value`);
  return [text.slice(0, at).trim(), mark === ":" ? text.slice(at + 1).trim() : text.slice(at + 1)];
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new UsageError(`there is no file ${file}`);
  }
}

function stageOf({ stages }: GatewayModel, wanted: string | undefined): string {
  const names = stages.map(({ name }) => name);
  const name = wanted ?? names[0] ?? "";
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new UsageError(
    `no stage is named "${name}"; ${near ? `did you mean "${near}"?` : `there are ${names.join(", ")}`}`,
  );
}

/** Loads what was built into this process, and has one request trace itself. What handlers print goes to standard error. */
async function call(bundle: string, stage: string, request: Request, context: CommandContext): Promise<ShownTrace> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-invoke-"));
  const print = (line: string) => context.terminal.error(line);
  const { log } = console;
  console.log = console.error;
  try {
    const file = join(folder, "gateway.mjs");
    writeFileSync(file, bundle);
    const module = (await import(pathToFileURL(file).href)) as Bundle;
    const gateway = module.createGateway({
      program: module.program,
      stages: [stage],
      trace: true,
      logger: { write: (record: object) => print(`${JSON.stringify(record)}\n`) },
      environment: process.env,
    });
    const path = stage === "$default" ? request.path : `/${stage}${request.path}`;
    const { body } = await gateway.inject({ ...request, path, headers: [...request.headers, "X-Gateway-Trace", "1"] });
    await gateway.close({ drainMs: 0 });
    const { steps, answer } = JSON.parse(body.toString("utf8")) as Omit<ShownTrace, "request">;
    return { request: `${request.method} ${path}`, steps, answer };
  } catch (error) {
    if (error instanceof Error && error.name === "LoadError") throw new UsageError(error.message);
    throw error;
  } finally {
    console.log = log;
    rmSync(folder, { recursive: true, force: true });
  }
}
