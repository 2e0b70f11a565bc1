import { SourceFile } from "../../source.js";
import type { ImportedFile } from "../documents.js";
import { JsonProblem, readJson } from "../read-json.js";
import type { ScalarTree, Tree } from "../tree.js";

/** JSON that a template holds as a text; every value of it has the place of that text. */
export function readJsonText(text: ScalarTree): Tree | undefined {
  const inner = { ...text.file, source: new SourceFile(text.file.source.path, text.text) } as ImportedFile;
  try {
    return placed(readJson(inner), text);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    text.file.report("import-syntax", text.span, { language: "JSON", problem: error.problem });
    return undefined;
  }
}

function placed(tree: Tree, { span, file }: ScalarTree): Tree {
  switch (tree.kind) {
    case "scalar":
      return { ...tree, span, file };
    case "list":
      return {
        ...tree,
        span,
        file,
        items: tree.items.map((item) => placed(item, { ...tree, span, file } as unknown as ScalarTree)),
      };
    case "map": {
      const at = { ...tree, span, file } as unknown as ScalarTree;
      const members = [...tree.members].map(
        ([name, member]) => [name, { ...member, nameSpan: span, value: placed(member.value, at) }] as const,
      );
      return { ...tree, span, file, members: new Map(members) };
    }
  }
}
