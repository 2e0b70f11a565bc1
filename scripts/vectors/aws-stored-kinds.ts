import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planCloudFormation } from "../../generators/cloudformation/plan.js";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importGateway } from "../../src/import/import-gateway.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { type Data, dataOf } from "./aws-data.js";
import { documentMethods, sorted, storedIntegration } from "./aws-methods.js";
import { modelOfImport } from "./imported-model.js";

/** What AWS stored of one object, and what comes of it when it is imported and written for AWS again. */
interface Compared {
  readonly recorded: JsonValue;
  readonly ours: JsonValue;
}

/** One that nobody gave responses yet gets one, which is not compared; nor is an address that was replaced as a whole. */
async function integration(data: Data): Promise<Compared> {
  const stored = withoutIds(data);
  const responses = Object.values(dataOf(stored["integrationResponses"])).map(dataOf);
  const names = [...JSON.stringify(stored).matchAll(/method\.request\.path\.([\w-]+)/g)].flatMap(
    ([, name]) => name ?? [],
  );
  const path = ["/a", ...[...new Set(names)].map((name) => `{${name}}`)].join("/");
  const isMock = stored["type"] === "MOCK";
  const unsaid = new Set([
    ...(responses.length === 0 ? ["integrationResponses"] : []),
    ...(isMock && !stored["requestTemplates"] ? ["requestTemplates"] : []),
    ...(stored["uri"] === "recorded" ? ["uri"] : []),
  ]);
  const extension = {
    ...stored,
    type: String(stored["type"]).toLowerCase(),
    ...(stored["uri"] === "recorded" && /^HTTP/.test(String(stored["type"])) ? { uri: "http://backend.example/" } : {}),
    requestTemplates: texts(stored["requestTemplates"]),
    responses:
      responses.length === 0
        ? { default: { statusCode: "200" } }
        : Object.fromEntries(
            responses.map((each) => [
              each["selectionPattern"] || "default",
              { ...each, responseTemplates: texts(each["responseTemplates"]) },
            ]),
          ),
  };
  const statuses = responses.length === 0 ? ["200"] : responses.map((each) => String(each["statusCode"]));
  const operation = {
    responses: Object.fromEntries(statuses.map((status) => [status, { description: "" }])),
    "x-amazon-apigateway-integration": extension,
  };
  const made = planAwsDocument(await imported(documentOf({ paths: { [path]: { post: operation } } })));
  const ours = [...documentMethods(made).values()][0];
  const recorded = Object.entries(storedIntegration(stored, stored["integrationResponses"] ?? null)).filter(
    ([name]) => !unsaid.has(name),
  );
  return {
    recorded: Object.fromEntries(recorded.map(([name, value]) => [name, lenient(value)])),
    ours: Object.fromEntries(recorded.map(([name]) => [name, lenient(ours?.[name as keyof typeof ours] ?? null)])),
  };
}

/** API Gateway reads `{statusCode: 200}` as JSON too, and an empty text is none. */
function lenient(value: JsonValue): JsonValue {
  const text = JSON.stringify(value)
    .replaceAll(/"\{\s*statusCode:\s*(\d+)\s*\}"/g, '{"statusCode":$1}')
    .replaceAll(/:""(?=[,}])/g, ":null");
  return JSON.parse(text) as JsonValue;
}

/** Alone: as the only answer of a backend, so that its pattern counts. */
async function integrationResponse(data: Data): Promise<Compared> {
  const whole = {
    ...{ type: "HTTP", httpMethod: "GET", uri: "http://backend.example/", timeoutInMillis: 29_000 },
    passthroughBehavior: "WHEN_NO_MATCH",
    integrationResponses: { [String(data["statusCode"])]: withoutEmpty(data) },
  };
  return integration(whole);
}

async function restApi(data: Data): Promise<Compared> {
  const { minimumCompressionSize, apiKeySource, disableExecuteApiEndpoint, description } = data;
  // What is no media type matches no body: import leaves it out, with a line.
  const all = data["binaryMediaTypes"];
  const binaryMediaTypes = Array.isArray(all) ? all.filter((type) => String(type).includes("/")) : null;
  const { types } = dataOf(data["endpointConfiguration"]);
  const settings = withoutEmpty({ binaryMediaTypes, minimumCompressionSize, description, types });
  const recorded = { ...settings, apiKeySource: apiKeySource ?? null, isClosed: disableExecuteApiEndpoint === true };
  const properties = withoutEmpty({
    BinaryMediaTypes: binaryMediaTypes,
    MinimumCompressionSize: minimumCompressionSize,
    Description: description,
    ApiKeySourceType: apiKeySource,
    DisableExecuteApiEndpoint: disableExecuteApiEndpoint,
    EndpointConfiguration: types === undefined ? null : { Types: types },
    Body: documentOf({}) as JsonValue,
  });
  const gateway = await imported({ Resources: { Api: { Type: "AWS::ApiGateway::RestApi", Properties: properties } } });
  const made = resourceOf(gateway, "AWS::ApiGateway::RestApi");
  const document = planAwsDocument(gateway);
  const ours = {
    ...withoutEmpty({
      binaryMediaTypes: document["x-amazon-apigateway-binary-media-types"],
      minimumCompressionSize: document["x-amazon-apigateway-minimum-compression-size"],
      description: dataOf(document["info"])["description"],
      types: types === undefined ? null : (dataOf(made["EndpointConfiguration"])["Types"] ?? null),
    }),
    apiKeySource: document["x-amazon-apigateway-api-key-source"] ?? "HEADER",
    isClosed: made["DisableExecuteApiEndpoint"] === true,
  };
  return { recorded: recorded as JsonValue, ours: ours as JsonValue };
}

async function key(data: Data): Promise<Compared> {
  const { description, enabled } = data;
  const name = String(data["name"]).replaceAll(/\W/g, "");
  const properties = withoutEmpty({ Name: name, Description: description, Enabled: enabled });
  const template = templateOf({ Key: { Type: "AWS::ApiGateway::ApiKey", Properties: properties } });
  return { recorded: properties, ours: resourceOf(await imported(template), "AWS::ApiGateway::ApiKey") };
}

/** One without templates has AWS's. */
async function gatewayResponse(data: Data): Promise<Compared> {
  const type = String(data["responseType"]);
  const { statusCode, responseParameters, responseTemplates } = data;
  const document = documentOf({
    "x-amazon-apigateway-gateway-responses": {
      [type]: withoutEmpty({ statusCode, responseParameters, responseTemplates: texts(responseTemplates) }),
    },
  });
  const made = dataOf(planAwsDocument(await imported(document)));
  const form = (response: Data): JsonValue => ({
    status: response["statusCode"] === undefined ? null : String(response["statusCode"]),
    headers: sorted(response["responseParameters"]),
    templates: sorted(texts(response["responseTemplates"])) ?? { "application/json": usual },
  });
  const ours = dataOf(dataOf(made["x-amazon-apigateway-gateway-responses"])[type]);
  return { recorded: form(data), ours: form(ours) };
}

const usual = '{"message":$context.error.messageString}';

async function model(data: Data): Promise<Compared> {
  const name = String(data["name"]).replaceAll(/\W/g, "");
  const schema = typeof data["schema"] === "string" ? (JSON.parse(data["schema"]) as JsonValue) : data["schema"];
  const text = JSON.stringify(schema).replaceAll(
    /https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)/g,
    "#/components/schemas/$1",
  );
  const others = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, other]) => [other, { type: "object" }]);
  const schemas = { ...Object.fromEntries(others), [name]: JSON.parse(text) as JsonValue };
  const made = dataOf(planAwsDocument(await imported(documentOf({ components: { schemas } }))));
  return { recorded: schemaForm(schemas[name]), ours: schemaForm(dataOf(dataOf(made["components"])["schemas"])[name]) };
}

/** Without titles; null is one value, whichever keyword says it, and of types that exclude each other one is any. */
function schemaForm(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value))
    return value
      .map((item: JsonValue) => schemaForm(item))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value ?? null;
  const { $schema: _, title: __, ...rest } = value as Data;
  if (rest["type"] === "null") return { enum: [null] };
  const members = Object.entries(rest).map(
    ([name, member]) => [name === "oneOf" ? "anyOf" : name, schemaForm(member)] as const,
  );
  return sorted(Object.fromEntries(members));
}

async function stage(data: Data): Promise<Compared> {
  const settings = Object.entries(dataOf(data["methodSettings"])).map(([key, value]) => {
    const [, path = "", method = ""] = /^(.*)\/(\w+|\*)$/.exec(key) ?? [];
    return { ResourcePath: `/${path}`, HttpMethod: method, ...capitalised(dataOf(value)) };
  });
  const canary = dataOf(data["canarySettings"]);
  const log = dataOf(data["accessLogSettings"]);
  const properties = withoutEmpty({
    RestApiId: { Ref: "Api" },
    StageName: data["stageName"],
    Description: data["description"],
    Variables: data["variables"],
    TracingEnabled: data["tracingEnabled"],
    CacheClusterEnabled: data["cacheClusterEnabled"],
    CacheClusterSize: data["cacheClusterSize"],
    AccessLogSetting: capitalised(log),
    CanarySetting: capitalised(canary),
    MethodSettings: settings,
  });
  const template = templateOf({ Stage: { Type: "AWS::ApiGateway::Stage", Properties: properties } });
  const ours = resourceOf(await imported(template), "AWS::ApiGateway::Stage");
  return { recorded: stageForm(properties), ours: stageForm(ours) };
}

/** What a gateway.yaml says of a stage: not where its log goes, and not which build its canary is. */
function stageForm(properties: Data): JsonValue {
  const canary = dataOf(properties["CanarySetting"]);
  const all = (Array.isArray(properties["MethodSettings"]) ? properties["MethodSettings"] : []).map(dataOf);
  return sorted({
    name: properties["StageName"] ?? null,
    description: properties["Description"] ?? null,
    variables: properties["Variables"] ?? null,
    tracing: properties["TracingEnabled"] === true,
    cache: properties["CacheClusterEnabled"] === true ? String(properties["CacheClusterSize"]) : null,
    log: dataOf(properties["AccessLogSetting"])["Format"] ?? null,
    canary:
      "PercentTraffic" in canary
        ? [canary["PercentTraffic"] ?? 0, sorted(canary["StageVariableOverrides"]), canary["UseStageCache"] === true]
        : null,
    throttle: all.find((each) => each["ResourcePath"] === "/*")?.["ThrottlingRateLimit"] ?? null,
  } as JsonValue);
}

async function plan(data: Data): Promise<Compared> {
  const { name, description, throttle, quota } = data;
  const properties = withoutEmpty({
    UsagePlanName: String(name).replaceAll(/\W/g, ""),
    Description: description,
    Throttle: capitalised(dataOf(throttle)),
    Quota: withoutUsualOffset(capitalised(dataOf(quota))),
  });
  const template = templateOf({ Plan: { Type: "AWS::ApiGateway::UsagePlan", Properties: properties } });
  const { ApiStages: _, ...ours } = resourceOf(await imported(template), "AWS::ApiGateway::UsagePlan");
  return { recorded: sorted(properties), ours: sorted(ours) };
}

/** A quota that begins with its period: nothing said is the same. */
function withoutUsualOffset({ Offset, ...rest }: Data): Data {
  return Offset === undefined || Offset === 0 ? rest : { ...rest, Offset };
}

function resourceOf(gateway: GatewayModel, type: string): Data {
  const resources = Object.values(dataOf(planCloudFormation(gateway).template["Resources"] ?? null)).map(dataOf);
  return dataOf(resources.find((each) => each["Type"] === type)?.["Properties"]);
}

function templateOf(resources: object): object {
  const body = documentOf({});
  return { Resources: { Api: { Type: "AWS::ApiGateway::RestApi", Properties: { Body: body } }, ...resources } };
}

function documentOf(members: object): object {
  const mock = {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode": 200}' },
    responses: { default: { statusCode: "200" } },
  };
  const paths = { "/x": { get: { responses: { 200: { description: "" } }, "x-amazon-apigateway-integration": mock } } };
  return { openapi: "3.0.1", info: { title: "recorded", version: "1" }, paths, ...members };
}

async function imported(document: object): Promise<GatewayModel> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-recorded-"));
  try {
    const path = join(folder, "document.json");
    writeFileSync(path, JSON.stringify(document));
    const { text, rest } = await importGateway(path, {});
    if (text === undefined || rest[0]) throw new Error(rest[0]?.message ?? "nothing was written");
    return await modelOfImport(text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without ids that every method has without anybody's doing. */
function withoutIds(data: Data): Data {
  const { cacheNamespace: _, cacheKeyParameters: __, connectionType, ...rest } = data;
  return connectionType === "VPC_LINK" ? { ...rest, connectionType } : rest;
}

/** Templates that are JSON are recorded parsed. */
function texts(templates: JsonValue | undefined): JsonValue {
  return Object.fromEntries(
    Object.entries(dataOf(templates)).map(([type, value]) => [
      type,
      typeof value === "string" ? value : value === null ? "" : JSON.stringify(value),
    ]),
  );
}

function capitalised(data: Data): Data {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );
}

function withoutEmpty(data: Readonly<Record<string, JsonValue | undefined>>): Data {
  const entries = Object.entries(data).filter(([, value]) => {
    if (value === undefined || value === null) return false;
    return typeof value !== "object" || Object.keys(value).length > 0;
  });
  return Object.fromEntries(entries) as Data;
}

/** How each kind of object is imported, written for AWS again, and compared. */
export const kinds = { integration, integrationResponse, gatewayResponse, model, stage, plan, restApi, key };
