import { loadTemplate } from "../emit/text-template.js";
import { brokenBlocks, routeComment } from "../sdk-shared/broken-lines.js";
import { cell, inline, paragraph } from "../sdk-shared/markdown.js";
import type { PythonOperation, PythonPlan } from "./plan.js";
import { credentialArguments } from "./python-names.js";
import { pythonString } from "./python-text.js";
import { socketReadme } from "./readme-socket.js";
import { pythonSample, sampleImports } from "./sample.js";

/** `README.md`: the calls that a user makes first, errors, credentials, and a list of all operations. */
export async function printReadme(plan: PythonPlan): Promise<string> {
  const render = await loadTemplate(new URL("readme.hbs", import.meta.url));
  const first = plan.operations.slice(0, 5);
  const failing = plan.operations.find(({ failures }) => failures.length > 0);
  const calls = first.map((operation, at) => {
    const call = callText(operation, plan);
    const assigned = operation.result === "None" ? call : `answer${at + 1} = ${call}`;
    return `${routeComment(operation.route, "#")}${assigned}`;
  });
  const asyncCall = first[0] ? `await ${callText(first[0], plan)}` : "";
  const asyncImports = /\bmodels\./.test(asyncCall) ? ", models" : "";
  const streaming = plan.operations.find(({ events }) => events);
  const paged = plan.operations.find(({ pages }) => pages);
  const text = render({
    distribution: plan.distribution,
    module: plan.module,
    client: plan.client,
    title: inline(plan.title),
    version: inline(plan.version),
    description: plan.description === undefined ? "" : paragraph(plan.description),
    imports: [plan.client, "errors", ...(plan.isDataclass ? ["models"] : [])].join(", "),
    create: clientText(plan),
    samples: sampleImports(calls.join("\n")),
    calls,
    asyncSamples: sampleImports(asyncCall).trimEnd(),
    asyncImports,
    asyncCall,
    error: failing ? errorText(failing, plan) : "",
    pages: paged
      ? `for item in ${callText(paged, plan).replace(`${paged.method_}(`, `${paged.pages?.items}(`)}:\n    print(item)`
      : "",
    events: streaming ? callText(streaming, plan).replace(`${streaming.method_}(`, `${streaming.events}(`) : "",
    stages: plan.baseUrls.map(({ stage, url }) => ({ stage: cell(stage), url: cell(url) })),
    credentials: [
      ...plan.credentials.map(({ name, uses }) => ({
        name: argumentsOf(plan).get(name) ?? name,
        place: [
          ...new Set(
            uses.map(({ place, key }) => `${place === "query" ? "query parameter" : "header"} \`${cell(key)}\``),
          ),
        ].join(", "),
      })),
      ...(plan.isSigned ? [{ name: "iam", place: "`Authorization`, by `SigV4(region, credentials)`" }] : []),
    ],
    socket: socketReadme(plan),
    operations: plan.operations.map(({ method_, route, summary, description }) => ({
      method: method_,
      route: cell(route),
      about: cell(summary ?? description ?? ""),
    })),
  });
  return brokenBlocks(text, "python");
}

function argumentsOf({ credentials }: Pick<PythonPlan, "credentials">): ReadonlyMap<string, string> {
  return credentialArguments(credentials.map(({ name }) => name));
}

function clientText({ client, baseUrls, credentials }: PythonPlan): string {
  const names = argumentsOf({ credentials });
  const stage = pythonString(baseUrls[0]?.stage ?? "");
  const auth = credentials.map(
    ({ name }) =>
      `${pythonString(names.get(name) ?? name)}: ${name === "bearer" ? "lambda info: session.token()" : "secret"}`,
  );
  return `shop = ${client}(stage=${stage}${auth.length > 0 ? `, auth={${auth.join(", ")}}` : ""})`.replace(
    /^shop/,
    "api",
  );
}

/** A call with the least that it takes. */
export function callText(
  { method_, input }: PythonOperation,
  plan: Pick<PythonPlan, "models" | "declarations" | "isDataclass">,
): string {
  const given = input
    .filter(({ required }) => required)
    .map((member) => `${member.name}=${pythonSample(member, plan)}`);
  return `api.${method_}(${given.join(", ")})`;
}

function errorText(operation: PythonOperation, plan: PythonPlan): string {
  const [failure] = operation.failures;
  return `try:
    ${callText(operation, plan)}
except errors.${failure?.name} as error:
    print(error.body, error.request_id)
except errors.TransportError as error:
    print(error.kind, error.attempts)`;
}
