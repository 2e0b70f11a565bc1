import { stringLiteral } from "../emit/code-literal.js";
import { wrappedNames } from "./import-names.js";
import { operationComment } from "./operation-comment.js";
import { hasStream, type NamedOperation, type SdkPlan } from "./plan.js";
import { alternativeTypes } from "./print-operations.js";

/** `api.js`: all operations as methods of one object, for who likes `api.getOrder({ id })` better than small bundles. */
export function printApi({ operations }: SdkPlan): string {
  const names = operations.flatMap(functionsOf);
  const imports = names.length === 0 ? "" : `import {${wrappedNames(names)}} from "./operations.js";\n`;
  return `import { createClient } from "./client.js";
${imports}
const operations = {${wrappedNames(names)}};

export function createApi(options) {
  const client = createClient(options);
  const methods = Object.entries(operations).map(([name, operation]) => [
    name,
    (input, more) => operation(client, input, more),
  ]);
  return Object.fromEntries(methods);
}
`;
}

/** Functions of an operation that take a client first. */
export function functionsOf(operation: NamedOperation): readonly string[] {
  const { names, pagination } = operation;
  return [names.fn, ...(hasStream(operation) ? [names.stream] : []), ...(pagination ? [names.pages, names.items] : [])];
}

export function printApiTypes(plan: SdkPlan): string {
  return `${apiImports(plan)}
/** All operations of ${titleText(plan)} as methods. */
export interface Api {
${plan.operations.map((operation) => methodsText(operation, plan)).join("")}}

/** A client and its operations in one object. Bundlers keep all of it: import single operations where size counts. */
export declare function createApi(options?: ClientOptions): Api;
`;
}

export function titleText({ title }: SdkPlan): string {
  return stringLiteral(title).replaceAll("*/", "*\\/");
}

/** What the methods of an object of operations mention. */
export function apiImports(plan: SdkPlan): string {
  const types = plan.operations.flatMap((operation) => {
    const { names, pagination, successes } = operation;
    return [
      names.input,
      names.output,
      names.result,
      ...(hasStream(operation) || alternativeTypes(operation, plan).length > 0 ? [names.error] : []),
      ...(pagination && successes.length > 0 ? [names.item] : []),
    ];
  });
  const alternatives = plan.operations.flatMap((operation) => alternativeTypes(operation, plan));
  const hasStreams = plan.operations.some(hasStream) || alternatives.length > 0;
  const words = new Set(alternatives.flatMap(({ call }) => call.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []));
  const used = plan.models.map(({ name }) => name).filter((name) => words.has(name));
  const models = used.length === 0 ? "" : `import type {${wrappedNames(used.sort())}} from "./models.js";\n`;
  const options = [
    ...(plan.operations.length > 0 ? ["Call", "CallOptions"] : []),
    "ClientOptions",
    ...(plan.operations.some(({ pagination }) => pagination) ? ["PageOptions"] : []),
    ...(hasStreams ? ["Success"] : []),
  ];
  const transport = hasStreams ? 'import type { TransportError } from "./errors.js";\n' : "";
  const imports = types.length === 0 ? "" : `import type {${wrappedNames(types)}} from "./operations.js";\n`;
  return `import type { ${options.join(", ")} } from "./client.js";
${transport}${models}${imports}`;
}

/** An operation as methods, with what it has besides: streams and pages. */
export function methodsText(operation: NamedOperation, plan: SdkPlan, indent = "  "): string {
  return methods(operation, plan).replace(/^ {2}(?=.)/gm, indent);
}

function methods(operation: NamedOperation, plan: SdkPlan): string {
  const { names, input, pagination } = operation;
  const mark = input.every((member) => !member.required) ? "?" : "";
  const given = `input${mark}: ${names.input}${mark === "" ? "" : " | undefined"}`;
  const comment = operationComment(operation, undefined).replace(/^(?=.)/gm, "  ");
  const paged = pagination
    ? `  ${names.pages}(${given}, options?: PageOptions): AsyncGenerator<${names.output}, void, undefined>;
  ${names.items}(${given}, options?: PageOptions): AsyncGenerator<${names.item}, void, undefined>;\n`
    : "";
  const streamed = hasStream(operation)
    ? `  ${names.stream}(
    ${given},
    options?: CallOptions,
  ): Call<ReadableStream<Uint8Array>, Success<number, ReadableStream<Uint8Array>> | ${names.error} | TransportError>;\n`
    : "";
  const others = alternativeTypes(operation, plan)
    .map(
      ({ comment: about, options, call }) => `${about.replace(/^(?=.)/gm, "  ")}  ${names.fn}(
    input: ${names.input}${mark === "" ? "" : " | undefined"},
    ${options},
  ): ${call};\n`,
    )
    .join("");
  return `${others}${comment}  ${names.fn}(${given}, options?: CallOptions): Call<${names.output}, ${names.result}>;\n${streamed}${paged}`;
}
