import { noDocs } from "../../src/model/types.js";
import { docComment } from "../emit/doc-comment.js";
import type { NamedOperation } from "./plan.js";

/** What an editor shows of an operation: its descriptions, its route, and a call. */
export function operationComment(
  { route, summary, description, deprecated }: NamedOperation,
  example: string | undefined,
): string {
  const about = [summary, description].filter((text) => text !== undefined && text !== "");
  const docs = { ...noDocs, description: [...about, `\`${route}\``].join("\n\n"), deprecated };
  return docComment({ docs, tags: example === undefined ? [] : [{ tag: "example", value: example }] }, "");
}
