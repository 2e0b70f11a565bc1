import type { GatewayModel } from "../../src/model/gateway-model.js";
import { type JsonObject, jsonObject } from "../emit/stable-json.js";

/** Info object; `version` as the file has it, so that `1.10` does not become `1.1`. */
export function planInfo(model: GatewayModel): JsonObject {
  return jsonObject({
    title: model.name,
    description: model.description,
    license: model.license === undefined ? undefined : { name: model.license },
    version: model.version,
  });
}
