import { goDocs, goFunction, goMembers, goString } from "./go-text.js";
import type { GoAlternative, GoOperation, GoPlan, GoResult } from "./plan.js";
import { fieldLines, importText } from "./print-models.js";

/** `operations.go`: methods of the client, the parameters they take, and what is known of each call. */
export function printOperations({ operations }: GoPlan): string {
  const body = [...operations.map(operationText), ...sharedFailures(operations)].join("\n");
  const uses = (pattern: RegExp) => pattern.test(body.replace(/"(?:[^"\\\n]|\\.)*"|\/\/.*/g, ""));
  const imports = [
    ["context", /\bcontext\.Context\b/],
    ["encoding/json", /\bjson\.RawMessage\b/],
    ["io", /\bio\.Read/],
    ["iter", /\biter\.Seq2\b/],
    ["time", /\btime\.Time\b/],
  ] as const;
  return `${importText(imports.flatMap(([path, pattern]) => (uses(pattern) ? [path] : [])))}${body}`;
}

function operationText(operation: GoOperation): string {
  return [
    paramsText(operation),
    resultStruct(operation),
    methodText(operation),
    ...operation.alternatives.flatMap((alternative) => [
      resultStruct({ ...alternative, goMethod: alternative.method }),
      methodText(operation, alternative),
    ]),
    streamText(operation),
    eventsText(operation),
    pagesText(operation),
    descriptorText(operation),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

function paramsText({ params, input, goMethod }: GoOperation): string {
  if (params === undefined) return "";
  const fields = input.map(({ name, type, description }) => ({ name, type, docs: description, deprecated: false }));
  return `// ${params} are the parameters of ${goMethod}.\ntype ${params} struct {\n${fieldLines(fields, () => undefined)}}

func (p ${params}) arguments() []argument {
	return []argument{
${input.map((member) => `\t\t{${places[member.in]}, ${goString(member.wireName)}, p.${member.name}},\n`).join("")}	}
}
`;
}

const places = { path: "inPath", query: "inQuery", header: "inHeader", body: "inBody", method: "inMethod" } as const;

function resultStruct({ result, goMethod }: Pick<GoOperation, "result" | "goMethod">): string {
  if (result.kind !== "several") return "";
  const fields = [{ name: "Status", type: "int" }, ...result.bodies.map(({ field, type }) => ({ name: field, type }))];
  return `// ${result.name} is what ${goMethod} may answer: the status, and the body that belongs to it.\ntype ${result.name} struct {\n${fieldLines(
    fields.map((field) => ({ ...field, docs: undefined, deprecated: false })),
    () => undefined,
  )}}\n`;
}

/** What the file says stands with the call itself; others say how they are different. */
function about(operation: GoOperation, name: string, says?: string): string {
  const { summary, description, route, deprecated } = operation;
  if (says !== undefined) return goDocs(name, { says, deprecated });
  const text = [summary ?? "", description ?? ""].filter((part) => part !== "").join(" ");
  return goDocs(name, { says: `calls ${route}`, text, deprecated });
}

function signature({ params }: GoOperation): string {
  return `ctx context.Context, ${params === undefined ? "" : `params ${params}, `}options ...CallOption`;
}

function given({ params, goMethod }: GoOperation, options = "options"): string {
  return `&op${goMethod}, ${params === undefined ? "nil" : "params.arguments()"}, ${options}`;
}

export function resultType(result: GoResult): string {
  switch (result.kind) {
    case "none":
      return "";
    case "bytes":
      return "[]byte";
    case "anything":
      return "any";
    case "value":
      return result.type;
    case "several":
      return `*${result.name}`;
  }
}

function methodText(operation: GoOperation, alternative?: GoAlternative): string {
  const { goMethod } = operation;
  const { method, result } = alternative ?? { method: goMethod, result: operation.result };
  const type = resultType(result);
  const docs = alternative && `is ${goMethod} with an answer of the media type ${alternative.mediaType}`;
  const call = given(operation, alternative && `accepting(options, ${goString(alternative.mediaType)})`);
  const head = `${about(operation, method, docs)}func (c *Client) ${method}(${signature(operation)}) ${type === "" ? "error" : `(${type}, error)`} {\n`;
  const send = `found, err := c.settings.send(ctx, ${call}, false)`;
  const failed = "\tif err != nil {\n\t\treturn nil, err\n\t}\n";
  switch (result.kind) {
    case "none":
      return `${head}\t_, err := c.settings.send(ctx, ${call}, false)\n\treturn err\n}\n`;
    case "value":
      return `${head}\treturn result(ctx, c.settings, ${call}, ${result.decoder})\n}\n`;
    case "bytes":
      return `${head}\t${send}\n${failed}\treturn found.body, nil\n}\n`;
    case "anything":
      return `${head}\t${send}\n${failed}\treturn anything(&op${goMethod}, found)\n}\n`;
    case "several":
      return `${head}\t${send}\n${failed}\treturn decode${method}Results(found)\n}

func decode${method}Results(found *answer) (*${result.name}, error) {
	out, err := &${result.name}{Status: found.status}, error(nil)
	switch found.status {
${result.bodies
  .map(({ status, field, decoder }) =>
    decoder === undefined
      ? `\tcase ${status}:\n\t\tout.${field} = found.body\n`
      : `\tcase ${status}:\n\t\tout.${field}, err = decoded(&op${goMethod}, found, ${decoder})\n`,
  )
  .join("")}	}
	return out, err
}
`;
  }
}

function streamText(operation: GoOperation): string {
  const { stream, goMethod } = operation;
  if (stream === undefined) return "";
  return `${about(operation, stream, `is ${goMethod} with the body as it arrives; close it`)}func (c *Client) ${stream}(${signature(operation)}) (io.ReadCloser, error) {
	found, err := c.settings.send(ctx, ${given(operation)}, true)
	if err != nil {
		return nil, err
	}
	return found.stream, nil
}
`;
}

function eventsText(operation: GoOperation): string {
  const { events, goMethod } = operation;
  if (events === undefined) return "";
  const says = `is the server-sent events of ${goMethod}, which is called again with Last-Event-ID where the stream ends, until it is 204 or an error`;
  return `${about(operation, events, says)}func (c *Client) ${events}(${signature(operation)}) iter.Seq2[ServerEvent, error] {
	return c.settings.events(ctx, ${given(operation)})
}
`;
}

function pagesText(operation: GoOperation): string {
  const { pages, result, goMethod } = operation;
  if (pages === undefined) return "";
  const type = resultType(result);
  const decode =
    result.kind === "value"
      ? `func(found *answer) (${type}, error) {\n\t\treturn decoded(&op${goMethod}, found, ${result.decoder})\n\t}`
      : result.kind === "several"
        ? `decode${goMethod}Results`
        : undefined;
  const walk =
    decode === undefined
      ? ""
      : `${about(operation, pages.pages, `is ${goMethod} for page after page of ${operation.route}`)}func (c *Client) ${pages.pages}(${signature(operation)}) iter.Seq2[${type}, error] {
	return walk(ctx, c.settings, ${given(operation)}, ${decode})
}

`;
  return `${walk}${about(operation, pages.items, `is what all pages of ${goMethod} list, one after the other`)}func (c *Client) ${pages.items}(${signature(operation)}) iter.Seq2[${pages.item.type}, error] {
	return walkItems(ctx, c.settings, ${given(operation)}, ${pages.item.decoder})
}
`;
}

function descriptorText(operation: GoOperation): string {
  const { goMethod, body, binaryStatuses, credentials, pagination, failures, otherDecoder } = operation;
  const segments = operation.path.map((segment) =>
    segment.kind === "static"
      ? `{text: ${goString(segment.text)}}`
      : `{parameter: ${goString(segment.name)}${segment.kind === "greedy" ? ", greedy: true" : ""}}`,
  );
  const uses = credentials.map(
    ({ name, place, key, authorizer }) =>
      `{${goString(name)}, ${place === "query"}, ${goString(key)}, ${goString(authorizer ?? "")}}`,
  );
  const members: readonly (readonly [string, string | undefined])[] = [
    ["name", goString(operation.operation)],
    ["method", operation.method && goString(operation.method)],
    ["path", segments.length > 0 ? `[]segment{${segments.join(", ")}}` : undefined],
    ["accept", goString(operation.accept)],
    ["encoding", body && goString(body.encoding)],
    ["contentType", body?.contentType === undefined ? undefined : goString(body.contentType)],
    ["binary", binaryStatuses.length > 0 ? `[]int{${binaryStatuses.join(", ")}}` : undefined],
    ["redirects", operation.hasRedirects ? "true" : undefined],
    ["auth", uses.length > 0 ? `[]credentialUse{${uses.join(", ")}}` : undefined],
    ["signed", operation.isSigned ? "true" : undefined],
    ["newKey", operation.hasIdempotencyKey ? "true" : undefined],
    ["pages", pagination && pagingText(pagination)],
    ["errors", failures.length > 0 ? failuresText(failures) : undefined],
    ["other", otherDecoder && failureText(otherDecoder, "\t")],
  ];
  const there = members.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  return `var op${goMethod} = operation{\n${goMembers(there)}}\n`;
}

function pagingText({ cursor, next, items }: NonNullable<GoOperation["pagination"]>): string {
  const list = (names: readonly string[]) => `[]string{${names.map(goString).join(", ")}}`;
  const from = next.in === "header" ? `header: ${goString(next.name)}` : `next: ${list(next.path)}`;
  return `&paging{cursor: ${goString(cursor)}, ${from}, items: ${list(items)}}`;
}

function failuresText(failures: GoOperation["failures"]): string {
  const lines = failures.map(({ status, decoder }) => `\t\t${status}: ${failureText(decoder, "\t\t")},\n`);
  return `map[int]func(json.RawMessage) (any, error){\n${lines.join("")}\t}`;
}

function failureText(decoder: string, indent: string): string {
  return (
    sharedFailure(decoder) ?? goFunction("func(raw json.RawMessage) (any, error)", `return ${decoder}(raw)`, indent)
  );
}

/** Name of the function that reads a type of its own: one for all operations, as closures of their own took a third of the compiler's time. */
function sharedFailure(decoder: string): string | undefined {
  const type = /^plain\[([\p{L}_][\p{L}\p{N}_]*)\]$/u.exec(decoder)?.[1];
  return type !== undefined && /^\p{Lu}/u.test(type) ? `failed${type}` : undefined;
}

function sharedFailures(operations: readonly GoOperation[]): readonly string[] {
  const decoders = new Set(
    operations.flatMap(({ failures, otherDecoder }) => [
      ...failures.map(({ decoder }) => decoder),
      ...(otherDecoder === undefined ? [] : [otherDecoder]),
    ]),
  );
  return [...decoders].flatMap((decoder) => {
    const name = sharedFailure(decoder);
    if (name === undefined) return [];
    return [`${goFunction(`func ${name}(raw json.RawMessage) (any, error)`, `return ${decoder}(raw)`)}\n`];
  });
}
