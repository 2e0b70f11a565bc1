import { parseAnswerSelection, parseSelection } from "../mapping/expressions/index.js";
import type { AnswerSelection, Selection } from "../model/websocket.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

const byAction: Selection = {
  parts: [{ path: [{ kind: "member", name: "action" }] }],
  text: "$request.body.action",
};

/** A selection expression; by default that of a message's `action`. One that is broken counts as the default. */
export function checkSelection(text: TextValue | undefined, { report }: Checking): Selection {
  if (text === undefined) return byAction;
  const parsed = parseSelection(text.text);
  if (parsed.kind === "selection") return parsed.selection;
  report("selection-syntax", text.spanMap.toFile(parsed.span), { problem: parsed.problem });
  return byAction;
}

/** A selection expression over an integration's answer; undefined where it is broken. */
export function checkAnswerSelection(
  text: TextValue,
  { report, targets }: Pick<Checking, "report" | "targets">,
): AnswerSelection | undefined {
  const parsed = parseAnswerSelection(text.text);
  if (parsed.kind === "selection") {
    const { selection } = parsed;
    const readsBody = selection.parts.some((part) => typeof part === "object" && part.kind === "body");
    if (readsBody && targets.has("aws")) {
      report("websocket-beyond-aws", text.span, { what: "the choice of a template by the body of an answer" });
    }
    return selection;
  }
  report("selection-syntax", text.spanMap.toFile(parsed.span), { problem: parsed.problem });
  return undefined;
}
