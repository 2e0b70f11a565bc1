import type { Report } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source.js";
import type { GatewaySyntax } from "./gateway-syntax.js";
import { gateway } from "./language/gateway.js";
import { readYaml } from "./yaml/read-yaml.js";

/**
 * Reads gateway.yaml, whatever it holds: all that is wrong with its text and its shape is reported at once.
 *
 * @returns undefined when the text cannot be read as YAML, or is no map; otherwise what could be read of it
 */
export function parseGateway(source: SourceFile, report: Report): GatewaySyntax | undefined {
  const tree = readYaml(source, report);
  return tree && gateway.read(tree, { report, source, owner: undefined });
}
