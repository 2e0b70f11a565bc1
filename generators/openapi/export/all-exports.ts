import type { GatewayModel } from "../../../src/model/gateway-model.js";
import type { OutputFile } from "../../../src/model/output.js";
import { type JsonObject, objectOf } from "../../emit/stable-json.js";
import { apiIdOf } from "../../gateway/ids.js";
import { exportDocument } from "./export-document.js";
import type { ExtensionLevel } from "./extension-level.js";

/** In the place of the stage's name: documents of the stages of a build differ in nothing else. */
export const stagePlaceholder = "__gateway_stage__";

const levelSets: readonly (readonly ExtensionLevel[])[] = [
  [],
  ["integrations"],
  ["authorizers"],
  ["authorizers", "integrations"],
  ["apigateway"],
];

/**
 * Every document that GetExport may be asked for, by format and levels of extensions (`swagger authorizers,integrations`,
 * `oas30`), for a gateway that exports without its generators.
 *
 * @param isForAws  whether the model has been checked for API Gateway; else there are documents for consumers alone
 */
export function allExports(model: GatewayModel, isForAws: boolean): JsonObject {
  const sets = levelSets.filter((levels) => isForAws || levels.length === 0);
  const entries = (["oas30", "swagger"] as const).flatMap((format) =>
    sets
      .filter((levels) => format === "oas30" || model.kind === "rest" || levels.length === 0)
      .map((levels) => {
        const wish = { stage: stagePlaceholder, format, levels: new Set(levels), apiId: apiIdOf(model.name) };
        return [`${format} ${levels.join(",")}`.trim(), exportDocument(model, wish)] as const;
      }),
  );
  return objectOf(entries);
}

/** The same as the file beside a gateway, where its admin port reads it. */
export function exportsFile(model: GatewayModel, isForAws: boolean): OutputFile {
  return { path: "gateway/exports.json", kind: "generated", content: printExports(model, isForAws) };
}

/** The same as a text. */
export function printExports(model: GatewayModel, isForAws: boolean): string {
  return `${JSON.stringify(allExports(model, isForAws))}\n`;
}
