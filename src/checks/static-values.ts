import type { Node } from "../syntax/gateway-syntax.js";

/** Whether a template has anything for Velocity to do. */
export function isVelocity(template: string): boolean {
  return /[$#\\]/.test(template);
}

/** Whether JSON of the file has expressions in it: texts that begin with `$` and a letter, or hold `${…}`. */
export function holdsExpressions(node: Node): boolean {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string" && /^\$[A-Za-z_]|\$\{/.test(node.text.replaceAll("$$", ""));
    case "list":
      return node.items.some(holdsExpressions);
    case "map":
      return node.entries.some(({ value }) => holdsExpressions(value));
  }
}
