import { readFileSync } from "node:fs";
import type { Type } from "../../src/model/types.js";
import { code, type Planned, printPlanned } from "../emit/code-literal.js";
import { type IntegerPlan, integerImports, sampleIn, withExactJson } from "./integers.js";
import type { AuthPlan, HandlerRoutePlan, HandlersPlan } from "./plan.js";
import { withBinder } from "./print-binder.js";

type Lookup = (model: string) => Type | undefined;

/** `testing.ts`: for each route a function that calls its handler with a valid request. No handler imports it. */
export function printTesting(plan: HandlersPlan, lookup: Lookup): string {
  const template = readFileSync(new URL("./testing.template.ts", import.meta.url), "utf8");
  const runtime = withExactJson(plan, withBinder(template));
  const imports = plan.functions.map(
    ({ name, routes }) =>
      `import type { ${routes.map(({ typeName }) => `${typeName}Request`).join(", ")} } from "./${name}.js";\n`,
  );
  const calls = plan.functions.flatMap(({ routes }) => routes.map((route) => callText(route, plan, lookup)));
  const [first = "", ...rest] = runtime.split(/(?<=from "\.\/binder\.js";\n)/);
  const used = integerImports(`${rest.join("")}${calls.join("")}`);
  return `${first}${imports.join("")}${used}${rest.join("")}${calls.join("")}`;
}

function callText(route: HandlerRoutePlan, plan: HandlersPlan, lookup: Lookup): string {
  const { typeName } = route;
  return `
/** Calls the handler of \`${route.key.replaceAll("*/", "*\\/")}\` with a valid request; what is given takes the place of parts of it. */
export function call${typeName}(handler: LambdaHandler, given: Given<${typeName}Request> = {}): Promise<Answer> {
  return callHandler(handler, ${printPlanned(sampleOf(route, plan, lookup), "  ")}, given);
}
`;
}

function sampleOf(route: HandlerRoutePlan, plan: HandlersPlan, lookup: Lookup): Planned {
  const answers = answerShapes(route, plan);
  const group = (parameters: HandlerRoutePlan["query"]) =>
    Object.fromEntries(
      parameters
        .filter(({ required }) => required)
        .map(({ name, type }) => {
          const value = sampleIn(plan, type, lookup);
          return [name, value === "" ? name : value];
        }),
    );
  return {
    format: route.payloadFormat,
    method: route.method,
    resource: route.resource,
    params: group(route.params),
    query: group(route.query),
    headers: group(route.headers),
    body: bodyOf(route, lookup, plan),
    bodyForm: route.body.form,
    contentType: route.body.mediaType,
    auth: authOf(route.auth),
    authKind: route.auth.kind,
    stageVariables: Object.fromEntries(
      plan.stageVariables.filter(({ inEveryStage }) => inEveryStage).map(({ name }) => [name, name]),
    ),
    ...(answers && { answers: code(`answersBy(${printPlanned(answers, "    ")})`) }),
  };
}

/** Where answers have an `int64`, by status. */
function answerShapes({ responses }: HandlerRoutePlan, { integers }: IntegerPlan): Planned {
  const shapes = responses.flatMap(({ status, type }): [string, Planned][] => {
    const shape = type && integers?.shapeOf(type);
    return shape ? [[String(status), shape]] : [];
  });
  return shapes.length > 0 ? Object.fromEntries(shapes) : undefined;
}

function bodyOf({ body }: HandlerRoutePlan, lookup: Lookup, plan: IntegerPlan): Planned {
  if (body.form === "bytes") return code("new Uint8Array()");
  if (body.form === "none" || body.type === undefined) return code("undefined");
  return sampleIn(plan, body.type, lookup);
}

function authOf(auth: AuthPlan): Planned {
  switch (auth.kind) {
    case "none":
      return code("undefined");
    case "iam":
      return {
        accessKey: "AKIATEST",
        accountId: "123456789012",
        userArn: "arn:aws:iam::123456789012:user/test",
        user: "AIDATEST",
        caller: "AIDATEST",
      };
    case "claims":
      return { claims: { sub: "test" } };
    case "jwt":
      return { claims: { sub: "test" }, scopes: null };
    case "context":
      return {
        ...(auth.hasPrincipal ? { principalId: "test" } : {}),
        ...Object.fromEntries(auth.members.map(({ name, type }) => [name, contextSamples[type] ?? "test"])),
      };
  }
}

/** Values of an authorizer's context by their types. */
export const contextSamples: Readonly<Record<string, string | number | boolean>> = {
  string: "test",
  number: 1,
  boolean: true,
};
