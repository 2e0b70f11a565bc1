import type { Report } from "../../diagnostics/diagnostic.js";
import { lexemesOf } from "./lexemes.js";
import type { Edit, RepairedText } from "./repair.js";

/** CloudFormation's short forms, which look as if they worked here. */
const intrinsics = /^!(?:Ref|Sub|GetAtt|Join|If|FindInMap|ImportValue|Select|Split|Base64|Cidr|Equals|And|Or|Not)$/;

/**
 * What YAML has and this language does not: tags, directives, further documents. Each is reported and blanked out.
 *
 * @returns edits that leave the rest of the text readable
 */
export function removeForbidden({ text, toFile }: RepairedText, report: Report): readonly Edit[] {
  if (!/!|^(?:%|---|\.\.\.)/m.test(text)) return [];
  const edits: Edit[] = [];
  let hasContent = false;
  for (const { kind, source, start, end } of lexemesOf(text)) {
    const span = { start: toFile(start), end: toFile(end) };
    const blank: Edit = { span: { start, end }, text: " ".repeat(end - start) };
    switch (kind) {
      case "tag":
        report("yaml-tag", span, { tag: source, isIntrinsic: intrinsics.test(source) });
        edits.push(blank);
        break;
      case "directive":
        report("yaml-directive", span, undefined);
        edits.push({ ...blank, text: "#".padEnd(end - start) });
        break;
      case "documentStart":
        if (hasContent) {
          report("yaml-documents", span, undefined);
          edits.push({ span: { start, end: text.length }, text: "" });
          return edits;
        }
        break;
      case "space":
      case "newline":
      case "comment":
      case "documentEnd":
        break;
      default:
        hasContent = true;
    }
  }
  return edits;
}
