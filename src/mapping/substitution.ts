/** One piece of a gateway response's template. Names are as written, without the `$`. */
export type SubstitutionPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "context"; readonly name: string }
  | { readonly kind: "stageVariable"; readonly name: string }
  | { readonly kind: "parameter"; readonly in: "header" | "querystring" | "path"; readonly name: string };

const reference =
  /\$(?:context\.([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)|stageVariables\.(\w+)|\{stageVariables\.(\w+)\}|method\.request\.(header|querystring|path)\.([\w.-]*[\w-]))/g;

/**
 * Takes the template of a gateway response apart. Only references to `$context`, `$stageVariables` and
 * `$method.request.*` are replaced; every other character, a lone `$` included, stays (aws-behaviour.md section 16).
 */
export function parseSubstitution(template: string): readonly SubstitutionPiece[] {
  const pieces: SubstitutionPiece[] = [];
  let at = 0;
  for (const match of template.matchAll(reference)) {
    if (match.index > at) pieces.push({ kind: "text", text: template.slice(at, match.index) });
    pieces.push(pieceOf(match));
    at = match.index + match[0].length;
  }
  if (at < template.length) pieces.push({ kind: "text", text: template.slice(at) });
  return pieces;
}

function pieceOf([, context, dotted, braced, where, name]: RegExpMatchArray): SubstitutionPiece {
  if (context !== undefined) return { kind: "context", name: context };
  if (where !== undefined) {
    return { kind: "parameter", in: where as "header" | "querystring" | "path", name: name ?? "" };
  }
  return { kind: "stageVariable", name: dotted ?? braced ?? "" };
}
