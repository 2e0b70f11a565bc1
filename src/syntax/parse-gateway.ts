import type { Report } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source.js";
import type { GatewaySyntax } from "./gateway-syntax.js";
import { gateway } from "./language/gateway.js";
import { ReportBuffer } from "./report-buffer.js";
import type { OneSidedKey } from "./shape/index.js";
import { readYaml } from "./yaml/read-yaml.js";

/**
 * Reads gateway.yaml, whatever it holds: all that is wrong with its text and its shape is reported at once.
 *
 * @returns undefined when the text cannot be read as YAML, or is no map; otherwise what could be read of it
 */
export function parseGateway(source: SourceFile, report: Report): GatewaySyntax | undefined {
  const buffer = new ReportBuffer();
  const tree = readYaml(source, buffer.report);
  const oneSided: OneSidedKey[] = [];
  const notice = (key: OneSidedKey) => oneSided.push(key);
  const syntax = tree && gateway.read(tree, { report: buffer.report, source, owner: undefined, notice });
  buffer.flush(report);
  return syntax && { ...syntax, oneSided };
}
