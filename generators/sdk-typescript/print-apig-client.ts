import { noDocs } from "../../src/model/types.js";
import { type Planned, printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import type { SdkOperation } from "../sdk-shared/operation.js";
import { wrappedNames } from "./import-names.js";
import { operationComment } from "./operation-comment.js";
import type { NamedOperation, SdkPlan } from "./plan.js";
import type { ApigOperation } from "./plan-apig-client.js";
import { integerImports, memberType, typeImports, wordsOf } from "./print-operations.js";

/** `apig-client.js`: what its methods send, by the names that parameters have on the wire. @param runtime  the part that is the same everywhere */
export function printApigClient(plan: SdkPlan, runtime: string): string {
  const methods = (plan.apigClient ?? []).map(({ method, operation }) => [method, methodOf(operation)] as const);
  const table = methods.map(([name, method]) => `  ${propertyName(name)}: ${printPlanned(method, "  ")},\n`).join("");
  const words = wordsOf(table);
  const encoders = ["exactBody", "formBody", "multipartBody", "rawBody"].filter((name) => words.has(name));
  const usual = ["jsonBody", ...encoders.filter((name) => name !== "exactBody")].sort();
  const imports = integerImports(plan, table).join("");
  const [, head = "", body = ""] = /^((?:import [^;]*;\n)*)(.*)$/s.exec(runtime) ?? [];
  return `${imports}${head.replace("{ jsonBody }", `{ ${usual.join(", ")} }`)}
const defaultRegion = ${stringLiteral(plan.region)};

const methods = {
  __proto__: null,
${table}};
${body}`;
}

function methodOf({ descriptor, input, encoder, path, credentials }: NamedOperation): Record<string, Planned> {
  const { query: _, headers: __, path: ___, name: ____, newKey: _____, ...rest } = descriptor;
  const named = (where: string) =>
    [
      ...input.filter((member) => member.in === where).map(({ wireName }) => wireName),
      ...credentials.flatMap(({ place, key, authorizer }) => (authorizer && place === where ? [key] : [])),
    ].filter(isFirst);
  const required = input.filter(({ in: where, required: is }) => is && /^(path|query|header)$/.test(where));
  const keys = credentials.filter(({ authorizer }) => authorizer === undefined);
  const [query, headers] = [named("query"), named("header")];
  return {
    ...rest,
    path: templateOf(path),
    query: query.length > 0 ? query : undefined,
    headers: headers.length > 0 ? headers : undefined,
    required: required.length > 0 ? required.map(({ wireName }) => wireName).filter(isFirst) : undefined,
    encode: encoder === "jsonBody" ? undefined : rest["encode"],
    contentType: contentTypeOf(rest["contentType"], encoder),
    auth: keys.length > 0 ? keys.map(({ name, place, key }) => [name, place, key]) : undefined,
  };
}

/** Null: the encoder writes it. */
function contentTypeOf(declared: Planned, encoder: NamedOperation["encoder"]): Planned {
  if (encoder === "multipartBody") return null;
  return declared === "application/json" ? undefined : declared;
}

function isFirst(name: string, at: number, all: readonly string[]): boolean {
  return all.indexOf(name) === at;
}

function templateOf(path: SdkOperation["path"]): string {
  const texts = path.map((segment) =>
    segment.kind === "static" ? segment.text : `{${segment.name}${segment.kind === "greedy" ? "+" : ""}}`,
  );
  return `/${texts.join("/")}`;
}

/** @param fixed  declarations that are the same everywhere */
export function printApigClientTypes(plan: SdkPlan, fixed: string): string {
  const methods = plan.apigClient ?? [];
  const body = `/** Methods by the words of their paths, as in the SDK that AWS generates. */
export interface ApigClient {
${methods.map((method) => methodType(method, plan)).join("")}  /** Calls any route of the API: \`invokeApi({ petId }, "/pets/{petId}", "GET", { queryParams: { page: 1 } })\`. */
  invokeApi(params: Readonly<Record<string, unknown>> | null | undefined, path: string, method: string, more?: ApigMore, body?: unknown): Promise<ApigResult>;
}
`;
  const outputs = methods.map(({ operation }) => operation.names.output);
  const outputImport = outputs.length > 0 ? `import type {${wrappedNames(outputs)}} from "./operations.js";\n` : "";
  return `${typeImports(plan, body, "./operations.js")}${outputImport}\n${fixed}\n${body}`;
}

function methodType({ method, operation }: ApigOperation, plan: SdkPlan): string {
  const { names, input, credentials } = operation;
  const [body] = input.filter(({ in: where }) => where === "body");
  const params = new Map<string, string>();
  for (const member of input) {
    if (!/^(path|query|header)$/.test(member.in) || params.has(member.wireName)) continue;
    const type = `${memberType(member, plan)}${member.required ? "" : " | undefined"}`;
    const comment = docComment({ docs: { ...noDocs, description: member.description }, tags: [] }, "      ");
    params.set(
      member.wireName,
      `${comment}      readonly ${propertyName(member.wireName)}${member.required ? "" : "?"}: ${type};\n`,
    );
  }
  for (const { key, authorizer } of credentials) {
    if (authorizer === undefined || params.has(key)) continue;
    params.set(
      key,
      `      /** For authorizer \`${authorizer}\`. */\n      readonly ${propertyName(key)}?: string | undefined;\n`,
    );
  }
  const isOptional = input.every(({ in: where, required }) => !required || where === "body");
  const taken = params.size === 0 ? "ApigNothing" : `{\n${[...params.values()].join("")}    }`;
  const missing = params.size > 0 && isOptional ? " | null | undefined" : "";
  const sent = body ? `${memberType(body, plan)} | string | FormData` : "ApigNothing";
  const isSent = body?.required === true;
  const comment = operationComment(operation, undefined).replace(/^(?=.)/gm, "  ");
  return `${comment}  ${propertyName(method)}(
    params${isOptional && !isSent ? "?" : ""}: ${taken}${missing},
    body${isSent ? "" : "?"}: ${sent}${isSent || !body ? "" : " | null | undefined"},
    more?: ApigMore,
  ): Promise<ApigResult<${names.output}>>;\n`;
}
