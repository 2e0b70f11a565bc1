import type { PipelinePlan } from "./plan-pipelines.js";
import { printRuntimeImports } from "./runtime-names.js";

/** One function for each sequence of steps. A step that answers at once yields no promise, so nothing is awaited for it. */
export function printPipelines(pipelines: readonly PipelinePlan[]): string {
  const names = pipelines.flatMap(({ checks, isCached, answer, after }) => [
    ...checks,
    ...(isCached ? ["cached"] : []),
    answer,
    ...after,
  ]);
  const isNamed = pipelines.some((plan) => !isOneStep(plan));
  const exchange = isNamed ? 'import type { Exchange } from "gatewayc/runtime/http/exchange.js";\n' : "";
  return `${exchange}${printRuntimeImports(names)}\n${pipelines.map(printPipeline).join("\n")}`;
}

/** Steps before the integration that may take their time. */
const asyncChecks: ReadonlySet<string> = new Set([
  "cognitoAuthorizer",
  "jwtAuthorizer",
  "lambdaAuthorizer",
  "readBody",
]);

/** Steps that throw or go on, and only now and then have to wait before they know. */
const rarelyWaiting: ReadonlySet<string> = new Set(["usagePlan", "throttle"]);

/** Steps whose answer may take its time. */
const asyncAnswers: ReadonlySet<string> = new Set([
  "lambdaProxy",
  "lambdaProxyRemote",
  "lambdaCustom",
  "lambdaCustomRemote",
  "httpProxy",
  "httpCustom",
  "awsService",
  "manageConnections",
]);

function isOneStep({ checks, isCached, after }: PipelinePlan): boolean {
  return checks.length === 0 && after.length === 0 && !isCached;
}

function printPipeline(plan: PipelinePlan): string {
  const { name, checks, answer, after } = plan;
  if (isOneStep(plan)) return `export const ${name} = ${answer};\n`;
  const isAsync = checks.some((step) => asyncChecks.has(step)) || (after.length > 0 && answersLate(plan));
  return isAsync ? `export async ${printAsync(plan)}` : `export ${printSync(plan)}`;
}

function printAsync(plan: PipelinePlan): string {
  return `function ${plan.name}(x: Exchange): Promise<boolean> {\n${plan.checks.map(asyncLine).join("")}${lastLines(plan)}}\n`;
}

function asyncLine(step: string): string {
  if (step === "readBody") return "  if (x.transport.hasBody && (await readBody(x))) return true;\n";
  if (rarelyWaiting.has(step))
    return `  const ${step}Later = ${step}(x);\n  if (${step}Later !== false) await ${step}Later;\n`;
  return `  if (${asyncChecks.has(step) ? "await " : ""}${step}(x)) return true;\n`;
}

/** What follows a step that may have to wait is a function of its own, so that the others do not pay for a promise. */
function printSync(plan: PipelinePlan): string {
  const { name, checks } = plan;
  const at = checks.findIndex((step) => rarelyWaiting.has(step));
  const lines = (at === -1 ? checks : checks.slice(0, at)).map((step) => `  if (${step}(x)) return true;\n`).join("");
  const step = checks[at];
  if (step === undefined) {
    const result = answersLate(plan) ? "boolean | Promise<boolean>" : "boolean";
    return `function ${name}(x: Exchange): ${result} {\n${lines}${lastLines(plan)}}\n`;
  }
  const rest = `${name}After${step.charAt(0).toUpperCase()}${step.slice(1)}`;
  const goOn = `  const later = ${step}(x);\n  return later === false ? ${rest}(x) : later.then(() => ${rest}(x));\n`;
  const head = `function ${name}(x: Exchange): boolean | Promise<boolean> {\n${lines}${goOn}}\n`;
  return `${head}\n${printSync({ ...plan, name: rest, checks: checks.slice(at + 1) })}`;
}

function lastLines(plan: PipelinePlan): string {
  const { answer, isCached, after } = plan;
  const call = isCached ? `cached(x, ${answer})` : `${answer}(x)`;
  if (after.length === 0) return `  return ${call};\n`;
  const awaited = answersLate(plan) ? "await " : "";
  return `  ${awaited}${call};\n  return ${after.map((step) => `${step}(x)`).join(" && ")};\n`;
}

function answersLate({ answer, isCached }: PipelinePlan): boolean {
  return isCached || asyncAnswers.has(answer);
}
