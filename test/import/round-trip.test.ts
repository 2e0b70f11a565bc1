import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printJson } from "../../generators/emit/stable-json.js";
import { printYaml } from "../../generators/emit/stable-yaml.js";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { fixtureNames, root } from "../support/paths.js";
import { comparable, importTexts, modelOf } from "./support.js";

/** Import of an export: what OpenAPI can carry comes back, so that the second export is the first. */
describe("an exported document comes back", () => {
  for (const name of fixtureNames()) {
    if (name.startsWith("errors") || name === "query-errors" || name === "yaml-traps") continue;
    test(name, async () => {
      const model = await modelOf(readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8"));
      const document = planAwsDocument(model);
      const json = await importTexts({ "openapi.json": printJson(document) }, { kind: model.kind });
      const again = await modelOf(json.text ?? "");
      expect(comparable(again), json.text).toEqual(comparable(model));
      const yaml = await importTexts({ "openapi.yaml": printYaml(document) }, { kind: model.kind });
      expect(yaml.text?.replaceAll(/\(openapi\.\w+:\d+\)/g, "")).toBe(
        json.text?.replaceAll(/\(openapi\.\w+:\d+\)/g, ""),
      );
    });
  }
});
