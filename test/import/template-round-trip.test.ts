import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planCloudFormation } from "../../generators/cloudformation/plan.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { fixtureNames, root } from "../support/paths.js";
import { importTexts, modelOf } from "./support.js";

/** Import of a template that a build made: what a template can carry comes back, so that the second template is the first. */
describe("a template comes back", () => {
  for (const name of fixtureNames()) {
    if (name.startsWith("errors") || name === "query-errors" || name === "yaml-traps") continue;
    test(name, async () => {
      const model = await modelOf(readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8"));
      const { template, body } = planCloudFormation(model);
      expect(body).toBeUndefined();
      const { text = "", rest } = await importTexts({ "template.json": JSON.stringify(template) });
      expect(rest).toEqual([]);
      expect(comparable(await modelOf(text)), text).toEqual(comparable(model));
    });
  }
});

/** The template without what only its order changes: ids of deployments, numbers in the ids of responses, order of lists that are sets. */
function comparable(model: GatewayModel): JsonValue {
  const { Parameters = {}, Conditions = {}, Resources } = planCloudFormation(model).template;
  const text = JSON.stringify({ Parameters, Conditions, Resources }).replaceAll(/(Deployment)[0-9A-F]{10}/g, "$1");
  const made = JSON.parse(text) as { readonly Resources: Record<string, JsonValue> };
  const named = (id: string) =>
    id.replace(/Response(?:\d+|Default)$/, () => `Response${responseKey(made.Resources[id] ?? {})}`);
  const resources = Object.entries(made.Resources).map(([id, resource]) => {
    const { DependsOn, ...rest } = resource as { readonly DependsOn?: readonly string[] };
    return [named(id), { ...rest, ...(DependsOn && { DependsOn: DependsOn.map(named) }) }];
  });
  return sorted({ ...made, Resources: Object.fromEntries(resources) });
}

function responseKey(resource: JsonValue): string {
  const { Properties } = resource as { readonly Properties: Readonly<Record<string, JsonValue>> };
  return String(Properties["IntegrationResponseKey"]);
}

const sets = new Set(["MethodSettings", "Statement", "Origins", "DependsOn"]);

function sorted(value: JsonValue, name = ""): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => sorted(item));
    const byText = (one: JsonValue, other: JsonValue) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
    return sets.has(name) ? items.sort(byText) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sorted(member as JsonValue, key)]));
}
