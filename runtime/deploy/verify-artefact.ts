import { spawn } from "node:child_process";
import process from "node:process";
import { pathToFileURL } from "node:url";

export interface Verification {
  /** Undefined: it loads, its functions load, and it answers. */
  readonly problem: string | undefined;
  /** Environment variables that the build names and this process lacks. */
  readonly missing: readonly string[];
}

/** A build that has not answered by then does not go live. */
const verifyMs = 20_000;

/**
 * Tries a build in a process of its own before anything points to it: that it loads, that each function's module has a
 * handler, that the stages can be served and that a request is answered. Variables that are missing here get a
 * stand-in; whoever serves it needs them.
 *
 * @param stages  names; undefined: all of the build
 * @param module  what a host loads of it; default: the bundle itself
 */
export function verifyArtefact(
  bundle: string,
  stages?: readonly string[],
  module: string = bundle,
): Promise<Verification> {
  const task = JSON.stringify({ bundle: pathToFileURL(bundle).href, module: pathToFileURL(module).href, stages });
  const child = spawn(process.execPath, ["--input-type=module", "-e", verifyingScript], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: { ...process.env, GATEWAY_VERIFY: task },
  });
  let complaint = "";
  let result = "";
  child.stderr?.on("data", (chunk) => {
    complaint = (complaint + chunk).slice(-4000);
  });
  child.stdio[3]?.on("data", (chunk) => {
    result += chunk;
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      resolve({ problem: `it did not answer within ${verifyMs / 1000} s`, missing: [] });
    }, verifyMs);
    child.once("error", (error) => resolve({ problem: String(error), missing: [] }));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve(resultOf(result) ?? { problem: lastLines(complaint) || `it ended with code ${code}`, missing: [] });
    });
  });
}

function resultOf(text: string): Verification | undefined {
  try {
    return JSON.parse(text) as Verification;
  } catch {
    return undefined;
  }
}

/** The error itself, without Node's own lines around it. */
function lastLines(text: string): string {
  const error = /^\s*((?:[A-Z]\w*)?(?:Error|Exception)\b.*)$/m.exec(text)?.[1];
  return error ?? text.trim().split("\n").slice(-1).join("\n");
}

/** Runs on the build's own engine and needs nothing but the bundle. Its answer goes to descriptor 3: handlers may print. */
const verifyingScript = `
import { writeSync } from "node:fs";
const { bundle, module: programPath, stages } = JSON.parse(process.env.GATEWAY_VERIFY);
delete process.env.GATEWAY_VERIFY;
const missing = new Set();
const environment = { ...process.env };
/** Takes note of variables that an error names, and gives each a value of its own. */
const standIn = (error) => {
  const names = /environment variables? not set: (\\w+(?:, \\w+)*)/.exec(String(error?.message))?.[1]?.split(", ") ?? [];
  for (const name of names) {
    missing.add(name);
    environment[name] = "stand-in-of-20-or-more-for-" + name;
  }
  return names.length > 0;
};
const end = (problem) => {
  writeSync(3, JSON.stringify({ problem, missing: [...missing].sort() }));
  process.exit(0);
};
const textOf = (error) => (error instanceof Error ? error.name + ": " + error.message : String(error));
process.on("uncaughtException", (error) => end(textOf(error)));
process.on("unhandledRejection", (error) => end(textOf(error)));
let program;
let gateway;
try {
  const module = await import(bundle);
  program = programPath === bundle ? module.program : (await import(programPath)).program;
  if (program === undefined || module.createGateway === undefined) end("the bundle exports no program");
  for (let round = 0; gateway === undefined; round++) {
    try {
      gateway = module.createGateway({ program, stages, environment, logger: { write() {} } });
    } catch (error) {
      if (round > 9 || !standIn(error)) throw error;
    }
  }
} catch (error) {
  end(textOf(error));
}
for (const { key, lambda } of program.routes) {
  for (const [alias, load] of lambda?.modules ?? []) {
    const name = lambda.functionName + (alias === "" ? "" : ":" + alias);
    try {
      const loaded = await load();
      const handler = loaded.handler ?? loaded.default?.handler;
      if (typeof handler !== "function") end(key + ": the function " + name + " exports no handler");
    } catch (error) {
      end(key + ": the function " + name + " does not load: " + textOf(error));
    }
  }
}
const stage = stages?.[0] ?? program.stages[0].name;
const isOpen = program.routes.some((route) => route.key === "$default");
const constant = program.routes.find((route) => route.mock && !route.mock.mapping && !route.key.includes("{") && route.method === "GET");
const path = constant ? constant.resourcePath : "/gateway-verification";
if (constant || !isOpen) {
  try {
    const answer = await gateway.inject({ path: (stage === "$default" ? "" : "/" + stage) + path });
    if (!(answer.status >= 200 && answer.status <= 599)) end("a request was answered with status " + answer.status);
  } catch (error) {
    end("a request was not answered: " + textOf(error));
  }
}
end(undefined);
`;
