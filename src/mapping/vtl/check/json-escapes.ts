import type { MethodSegment, ReferenceNode, TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import { walkBlock } from "../walk.js";

/**
 * `$util.escapeJavaScript` writes a single quote as `\'`, which no JSON text can hold: inside one, the developer guide
 * takes it back with `.replaceAll("\\'","'")`.
 */
export function checkJsonEscapes(
  tree: TemplateTree,
  { isJson, report }: { readonly isJson?: boolean | undefined; readonly report: Report },
): void {
  if (isJson !== true) return;
  // References stand between texts and leave the place as it is.
  let place: Place = { isInString: false, isEscaped: false };
  walkBlock(tree.body, {
    statement: (node) => {
      if (node.kind === "text") place = placeAfter(node.text, place);
      if (node.kind !== "reference" || !place.isInString) return;
      const call = escapeCall(node);
      if (call !== undefined) report("json-single-quote", call.nameSpan, {});
    },
  });
}

/** Where in JSON a text ends. */
interface Place {
  readonly isInString: boolean;
  /** Whether a backslash stands before. */
  readonly isEscaped: boolean;
}

function placeAfter(text: string, { isInString, isEscaped }: Place): Place {
  let [inside, escaped] = [isInString, isEscaped];
  for (const character of text) {
    if (character === '"' && !escaped) inside = !inside;
    escaped = inside && character === "\\" && !escaped;
  }
  return { isInString: inside, isEscaped: escaped };
}

/** The call whose `\'` reaches the text: nothing behind it replaces any. */
function escapeCall({ name, path }: ReferenceNode): MethodSegment | undefined {
  const [first, ...rest] = path;
  if (name !== "util" || first?.kind !== "method" || first.name !== "escapeJavaScript") return undefined;
  const isMended = rest.some((segment) => segment.kind === "method" && /^replace(?:All)?$/.test(segment.name));
  return isMended ? undefined : first;
}
