import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { parseJsonBody } from "../http/json-body.js";
import type { SelectTemplate } from "../integrations/passthrough.js";
import { selectionText, valueAt } from "./select-route.js";

/** One part of a selection expression over an answer: text, its status, a header (lower case), a member of its body or of the message. */
export type AnswerPart =
  | string
  | { readonly status: true }
  | { readonly header: string; readonly isWhole: boolean }
  | { readonly body: readonly (string | number)[] }
  | { readonly message: readonly (string | number)[] };

/** A template selection expression of an integration response, of parts that were parsed at build time (aws-behaviour.md 29.5). */
export function answerSelection(parts: readonly AnswerPart[]): SelectTemplate {
  return (x, backend) => {
    let text = "";
    for (const part of parts) text += typeof part === "string" ? part : partOf(part, x, backend);
    return text;
  };
}

function partOf(part: Exclude<AnswerPart, string>, { socket }: Exchange, backend: BackendAnswer): string {
  if ("status" in part) return String(backend.status);
  if ("header" in part) return headerOf(part, backend);
  const isOfMessage = "message" in part;
  const json = isOfMessage ? socket?.json : parseJsonBody(backend.body);
  return json?.ok ? selectionText(valueAt(json.value, isOfMessage ? part.message : part.body)) : "";
}

function headerOf(
  { header, isWhole }: { readonly header: string; readonly isWhole: boolean },
  { headers }: BackendAnswer,
) {
  const values = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === header);
  return isWhole ? values.join(",") : (values.at(-1) ?? "");
}
