import { stringLiteral } from "../emit/code-literal.js";
import { wrappedNames } from "./import-names.js";
import { operationComment } from "./operation-comment.js";
import { hasStream, type NamedOperation, type SdkPlan } from "./plan.js";

/** `api.js`: all operations as methods of one object, for who likes `api.getOrder({ id })` better than small bundles. */
export function printApi({ operations }: SdkPlan): string {
  const names = operations.flatMap((operation) => {
    const { names, pagination } = operation;
    return [
      names.fn,
      ...(hasStream(operation) ? [names.stream] : []),
      ...(pagination ? [names.pages, names.items] : []),
    ];
  });
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

export function printApiTypes(plan: SdkPlan): string {
  const types = plan.operations.flatMap((operation) => {
    const { names, pagination, successes } = operation;
    return [
      names.input,
      names.output,
      names.result,
      ...(hasStream(operation) ? [names.error] : []),
      ...(pagination && successes.length > 0 ? [names.item] : []),
    ];
  });
  const hasStreams = plan.operations.some(hasStream);
  const options = [
    ...(plan.operations.length > 0 ? ["Call", "CallOptions"] : []),
    "ClientOptions",
    ...(plan.operations.some(({ pagination }) => pagination) ? ["PageOptions"] : []),
    ...(hasStreams ? ["Success"] : []),
  ];
  const transport = hasStreams ? 'import type { TransportError } from "./errors.js";\n' : "";
  const imports = types.length === 0 ? "" : `import type {${wrappedNames(types)}} from "./operations.js";\n`;
  return `import type { ${options.join(", ")} } from "./client.js";
${transport}${imports}
/** All operations of ${stringLiteral(plan.title).replaceAll("*/", "*\\/")} as methods. */
export interface Api {
${plan.operations.map(methods).join("")}}

/** A client and its operations in one object. Bundlers keep all of it: import single operations where size counts. */
export declare function createApi(options?: ClientOptions): Api;
`;
}

function methods(operation: NamedOperation): string {
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
  return `${comment}  ${names.fn}(${given}, options?: CallOptions): Call<${names.output}, ${names.result}>;\n${streamed}${paged}`;
}
