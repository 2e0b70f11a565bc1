import type { Generator } from "../../src/model/output.js";
import { printJson } from "../emit/stable-json.js";
import { printYaml } from "../emit/stable-yaml.js";
import { planAsyncApi } from "./plan.js";

/** The WebSocket API for people and tools, as AsyncAPI 3. Nothing is written for a file without one. */
export const asyncapi: Generator = {
  name: "asyncapi",
  generate: async (model) => {
    const document = planAsyncApi(model);
    if (document === undefined) return [];
    return [
      { path: "asyncapi.json", content: printJson(document), kind: "generated" },
      { path: "asyncapi.yaml", content: printYaml(document), kind: "generated" },
    ];
  },
};
