import { readFileSync } from "node:fs";
import type { Type } from "../../src/model/types.js";
import { code, type Planned, printPlanned } from "../emit/code-literal.js";
import { type IntegerPlan, integerImports, sampleIn, withExactJson } from "./integers.js";
import type { HandlersPlan } from "./plan.js";
import type { SocketHandlerRoute, SocketHandlersPlan } from "./plan-sockets.js";
import { contextSamples } from "./print-testing.js";

type Lookup = (model: string) => Type | undefined;

/** `socket-testing.ts`: for each WebSocket route a function that calls its handler with a valid event. No handler imports it. */
export function printSocketTesting({ functions }: SocketHandlersPlan, plan: HandlersPlan, lookup: Lookup): string {
  const template = readFileSync(new URL("./socket-testing.template.ts", import.meta.url), "utf8");
  const runtime = withExactJson(plan, template.replace("./socket-binder.template.js", "./socket-binder.js"));
  const imports = functions.map(
    ({ name, routes }) => `import type { ${routes.map(typeOf).sort().join(", ")} } from "./${name}.js";\n`,
  );
  const calls = functions.flatMap(({ routes }) => routes.map((route) => callText(route, plan, lookup)));
  const [first = "", ...rest] = runtime.split(/(?<=from "\.\/socket-binder\.js";\n)/);
  const used = integerImports(rest.join(""));
  return `${first}${imports.join("")}${used}${rest.join("")}${calls.join("")}`;
}

function typeOf({ kind, typeName }: SocketHandlerRoute): string {
  return `${typeName}${{ connect: "Request", disconnect: "End", message: "Message" }[kind]}`;
}

function callText(
  route: SocketHandlerRoute,
  plan: IntegerPlan & Pick<HandlersPlan, "stageVariables">,
  lookup: Lookup,
): string {
  const type = typeOf(route);
  const body = route.kind === "message" ? `${type}["body"]` : "never";
  const sample: Planned = {
    key: route.key,
    body: route.body === undefined ? code("undefined") : sampleIn(plan, route.body, lookup),
    isJson: route.body !== undefined,
    auth: route.context
      ? Object.fromEntries(route.context.map(({ name, type }) => [name, contextSamples[type] ?? "test"]))
      : code("undefined"),
    stageVariables: Object.fromEntries(
      plan.stageVariables.filter(({ inEveryStage }) => inEveryStage).map(({ name }) => [name, name]),
    ),
  };
  return `
/** Calls the handler of \`${route.key.replaceAll("*/", "*\\/")}\` with a valid event; what is given takes the place of parts of it. */
export function call${type}(handler: SocketLambdaHandler, given: GivenMessage<${body}, ${type}["auth"]> = {}): Promise<SocketAnswer> {
  return callSocketHandler(handler, ${printPlanned(sample, "  ")}, given);
}
`;
}
