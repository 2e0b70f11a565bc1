import { invariant } from "../../src/invariant.js";
import type { Text } from "../../src/model/expressions.js";
import type { Planned } from "../emit/code-literal.js";

/** A text whose only references are environment variables, as the runtime's `EnvText`. */
export function envText(text: Text): Planned {
  return joined(
    text.parts.map((part) => {
      if (typeof part === "string") return part;
      invariant(part.kind === "env", "a stage variable's value refers to the environment only");
      return { env: part.name };
    }),
  );
}

/** A text over stage variables, environment and path parameters, as the runtime's `TargetText`. */
export function targetText(text: Text): Planned {
  return joined(
    text.parts.map((part) => {
      if (typeof part === "string") return part;
      switch (part.kind) {
        case "env":
          return { env: part.name };
        case "stageVariable":
          return { stageVariable: part.name };
        case "path":
          return { path: part.name };
        default:
          throw new Error(`a target text cannot hold a reference of kind ${part.kind}`);
      }
    }),
  );
}

function joined(parts: readonly (string | { readonly [name: string]: string })[]): Planned {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  return parts.filter((part) => part !== "");
}
