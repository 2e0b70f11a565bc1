import type { ModelLookup } from "../../src/model/type-questions.js";
import { objectOf } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import { type Planned, printPlanned, propertyName } from "../emit/code-literal.js";
import { coercionOf } from "../emit/coercion.js";
import { sampleValue } from "../emit/sample.js";
import type { InputMember } from "../sdk-shared/input.js";
import type { SuccessPlan } from "../sdk-shared/operation.js";
import type { NamedOperation, SdkPlan } from "./plan.js";
import { answerTypes, typeImports } from "./print-operations.js";

/**
 * `samples.js`: what the mock transport knows of the API: where calls go, how their inputs are read back, and an example of what each
 * answers. The most specific route comes first, as in the gateway.
 */
export function printSamples(plan: SdkPlan): string {
  const lookup = plan.typeOf;
  const routes = [...plan.operations].sort(bySpecificity).map((operation) => routeOf(operation, plan, lookup));
  const paths = [...new Set(["", ...plan.baseUrls.map(({ url }) => new URL(url).pathname.replace(/\/$/, ""))])];
  const shapes = plan.integers?.constants.map(({ name }) => name) ?? [];
  const text = routes.map((route) => `  ${printPlanned(route, "  ")},\n`).join("");
  const used = shapes.filter((name) => text.includes(` => ${name}`));
  const json = plan.integers
    ? `import { parseExact } from "./runtime/exact-json.js";\nimport { exactBody, integersIn } from "./runtime/integers.js";\n\nexport const readJson = (text, shape) => integersIn(parseExact(text), shape);\n\nexport const writeJson = (value) => exactBody(value);\n`
    : "export const readJson = (text) => JSON.parse(text);\n\nexport const writeJson = (value) => JSON.stringify(value);\n";
  return `${used.length > 0 ? `import { ${used.join(", ")} } from "./integers.js";\n` : ""}${json}
/** Paths of stages, the longest first. */
export const stagePaths = ${printPlanned(paths.sort((a, b) => b.length - a.length))};

export const routes = [
${text}];
`;
}

/** The part of `testing.d.ts` that depends on the gateway. */
export function printTestingTypes(plan: SdkPlan): string {
  const { operations } = plan;
  const inputs = operations.map(({ names }) => `  readonly ${propertyName(names.fn)}: ${names.input};\n`);
  const answers = operations.map((operation) => {
    const { names } = operation;
    const replies = answerTypes(operation, plan).flatMap(({ status, body }) => [
      ...(body === "undefined" ? [] : [`MockReply<${status}, ${body}>`]),
      ...(/^(undefined|unknown)$/.test(body) ? [`MockEmpty<${status}>`] : []),
    ]);
    return `  readonly ${propertyName(names.fn)}?: MockAnswer<\n    ${names.input},\n    | ${replies.join("\n    | ")}\n  > | undefined;\n`;
  });
  const body = `/** Inputs of the operations. */
export interface MockInputs {
${inputs.join("")}}

/** Answers of the operations, each by a status that it declares or any other error status. */
export interface MockAnswers {
${answers.join("")}}
`;
  return `${typeImports(plan, body, "./operations.js")}${body}`;
}

function bySpecificity(a: NamedOperation, b: NamedOperation): number {
  const rank = { static: 0, parameter: 1, greedy: 2 };
  for (let at = 0; at < Math.max(a.path.length, b.path.length); at++) {
    const [left, right] = [a.path[at], b.path[at]];
    if (!left || !right) return left ? 1 : right ? -1 : 0;
    const order = rank[left.kind] - rank[right.kind];
    if (order !== 0) return order;
  }
  return Number(a.method === undefined) - Number(b.method === undefined);
}

function routeOf(operation: NamedOperation, plan: SdkPlan, lookup: ModelLookup): Planned {
  const { input, names, method, body, descriptor } = operation;
  const kindOf = (type: InputMember["type"]) => kind(type, plan, lookup);
  const group = (where: InputMember["in"]) =>
    input
      .filter((member) => member.in === where)
      .map(({ name, wireName, type }) => [name, wireName, ...kindOf(type)] as const);
  const [success] = operation.successes;
  const types = Object.fromEntries(operation.mediaTypes.filter(([, mediaType]) => mediaType !== "application/json"));
  const others = success && samplesOf(success, lookup);
  const alternatives = Object.fromEntries(
    [...operation.successes, ...operation.errors].flatMap(({ status, alternatives: all }) =>
      all.length > 0 ? [[status, all.map(({ mediaType }) => mediaType)]] : [],
    ),
  );
  return {
    operation: names.fn,
    method,
    path: descriptor["path"],
    params: group("path").map(([name, , of]) => [name, of]),
    query: group("query"),
    headers: group("header"),
    body: body && {
      kind: body.encoding,
      fields: /^(form|multipart)$/.test(body.encoding) ? fieldsOf(body.type, plan, lookup) : undefined,
      isText: body.encoding === "raw" && body.type !== "bytes" ? true : undefined,
    },
    integers: body && typeof body.type === "object" ? plan.integers?.shapeOf(body.type) : undefined,
    types: Object.keys(types).length > 0 ? types : undefined,
    sample: { status: success?.status ?? 200, body: success && sampleOf(success.body, lookup) },
    others: others && Object.keys(others).length > 0 ? others : undefined,
    alternatives: Object.keys(alternatives).length > 0 ? alternatives : undefined,
  };
}

/** Of further media types. */
function samplesOf({ alternatives }: SuccessPlan, lookup: ModelLookup): Record<string, Planned> {
  return Object.fromEntries(alternatives.map(({ mediaType, body }) => [mediaType, sampleOf(body, lookup)]));
}

function sampleOf(body: Type | "bytes" | undefined, lookup: ModelLookup): Planned {
  if (body === undefined) return undefined;
  return body === "bytes" ? "bytes" : (sampleValue(body, lookup) as Planned);
}

/** How a text becomes a value: its kind, and whether there may be several. */
function kind(type: InputMember["type"], plan: SdkPlan, lookup: ModelLookup): readonly [string, boolean] {
  if (typeof type === "string") return ["string", false];
  const { type: of, isList } = coercionOf(type, lookup);
  const isExact = plan.integers !== undefined && plan.integers.shapeOf(type) !== undefined;
  if (!isExact) return [of, isList];
  return [plan.settings.typescript.int64, isList];
}

function fieldsOf(type: Type | "bytes", plan: SdkPlan, lookup: ModelLookup): Planned {
  const object = typeof type === "object" ? objectOf(type, lookup) : undefined;
  return (object?.properties ?? []).map(({ name, type: of }) => [name, ...kind(of, plan, lookup)]);
}
