import type { Report } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source.js";
import type { GatewaySyntax } from "./gateway-syntax.js";
import { gateway } from "./language/gateway.js";
import { readYaml } from "./yaml/read-yaml.js";

/** More mistakes than anybody reads, from a file that is something else. */
const maxMistakes = 1000;

/**
 * Reads gateway.yaml, whatever it holds: all that is wrong with its text and its shape is reported at once.
 *
 * @returns undefined when the text cannot be read as YAML, or is no map; otherwise what could be read of it
 */
export function parseGateway(source: SourceFile, report: Report): GatewaySyntax | undefined {
  const limited = limitedReport(report);
  const tree = readYaml(source, limited);
  return tree && gateway.read(tree, { report: limited, source, owner: undefined });
}

function limitedReport(report: Report): Report {
  let left = maxMistakes;
  return (code, span, params, extras) => {
    if (left > 0) report(code, span, params, extras);
    else if (left === 0) report("too-many-mistakes", span, { limit: maxMistakes });
    left--;
  };
}
