import { join, relative } from "node:path";
import process from "node:process";
import { setTimeout as pause, setImmediate } from "node:timers/promises";
import type { FSWatcher } from "chokidar";
import type { Command } from "commander";
import { GatewayBundler } from "../../generators/gateway/bundle.js";
import { outputs } from "../../generators/index.js";
import { defaultStateFolder } from "../../runtime/state/durable/durable-state.js";
import { targetsOf } from "../build.js";
import { compile, generateAll } from "../compile.js";
import { DevClock } from "../dev/dev-clock.js";
import { DevModuleFolder } from "../dev/dev-modules.js";
import { DevServer } from "../dev/dev-server.js";
import { LocalIssuer } from "../dev/local-issuer.js";
import { type AdminSetup, adminVariable, type FromServer, type ServedRoute } from "../dev/messages.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { GenerateOptions, OutputFile } from "../model/output.js";
import { readSdkInputs } from "../sdk-inputs.js";
import { writeOutputs } from "../write/write-outputs.js";
import { attributesOf, attributesPath } from "./attributes.js";
import { UsageError } from "./exit-codes.js";
import { handlerDiagnostics } from "./handler-diagnostics.js";
import type { CommandContext } from "./main.js";
import { fileArgument, outputFolder } from "./options.js";
import { worldlyProblem } from "./problems.js";
import { findProject, type Project, readSource } from "./project.js";
import { countDiagnostics, renderProblems, showDiagnostics } from "./report.js";
import { collect } from "./stage-options.js";

/** Outputs that what is served is made of, and those that only people and tools read. */
const served = outputs.filter(({ name }) => name === "handlers" || name === "gateway");
const documents = outputs.filter((output) => !served.includes(output));

/** Of what is served: what handlers import, and what imports them. */
const functionParts = ["handlers", "gateway/functions.ts"];

function isFunctionPart(path: string): boolean {
  return functionParts.some((part) => path === part || path.startsWith(`${part}/`));
}

/** Editors save in several steps; a build waits until the file system has been quiet for so long. */
const settleMs = 15;
/** Within so long, a signal that one process of the terminal has got has reached all. */
const signalMs = 100;

interface DevFlags {
  readonly port: string;
  readonly host: string;
  readonly out?: string;
  readonly stage: readonly string[];
  readonly clock?: true;
  readonly adminPort: string;
  readonly admin: boolean;
}

export function addDevCommand(program: Command, context: CommandContext): void {
  program
    .command("dev")
    .description("Builds, serves and shows requests as they happen; builds again when a file changes")
    .addArgument(fileArgument())
    .option("-p, --port <port>", "port to serve on; 0 takes a free one", "8080")
    .option("--host <address>", "address to serve on", "127.0.0.1")
    .option("-s, --stage <name>", "a stage to serve, may be repeated (default: all)", collect, [])
    .option("-o, --out <folder>", "output folder (default: build/ beside the file)")
    .option("--admin-port <port>", "port for the console, metrics and API Gateway's control plane", "0")
    .option("--no-admin", "no admin port")
    .option("--clock", "a clock that can be moved forward, for quotas and expiry: over a local URL that is shown")
    .addHelpText("after", "\nExample:\n  gateway dev --port 3000\n")
    .action((file: string, flags: DevFlags) => new DevSession(findProject(file), flags, context).run());
}

/** One run of `gateway dev`: from the first build to Ctrl-C. */
class DevSession {
  readonly #outDir: string;
  readonly #target: GenerateOptions;
  readonly #bundler: GatewayBundler;
  readonly #modules: DevModuleFolder;
  readonly #server: DevServer;
  readonly #admin: AdminSetup | undefined;
  readonly #clock: DevClock | undefined;
  #number = 0;
  #issuerUrl = "";
  #hasToldIssuer = false;
  #isBuilding = false;
  #isStale = false;
  /** A change that waits for the file system to be quiet. */
  #pending: NodeJS.Timeout | undefined;
  /** Nothing but gateway.yaml has been changed since the handlers were bundled. */
  #isFileOnly = false;
  #lastFailed = false;
  #isClosing = false;
  #abort: (problem: Error) => void = () => undefined;

  constructor(
    private readonly project: Project,
    flags: DevFlags,
    private readonly context: CommandContext,
  ) {
    const port = Number(flags.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new UsageError(`"${flags.port}" is no port`);
    this.#outDir = outputFolder(project.projectDir, flags.out);
    this.#target = { projectDir: project.projectDir, outDir: this.#outDir };
    this.#bundler = new GatewayBundler(this.#target);
    this.#modules = new DevModuleFolder(this.#target);
    this.#clock = flags.clock && new DevClock((offsetMs) => this.#server.moveClock(offsetMs));
    const adminPort = Number(flags.adminPort);
    if (!Number.isInteger(adminPort) || adminPort < 0 || adminPort > 65535)
      throw new UsageError(`"${flags.adminPort}" is no port`);
    const exports = join(this.#outDir, "gateway", "exports.json");
    this.#admin = flags.admin
      ? { port: adminPort, host: "127.0.0.1", exports, project: project.projectDir }
      : undefined;
    this.#server = new DevServer({
      port,
      host: flags.host,
      stages: flags.stage,
      stateFolder: join(project.projectDir, defaultStateFolder),
      clock: this.#clock?.clock,
      onProblem: (message) => context.terminal.error(`${message}\n`),
      onMessage: (message) => this.#onMessage(message),
      onCrash: (code) => context.terminal.error(`the gateway ended with code ${code}; starting it again\n`),
    });
  }

  async run(): Promise<void> {
    const issuer = await new LocalIssuer(this.project.projectDir).serve();
    this.#issuerUrl = issuer.url;
    this.#server.environment = {
      GATEWAY_LOCAL_ISSUER: issuer.url,
      ...(this.#admin && { [adminVariable]: JSON.stringify(this.#admin) }),
    };
    if (this.#clock) this.context.terminal.out(`clock     ${await this.#clock.listen()}\n`);
    const { watch } = await import("chokidar");
    const watcher = watch(this.project.projectDir, {
      ignoreInitial: true,
      ignored: (path) => this.#isIgnored(path),
      awaitWriteFinish: false,
    });
    const stopped = new Promise<void>((resolve, reject) => {
      this.#abort = reject;
      process.once("SIGINT", resolve);
      process.once("SIGTERM", resolve);
      const rebuild = () => this.#rebuild().catch(reject);
      const changed = (path: string) => {
        if (path !== this.project.path) this.#isFileOnly = false;
        clearTimeout(this.#pending);
        this.#pending = setTimeout(rebuild, settleMs);
      };
      watcher.on("all", (_event, path) => changed(String(path)));
      // "all" leaves out what follows a change of the same file within 50 ms, as when an editor saves and formats.
      watcher.on("raw", (_event, name, details) => {
        const { watchedPath } = details as { readonly watchedPath: string };
        const path = watchedPath === this.project.path ? watchedPath : join(watchedPath, name);
        if (!this.#isIgnored(path)) changed(path);
      });
      // Not before the watcher knows every file: a change in between would be noticed by nobody.
      watcher.once("ready", rebuild);
    });
    await stopped.finally(() => this.#close(watcher));
  }

  async #close(watcher: FSWatcher): Promise<void> {
    this.#isClosing = true;
    await watcher.close();
    await this.#clock?.close();
    await this.#server.close();
    await this.#bundler.close();
    await this.#modules.close();
  }

  #isIgnored(path: string): boolean {
    const below = relative(this.project.projectDir, path);
    return (
      /(^|[\\/])(node_modules|\.git|\.gateway)([\\/]|$)/.test(below) ||
      path === this.#outDir ||
      path.startsWith(`${this.#outDir}/`)
    );
  }

  /** Builds once more; a change during a build is taken up after it. */
  async #rebuild(): Promise<void> {
    this.#pending = undefined;
    this.#isStale = true;
    if (this.#isBuilding) return;
    this.#isBuilding = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#buildOnce().catch((error: unknown) => this.#onFailure(error));
      }
    } finally {
      this.#isBuilding = false;
    }
  }

  /** What cannot be read or written now may be so after the next change; but the first build has to succeed. */
  async #onFailure(error: unknown): Promise<void> {
    const problem = worldlyProblem(error);
    // Ctrl-C reaches esbuild's process too, which may be gone before this one has heard of it.
    if (problem === undefined) await pause(signalMs);
    if (this.#isClosing) return;
    if (problem === undefined || this.#number === 0) throw error;
    this.#lastFailed = true;
    this.context.terminal.error(`gateway: ${problem}; still serving the last good build\n`);
  }

  /** What is served comes first; all that is only read is written once it is live. */
  async #buildOnce(): Promise<void> {
    const started = performance.now();
    const { terminal } = this.context;
    const source = readSource(this.project);
    const load = () => Promise.all(served.map((output) => output.load()));
    const result = await compile(source, load, { ...this.#target, targets: targetsOf(outputs) });
    const ofHandlers = await handlerDiagnostics(source, result.model, this.project.projectDir);
    const shown = [...result.diagnostics.filter(({ severity }) => severity !== "info"), ...ofHandlers];
    await showDiagnostics(source, shown, "text", this.context);
    if (result.model === undefined || result.files.length === 0) return this.#tellFailure(shown);
    const needed = result.files.filter(({ path, kind }) => kind === "seed" || isFunctionPart(path));
    const written = writeOutputs(needed, { ...this.#target, only: functionParts, durable: false });
    for (const path of written.seeded) terminal.out(`new       ${path} (yours: it is never written again)\n`);
    const modules = await this.#modules.make(result.files, this.#takeIsFileOnly());
    if (!modules.ok) {
      terminal.error(renderProblems(modules.problems));
      return this.#tellFailure(shown);
    }
    this.#tellIssuer(result.model.authorizers.find(({ kind }) => kind !== "lambda")?.name);
    if (modules.isNew || written.written.length > 0 || this.#lastFailed) {
      if (modules.isNew || this.#lastFailed) this.#server.load(modules.program, ++this.#number);
      this.#lastFailed = false;
      const elapsedMs = Math.round(performance.now() - started);
      terminal.out(`built     ${relative(process.cwd(), this.#outDir) || "."} in ${elapsedMs} ms\n`);
    }
    await this.#writeRest(result.model, result.files).catch((error: unknown) => {
      const problem = worldlyProblem(error);
      if (problem === undefined) throw error;
      terminal.error(`gateway: ${problem}; that is not written, and the gateway serves all the same\n`);
    });
  }

  #takeIsFileOnly(): boolean {
    const isFileOnly = this.#isFileOnly;
    this.#isFileOnly = true;
    return isFileOnly;
  }

  /** `gateway.mjs` and the documents, unless there is a change by now: then they are left to the build that follows. */
  async #writeRest(model: GatewayModel, built: readonly OutputFile[]): Promise<void> {
    const isOutdated = () => this.#isStale || this.#pending !== undefined;
    const files = built.filter(({ path, kind }) => kind === "generated" && path.startsWith("gateway/"));
    const bundled = await this.#bundler.bundle(built);
    if (!bundled.ok) return this.context.terminal.error(renderProblems(bundled.problems));
    files.push(bundled.file);
    for (const output of documents) {
      // Changes are noticed between two generators, each of which may take a while.
      await setImmediate();
      if (isOutdated()) return;
      const inputs = output.name === "sdk" ? await readSdkInputs(model, this.#target.projectDir) : {};
      files.push(...(await generateAll(model, [await output.load()], { ...this.#target, ...inputs })));
    }
    const { exportsFile } = await import("../../generators/openapi/export/all-exports.js");
    files.push(exportsFile(model, targetsOf(outputs).has("aws")));
    files.push(...attributesOf(this.#target.outDir));
    const only = ["gateway", ...documents.map(({ name }) => name), attributesPath];
    writeOutputs(files, { ...this.#target, only, durable: false });
  }

  /** Once, when there is an authorizer that takes its tokens. */
  #tellIssuer(authorizer: string | undefined): void {
    if (authorizer === undefined || this.#hasToldIssuer) return;
    this.#hasToldIssuer = true;
    this.context.terminal.out(`issuer    ${this.#issuerUrl} (gateway token ${authorizer} makes a token)\n`);
  }

  #tellFailure(shown: Parameters<typeof countDiagnostics>[0]): void {
    this.#lastFailed = true;
    const serving = this.#number > 0 ? "still serving the last good build" : "waiting for a change";
    this.context.terminal.error(`${countDiagnostics(shown) || "not built"}; ${serving}\n`);
  }

  #onMessage(message: FromServer): void {
    const { terminal } = this.context;
    switch (message.kind) {
      case "listening":
        terminal.out(routeTable(message.routes));
        terminal.out(`serving   ${message.url}\n`);
        if (message.adminUrl !== undefined) terminal.out(`console   ${message.adminUrl}\n`);
        break;
      case "swapped":
        terminal.out("swapped   the new build is live\n");
        break;
      case "unbound":
        this.#abort(new UsageError(message.message));
        break;
      case "failed":
        this.#lastFailed = true;
        terminal.error(`not live: ${message.message}\n`);
        break;
      case "notice":
        terminal.error(`${message.message}\n`);
        break;
      case "ready":
        break;
      case "request": {
        const { method, path, status, elapsedMs, routeKey } = message.request;
        terminal.out(`${status} ${method} ${path} ${elapsedMs.toFixed(1)} ms${routeKey ? ` (${routeKey})` : ""}\n`);
      }
    }
  }
}

function routeTable(routes: readonly ServedRoute[]): string {
  const width = Math.min(60, Math.max(0, ...routes.map((route) => route.path.length)));
  return routes
    .map((route) => `  ${route.method.padEnd(7)} ${route.path.padEnd(width)}  ${route.integration}\n`)
    .join("");
}
