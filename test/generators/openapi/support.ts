import SwaggerParser from "@apidevtools/swagger-parser";
import { parse } from "yaml";
import { openapi } from "../../../generators/openapi/index.js";
import { planAwsDocument } from "../../../generators/openapi/plan-aws.js";
import { planCleanDocument } from "../../../generators/openapi/plan-clean.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import type { Route } from "../../../src/model/routes.js";
import { gatewayModel, route } from "../../support/model.js";

export const integrationKey = "x-amazon-apigateway-integration";

/** What stands in a document under these keys; undefined when it is not there. */
export function at(document: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], document);
}

/** The document for API Gateway, as a reader of its JSON has it. */
export function awsDocument(model: GatewayModel): unknown {
  return JSON.parse(JSON.stringify(planAwsDocument(model)));
}

export function cleanDocument(model: GatewayModel): unknown {
  return JSON.parse(JSON.stringify(planCleanDocument(model)));
}

/** The operation on AWS of a gateway with this one route. */
export function awsOperation(key: string, overrides: Partial<Route>, gateway: Partial<GatewayModel> = {}): unknown {
  const only = route(key, overrides);
  const document = awsDocument(gatewayModel({ ...gateway, routes: [only] }));
  const path = only.path.text === "$default" ? "/$default" : only.path.text;
  return at(
    document,
    "paths",
    path,
    only.method === "ANY" ? "x-amazon-apigateway-any-method" : only.method.toLowerCase(),
  );
}

export function awsIntegration(key: string, overrides: Partial<Route>, gateway: Partial<GatewayModel> = {}): unknown {
  return at(awsOperation(key, overrides, gateway), integrationKey);
}

/** All four files by name; throws when one is no valid OpenAPI or a pair differs. */
export async function validFiles(model: GatewayModel): Promise<Record<string, string>> {
  const files = await openapi.generate(model, { projectDir: "/nowhere", outDir: "/nowhere" });
  const byName = Object.fromEntries(files.map((file) => [file.path, String(file.content)]));
  for (const name of ["openapi", "openapi.clean"]) {
    const data = JSON.parse(byName[`${name}.json`] ?? "");
    const same = JSON.stringify(parse(byName[`${name}.yaml`] ?? "", { maxAliasCount: 0 }));
    if (same !== JSON.stringify(data)) throw new Error(`${name}.yaml is not the data of ${name}.json`);
    await SwaggerParser.validate(data, { resolve: { external: false } });
  }
  return byName;
}
