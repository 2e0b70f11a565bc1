import type { OutputFile } from "../../src/model/output.js";
import type { JsonValue } from "../../src/model/types.js";
import { printJson } from "../emit/stable-json.js";
import { printYaml } from "../emit/stable-yaml.js";
import type { OpenApiPlan } from "./plan.js";

/** Each document twice, as JSON and as YAML: the same data. */
export function printOpenApi(plan: OpenApiPlan): readonly OutputFile[] {
  return [...printDocument("openapi", plan.aws), ...printDocument("openapi.clean", plan.clean)];
}

function printDocument(name: string, document: JsonValue): readonly OutputFile[] {
  return [
    { path: `${name}.json`, content: printJson(document), kind: "generated" },
    { path: `${name}.yaml`, content: printYaml(document), kind: "generated" },
  ];
}
