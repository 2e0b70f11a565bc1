import type { BackendAnswer } from "../http/exchange.js";
import { parseJsonBody } from "../http/json-body.js";
import type { SelectTemplate } from "../integrations/passthrough.js";
import { selectionText, valueAt } from "./select-route.js";

/** One part of a selection expression over an answer: text, its status, a header (lower case) or a member of its body. */
export type AnswerPart =
  | string
  | { readonly status: true }
  | { readonly header: string; readonly isWhole: boolean }
  | { readonly body: readonly (string | number)[] };

/** A template selection expression of an integration response, of parts that were parsed at build time (aws-behaviour.md 29.5). */
export function answerSelection(parts: readonly AnswerPart[]): SelectTemplate {
  return (backend) => {
    let text = "";
    for (const part of parts) text += typeof part === "string" ? part : partOf(part, backend);
    return text;
  };
}

function partOf(part: Exclude<AnswerPart, string>, backend: BackendAnswer): string {
  if ("status" in part) return String(backend.status);
  if ("header" in part) return headerOf(part, backend);
  const json = parseJsonBody(backend.body);
  return json.ok ? selectionText(valueAt(json.value, part.body)) : "";
}

function headerOf(
  { header, isWhole }: { readonly header: string; readonly isWhole: boolean },
  { headers }: BackendAnswer,
) {
  const values = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === header);
  return isWhole ? values.join(",") : (values.at(-1) ?? "");
}
