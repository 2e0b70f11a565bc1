import type { PathStep } from "../../src/model/expressions.js";
import type { AnswerSelection, Selection } from "../../src/model/websocket.js";
import { type Planned, printPlanned } from "../emit/code-literal.js";

/** `selection([{ path: ["action"] }])`. */
export function selectionCode({ parts }: Selection): string {
  const planned = parts.map((part) => (typeof part === "string" ? part : { path: part.path.map(stepOf) }));
  return `selection(${printPlanned(planned)})`;
}

/** `answerSelection([{ body: ["kind"] }])`. */
export function answerSelectionCode({ parts }: AnswerSelection): string {
  return `answerSelection(${printPlanned(parts.map((part) => (typeof part === "string" ? part : planPart(part))))})`;
}

function planPart(part: Exclude<AnswerSelection["parts"][number], string>): Planned {
  switch (part.kind) {
    case "status":
      return { status: true };
    case "header":
      return { header: part.name, isWhole: part.isWhole };
    case "body":
      return { body: part.path.map(stepOf) };
    case "message":
      return { message: part.path.map(stepOf) };
  }
}

function stepOf(step: PathStep): string | number {
  switch (step.kind) {
    case "member":
      return step.name;
    case "index":
      return step.index;
    case "items":
      throw new Error("a selection yields one value");
  }
}
