import type { GatewayResponseType } from "../../src/model/gateway-model.js";
import { referencesOf } from "../../src/model/type-questions.js";
import { noDocs, type Type } from "../../src/model/types.js";
import { printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import { typeText } from "../emit/type-text.js";
import type { CustomBody, GatewayBody } from "../sdk-shared/gateway-answers.js";
import type { InputMember } from "../sdk-shared/input.js";
import type { ErrorPlan, SuccessPlan } from "../sdk-shared/operation.js";
import { callText } from "./call-text.js";
import { wrappedNames } from "./import-names.js";
import { operationComment } from "./operation-comment.js";
import { hasStream, type NamedOperation, type SdkPlan } from "./plan.js";
import { wireType } from "./wire-types.js";

/** `operations.js`: a function, a guard and a constant for each operation, which bundlers drop when they are not used. */
export function printOperations(plan: SdkPlan): string {
  const { operations } = plan;
  const body = operations.map(operationCode).join("");
  const encoders = [...new Set(operations.flatMap(({ encoder }) => encoder ?? []))].sort();
  const usual = encoders.filter((encoder) => encoder !== "exactBody");
  const imports = [
    'import { isErrorOf } from "./errors.js";\n',
    ...integerImports(plan, body),
    ...(usual.length > 0 ? [`import { ${usual.join(", ")} } from "./runtime/bodies.js";\n`] : []),
    'import { call } from "./runtime/call.js";\n',
    ...(operations.some(({ hasIdempotencyKey }) => hasIdempotencyKey)
      ? ['import { newKey } from "./runtime/new-key.js";\n']
      : []),
    ...(operations.some(hasStream) ? ['import { stream } from "./runtime/stream.js";\n'] : []),
    ...(operations.some(({ pagination }) => pagination)
      ? ['import { items, pages } from "./runtime/paginate.js";\n']
      : []),
  ];
  return `${operations.length > 0 ? imports.join("") : "export {};\n"}${body}`;
}

/** What reads and writes integers of any size, and where models have them. */
export function integerImports({ integers }: SdkPlan, body: string): readonly string[] {
  if (integers === undefined) return [];
  const words = wordsOf(body);
  const line = (names: readonly string[], from: string) => {
    const used = names.filter((name) => words.has(name));
    return used.length > 0 ? [`import {${wrappedNames(used)}} from "${from}";\n`] : [];
  };
  return [
    ...line(
      integers.constants.map(({ name }) => name),
      "./integers.js",
    ),
    ...line(["exactBody", "parseIntegers"], "./runtime/integers.js"),
  ];
}

/** `integers.js`: where models have an int64. */
export function printIntegers({ integers }: SdkPlan): string {
  const constants = integers?.constants ?? [];
  return (
    constants.map(({ name, shape }) => `export const ${name} = ${printPlanned(shape)};\n`).join("\n") || "export {};\n"
  );
}

export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
}

function operationCode(operation: NamedOperation): string {
  const { names, descriptor } = operation;
  const { fn, guard } = names;
  return `
const ${names.descriptor} = ${printPlanned(descriptor)};

export function ${fn}(client, input, options) {
  return call(client, ${names.descriptor}, input, options);
}

export function ${guard}(error) {
  return isErrorOf(error, ${names.descriptor});
}
${streamCode(operation)}${pagesCode(operation)}`;
}

function streamCode(operation: NamedOperation): string {
  if (!hasStream(operation)) return "";
  const { names } = operation;
  return `
export function ${names.stream}(client, input, options) {
  return stream(client, ${names.descriptor}, input, options);
}
`;
}

/** Functions of their own with a constant of their own, so that a call without paging carries none of it. */
function pagesCode({ names, pagination, input }: NamedOperation): string {
  if (pagination === undefined) return "";
  const { cursor, next, items } = pagination;
  const member = input.find(({ in: where, wireName }) => where === "query" && wireName === cursor)?.name ?? cursor;
  const where = next.in === "header" ? { header: next.name } : { next: next.path };
  const constant = `${names.descriptor.replace(/Operation(_*)$/, "Paged$1")}`;
  return `
const ${constant} = { ...${names.descriptor}, pages: ${printPlanned({ cursor: member, ...where, items })} };

export function ${names.pages}(client, input, options) {
  return pages(client, ${constant}, input, options);
}

export function ${names.items}(client, input, options) {
  return items(client, ${constant}, input, options);
}
`;
}

/** `operations.d.ts`: plain interfaces and unions, so that an editor has nothing to compute. */
export function printOperationTypes(plan: SdkPlan): string {
  const body = plan.operations.map((operation) => operationTypes(operation, plan)).join("");
  const statuses = `/** Error statuses that the API does not document. */
export type OtherStatus =${wrapped(plan.otherStatuses.map(String))};
`;
  const bodies = plan.gatewayBodies.map((custom) => gatewayBodyType(custom)).join("");
  return `${typeImports(plan, body)}\n${statuses}${bodies}${body}`;
}

function gatewayBodyType({ name, response, type }: CustomBody): string {
  return `
/** What the API answers by itself as \`${response}\`. */
export type ${name} = ${typeText(type)};
`;
}

/** @param own  module of the operations, for what is not in it */
export function typeImports(plan: SdkPlan, body: string, own?: string): string {
  const words = wordsOf(body);
  const line = (names: readonly string[], from: string) => {
    const used = names.filter((name) => words.has(name));
    return used.length > 0 ? `import type { ${used.join(", ")} } from "${from}";\n` : "";
  };
  const models = new Set(plan.operations.flatMap(modelsOf).map(plan.modelName));
  const modelNames = [...models].sort().filter((name) => own === undefined || words.has(name));
  const others = [
    "OtherStatus",
    ...plan.gatewayBodies.map(({ name }) => name),
    ...plan.operations.map(({ names }) => names.input),
  ].filter((name) => words.has(name));
  return [
    line(["BinaryBody", "Call", "CallOptions", "Client", "HttpMethod", "PageOptions", "Success"], "./client.js"),
    line(["AccessDeniedMessage", "ApiError", "GatewayMessage", "TransportError"], "./errors.js"),
    modelNames.length > 0 ? `import type {${wrappedNames(modelNames)}} from "./models.js";\n` : "",
    own === undefined || others.length === 0 ? "" : `import type {${wrappedNames(others)}} from "${own}";\n`,
  ].join("");
}

/** Models that the types of an operation name. */
function modelsOf({ input, successes, errors, otherwise, item }: NamedOperation): readonly string[] {
  const types = [
    ...input.map(({ type }) => type),
    ...successes.flatMap(({ body, alternatives }) => [body, ...alternatives.map((other) => other.body)]),
    ...errors.flatMap(({ declared, alternatives }) => [...declared, ...alternatives.map(({ body }) => body)]),
    otherwise,
    item,
  ];
  return types.flatMap((type) => (typeof type === "object" ? [...referencesOf(type)] : []));
}

function operationTypes(operation: NamedOperation, plan: SdkPlan): string {
  const { names, input, successes } = operation;
  const isOptional = input.every((member) => !member.required);
  const outputs = successes.length === 0 ? ["unknown"] : successes.map((success) => successBody(success, plan));
  return `
${inputType(operation, plan)}
export type ${names.output} = ${[...new Set(outputs)].join(" | ")};

export type ${names.error} =${unionLines(errorMembers(operation, plan))};

export type ${names.result} =${unionLines([...successMembers(operation, plan), names.error, "TransportError"])};

${alternativeTypes(operation, plan)
  .map(
    ({ comment, options, call }) => `${comment}export declare function ${names.fn}(
  client: Client,
  input: ${names.input}${isOptional ? " | undefined" : ""},
  ${options},
): ${call};

`,
  )
  .join("")}${operationComment(operation, `await ${callText(operation, plan)}`)}export declare function ${names.fn}(
  client: Client,
  input${isOptional ? "?" : ""}: ${names.input}${isOptional ? " | undefined" : ""},
  options?: CallOptions,
): Call<${names.output}, ${names.result}>;

/** Whether an error is an answer to \`${names.fn}\`; its status then tells the type of its body. */
export declare function ${names.guard}(error: unknown): error is ${names.error};
${streamTypes(operation, isOptional)}${pagesTypes(operation, plan, isOptional)}`;
}

/** Calls that ask for another media type than the first: what they are given, and what they are answered. */
export function alternativeTypes(
  { successes, names }: NamedOperation,
  plan: SdkPlan,
): readonly { readonly comment: string; readonly options: string; readonly call: string }[] {
  const mediaTypes = [
    ...new Set(successes.flatMap(({ alternatives }) => alternatives.map(({ mediaType }) => mediaType))),
  ];
  return mediaTypes.map((wanted) => {
    const bodies = successes.map((success) => {
      const other = success.alternatives.find(({ mediaType }) => mediaType === wanted);
      return { status: success.status, body: successBody(other ? { ...success, body: other.body } : success, plan) };
    });
    const output = [...new Set(bodies.map(({ body }) => body))].join(" | ");
    const results = bodies.map(({ status, body }) => `Success<${status}, ${body}>`);
    const description = `\`${names.fn}\` with an answer of the media type ${wanted}.`;
    return {
      comment: docComment({ docs: { ...noDocs, description }, tags: [] }, ""),
      options: `options: CallOptions & { readonly headers: { readonly accept: ${stringLiteral(wanted)} } }`,
      call: `Call<${output}, ${[...results, names.error, "TransportError"].join(" | ")}>`,
    };
  });
}

function streamTypes(operation: NamedOperation, isOptional: boolean): string {
  if (!hasStream(operation)) return "";
  const { names } = operation;
  return `
/**
 * \`${names.fn}\` with the body of a success as it arrives, not decoded. The timeout is over once the head of the answer is there;
 * the call's signal ends the stream.
 */
export declare function ${names.stream}(
  client: Client,
  input${isOptional ? "?" : ""}: ${names.input}${isOptional ? " | undefined" : ""},
  options?: CallOptions,
): Call<ReadableStream<Uint8Array>, Success<number, ReadableStream<Uint8Array>> | ${names.error} | TransportError>;
`;
}

function pagesTypes({ names, item }: NamedOperation, plan: SdkPlan, isOptional: boolean): string {
  if (item === undefined) return "";
  const rest = `client: Client,
  input${isOptional ? "?" : ""}: ${names.input}${isOptional ? " | undefined" : ""},
  options?: PageOptions,`;
  return `
export type ${names.item} = ${textOf(item, plan, "")};

/** The pages of \`${names.fn}\`, one call after the other. */
export declare function ${names.pages}(
  ${rest}
): AsyncGenerator<${names.output}, void, undefined>;

/** What \`${names.fn}\` lists, page by page. */
export declare function ${names.items}(
  ${rest}
): AsyncGenerator<${names.item}, void, undefined>;
`;
}

function inputType({ names, input }: NamedOperation, plan: SdkPlan): string {
  if (input.length === 0) return `export interface ${names.input} {\n  [name: string]: never;\n}\n`;
  const members = input.map((member) => {
    const comment = docComment({ docs: { ...noDocs, description: member.description }, tags: [] }, "  ");
    const mark = member.required ? "" : "?";
    const type = `${memberType(member, plan)}${member.required ? "" : " | undefined"}`;
    return `${comment}  ${propertyName(member.name)}${mark}: ${type};\n`;
  });
  return `export interface ${names.input} {\n${members.join("")}}\n`;
}

export function memberType({ type }: InputMember, plan: SdkPlan): string {
  if (type === "bytes") return "BinaryBody";
  return type === "method" ? "HttpMethod" : textOf(type, plan, "  ");
}

function textOf(type: Type, { modelName, settings }: SdkPlan, indent: string): string {
  return typeText(wireType(type), { nameOf: modelName, int64: settings.typescript.int64 }, indent);
}

function successBody({ body }: SuccessPlan, plan: SdkPlan): string {
  if (body === undefined) return "undefined";
  return body === "bytes" ? "Blob" : textOf(body, plan, "");
}

function successMembers({ names, successes }: NamedOperation, plan: SdkPlan): readonly string[] {
  const [only] = successes;
  if (only === undefined) return ["Success"];
  if (successes.length === 1 && only.body !== undefined) return [`Success<${only.status}, ${names.output}>`];
  return successes.map((success) => `Success<${success.status}, ${successBody(success, plan)}>`);
}

interface AnswerType {
  /** A union of statuses. */
  readonly status: string;
  readonly body: string;
  /** Names of API Gateway's own answers among them, as a union; undefined: any may be. */
  readonly gateway: string | undefined;
}

/** All that an operation may be answered, as texts of types, of each media type. */
export function answerTypes(operation: NamedOperation, plan: SdkPlan): readonly AnswerType[] {
  const successes = operation.successes.flatMap((success) => {
    const bodies = [success.body, ...success.alternatives.map(({ body }) => body)];
    const texts = new Set(bodies.map((body) => successBody({ ...success, body }, plan)));
    return [...texts].map((body) => ({ status: String(success.status), body, gateway: "never" }));
  });
  return [
    ...(successes.length > 0 ? successes : [{ status: "number", body: "unknown", gateway: "never" }]),
    ...errorTypes(operation, plan),
  ];
}

/** Statuses with the same body and the same answers of API Gateway share a member. */
function errorTypes({ errors, undocumented, otherwise }: NamedOperation, plan: SdkPlan): readonly AnswerType[] {
  const groups = new Map<string, { readonly body: string; readonly gateway: string; readonly statuses: number[] }>();
  for (const error of errors) {
    const [body, gateway] = [errorBody(error, plan), answersText(error, plan)];
    const key = `${gateway}:${body}`;
    const group = groups.get(key) ?? { body, gateway, statuses: [] };
    groups.set(key, group);
    group.statuses.push(error.status);
  }
  const known = [...groups.values()].map(({ statuses, ...rest }) => ({ status: statuses.join(" | "), ...rest }));
  const other = otherwise ? textOf(otherwise, plan, "  ") : "unknown";
  return [...known, { status: ["OtherStatus", ...undocumented].join(" | "), body: other, gateway: undefined }];
}

/** By the names that `gatewayAnswer` tells: what looks the same on the wire, and what a package that is newer than its API meets. */
function answersText({ status, answers }: ErrorPlan, { kind }: SdkPlan): string {
  const more: readonly GatewayResponseType[] =
    status === 403 && kind === "rest" && answers.length > 0 ? ["MISSING_AUTHENTICATION_TOKEN"] : [];
  const all = new Set([...answers.flatMap(toldAs), ...more]);
  return [...all].sort().map(stringLiteral).join(" | ") || "never";
}

/** A message that the file changes leaves less to be known. */
function toldAs(type: GatewayResponseType): readonly GatewayResponseType[] {
  switch (type) {
    case "API_CONFIGURATION_ERROR":
      return ["DEFAULT_5XX"];
    case "BAD_REQUEST_BODY":
    case "BAD_REQUEST_PARAMETERS":
    case "UNSUPPORTED_MEDIA_TYPE":
      return [type, "DEFAULT_4XX"];
    case "INTEGRATION_FAILURE":
    case "INTEGRATION_TIMEOUT":
      return [type, "DEFAULT_5XX"];
    default:
      return [type];
  }
}

function errorMembers(operation: NamedOperation, plan: SdkPlan): readonly string[] {
  return errorTypes(operation, plan).map(({ status, body, gateway }) =>
    gateway === undefined
      ? `ApiError<${status}${body === "unknown" ? "" : `, ${body}`}>`
      : `ApiError<${status}, ${body}, ${gateway}>`,
  );
}

function errorBody({ declared, gateway, alternatives }: ErrorPlan, plan: SdkPlan): string {
  const own = [...declared, ...alternatives.map(({ body }) => body)].map((type) =>
    type === "bytes" ? "Blob" : textOf(type, plan, "  "),
  );
  const all = new Set([...own, ...gateway.map((body) => (typeof body === "object" ? body.name : gatewayBodies[body]))]);
  if (all.has("unknown")) return "unknown";
  return all.size === 0 ? "undefined" : [...all].join(" | ");
}

const gatewayBodies: Readonly<Record<Exclude<GatewayBody, object>, string>> = {
  message: "GatewayMessage",
  "access-denied": "AccessDeniedMessage",
  unknown: "unknown",
};

/** On one line where it fits, otherwise a line for each member. */
function unionLines(members: readonly string[]): string {
  const line = ` ${members.join(" | ")}`;
  return line.length <= 80 && !line.includes("\n") ? line : `\n  | ${members.join("\n  | ")}`;
}

/** A union of short members, in lines of a readable length. */
function wrapped(members: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < members.length; at += 18) lines.push(`\n  | ${members.slice(at, at + 18).join(" | ")}`);
  return members.length === 0 ? " never" : lines.join("");
}
