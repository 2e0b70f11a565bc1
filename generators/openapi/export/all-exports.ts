import type { GatewayModel } from "../../../src/model/gateway-model.js";
import type { OutputFile } from "../../../src/model/output.js";
import { type JsonObject, objectOf } from "../../emit/stable-json.js";
import { apiIdOf } from "../../gateway/ids.js";
import { exportDocument } from "./export-document.js";
import { socketExport } from "./socket-export.js";

/** In the place of the stage's name: documents of the stages of a build differ in nothing else. */
export const stagePlaceholder = "__gateway_stage__";

/**
 * The documents that any answer to GetExport is cut from, by format and levels of extensions (`swagger apigateway`,
 * `oas30`), for a gateway that exports without its generators. Documents with some of the extensions are those with all,
 * less some (runtime/admin/extension-level.ts).
 *
 * @param isForAws  whether the model has been checked for API Gateway; else there are documents for consumers alone
 */
function allExports(model: GatewayModel, isForAws: boolean): JsonObject {
  const entries = (["oas30", "swagger"] as const).flatMap((format) => {
    const isWhole = isForAws && (format === "oas30" || model.kind === "rest");
    return (isWhole ? [[], ["apigateway" as const]] : [[]]).map((levels) => {
      const wish = { stage: stagePlaceholder, format, levels: new Set(levels), apiId: apiIdOf(model.name) };
      return [[format, ...levels].join(" "), exportDocument(model, wish)] as const;
    });
  });
  const socket = isForAws && model.websocket ? [["websocket apigateway", socketExport(model, model.websocket)]] : [];
  return objectOf([...entries, ...socket] as typeof entries);
}

/** The same as the file beside a gateway, where its admin port reads it. */
export function exportsFile(model: GatewayModel, isForAws: boolean): OutputFile {
  return { path: "gateway/exports.json", kind: "generated", content: printExports(model, isForAws) };
}

/** The same as a text. */
export function printExports(model: GatewayModel, isForAws: boolean): string {
  return `${JSON.stringify(allExports(model, isForAws))}\n`;
}
