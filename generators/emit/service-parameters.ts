import type { Value } from "../../src/model/expressions.js";

type Encoding = "json-text" | "base64";

/** Parameters that are a text which holds JSON, or bytes in base64, by service and action; `[]` is any item of a list. */
const encodings: Readonly<Record<string, Readonly<Record<string, Encoding>>>> = {
  "events:PutEvents": { "Entries[].Detail": "json-text" },
  "firehose:PutRecord": { "Record.Data": "base64" },
  "firehose:PutRecordBatch": { "Records[].Data": "base64" },
  "kinesis:PutRecord": { Data: "base64" },
  "kinesis:PutRecords": { "Records[].Data": "base64" },
  "states:SendTaskSuccess": { output: "json-text" },
  "states:StartExecution": { input: "json-text" },
  "states:StartSyncExecution": { input: "json-text" },
};

/**
 * Parameters as the action wants them: what the file gives as an object, a list or a reference becomes JSON text or
 * base64 where the parameter is such a text. A text that the file writes out is taken as it is.
 */
export function encodedParameters(
  target: string,
  members: readonly { readonly name: string; readonly value: Value }[],
): typeof members {
  const wanted = Object.hasOwn(encodings, target) ? encodings[target] : undefined;
  if (wanted === undefined) return members;
  return members.map(({ name, value }) => ({ name, value: encodedAt(value, name, wanted) }));
}

function encodedAt(value: Value, path: string, wanted: Readonly<Record<string, Encoding>>): Value {
  const as = Object.hasOwn(wanted, path) ? wanted[path] : undefined;
  if (as !== undefined)
    return value.kind === "constant" || value.kind === "text" ? value : { kind: "encoded", as, value };
  switch (value.kind) {
    case "object":
      return {
        kind: "object",
        members: value.members.map(({ name, value: of }) => ({
          name,
          value: encodedAt(of, `${path}.${name}`, wanted),
        })),
      };
    case "list":
      return { kind: "list", items: value.items.map((item) => encodedAt(item, `${path}[]`, wanted)) };
    default:
      return value;
  }
}
