import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateStageCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteDeploymentCommand,
  DeleteModelCommand,
  DeleteStageCommand,
  FlushStageAuthorizersCacheCommand,
  FlushStageCacheCommand,
  GetAccountCommand,
  GetApiKeysCommand,
  GetBasePathMappingsCommand,
  GetDeploymentCommand,
  GetDeploymentsCommand,
  GetDomainNamesCommand,
  GetExportCommand,
  GetModelCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetSdkCommand,
  GetStageCommand,
  GetStagesCommand,
  GetUsageCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlansCommand,
  GetVpcLinkCommand,
  ImportApiKeysCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateApiKeyCommand,
  UpdateMethodCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
  UpdateUsageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printExports } from "../../../generators/openapi/export/all-exports.js";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import { exportFromFile } from "../../../runtime/admin/export-from-file.js";
import { systemClock } from "../../../runtime/clock.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { modelOf } from "../../support/diagnose.js";
import { root } from "../../support/paths.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: shop
version: 1.0.0
domains:
  api.example.com: { paths: { v1: dev, v2: live } }
  www.example.com: { paths: { "": live } }
models: |
  /** One of many. */
  interface Pet { name: string; owner?: Owner }
  interface Owner { name: string }
stages:
  dev:
    variables: { colour: blue }
    cache: { size: 0.5, ttl: 60 }
  live: { log: info, variables: { colour: black } }
keys:
  reader: { plan: basic, value: "a-key-of-the-file-0123456789" }
plans:
  basic: { stages: [dev], quota: { limit: 5, period: day } }
  wider: { stages: [live, dev] }
routes:
  GET /colour: { mock: { colour: $stageVariables.colour }, cache: false }
  GET /pets/{id}: { mock: { pet: 1 }, params: { id: string }, cache: false }
  PUT /pets/{id}: { mock: { ok: true }, params: { id: string }, body: Pet }
  GET /closed: { apiKey: true, mock: { ok: true }, cache: false }
`;

let gateway: YamlGateway;
let port: AdminPort;
let client: APIGatewayClient;
let apiId: string;

const folder = mkdtempSync(join(tmpdir(), "gateway-control-"));

beforeAll(async () => {
  writeFileSync(join(folder, "exports.json"), printExports(await modelOf(yaml.replace(/^keys:\n.*\n/m, "")), true));
  const measures = new Measures();
  const admin = administer({
    ...{ port: 0, host: "127.0.0.1", environment: {}, measures },
    exportApi: (wish) => {
      const { format, extensions, notation } = wish;
      if (format === "swagger") return exportFromFile(join(folder, "exports.json"), wish);
      const body = Buffer.from(JSON.stringify({ format, extensions, notation }));
      return { contentType: "application/json", fileName: "api.json", body };
    },
  });
  const observer = { answered: (x: Parameters<Measures["add"]>[0]) => measures.add(x), close: async () => undefined };
  gateway = await yamlGateway(yaml, { observers: [observer, admin.requests], clock: systemClock });
  port = await admin.open(() => gateway);
  client = new APIGatewayClient({
    ...{ endpoint: port.url, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  apiId = (await client.send(new GetRestApisCommand({}))).items?.[0]?.id ?? "";
}, 60_000);

afterAll(async () => {
  client.destroy();
  await port.close();
  await gateway.close({ drainMs: 0 });
  gateway.remove();
  rmSync(folder, { recursive: true, force: true });
});

const stage = (patchOperations: ConstructorParameters<typeof UpdateStageCommand>[0]["patchOperations"]) =>
  client.send(new UpdateStageCommand({ restApiId: apiId, stageName: "dev", patchOperations }));

test("APIs, resources and stages are told as AWS tells them", async () => {
  expect(await client.send(new GetRestApiCommand({ restApiId: apiId }))).toMatchObject({
    id: apiId,
    name: "shop",
    apiKeySource: "HEADER",
  });
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId: apiId, embed: ["methods"] }));
  const root = items.find(({ path }) => path === "/");
  const pets = items.find(({ path }) => path === "/pets");
  expect(pets).toEqual({
    id: expect.stringMatching(/^[a-z0-9]{6}$/),
    parentId: root?.id,
    path: "/pets",
    pathPart: "pets",
  });
  expect(items.find(({ path }) => path === "/pets/{id}")).toMatchObject({
    ...{ parentId: pets?.id, pathPart: "{id}" },
    resourceMethods: {
      GET: { httpMethod: "GET", authorizationType: "NONE", apiKeyRequired: false, methodIntegration: { type: "MOCK" } },
    },
  });
  const { item = [] } = await client.send(new GetStagesCommand({ restApiId: apiId }));
  expect(item.map(({ stageName }) => stageName)).toEqual(["dev", "live"]);
  expect(item[0]).toMatchObject({
    ...{ cacheClusterEnabled: true, cacheClusterSize: "0.5", tracingEnabled: false, variables: { colour: "blue" } },
    methodSettings: { "*/*": { loggingLevel: "ERROR", cacheTtlInSeconds: 60 } },
  });
  expect(item[0]?.createdDate).toBeInstanceOf(Date);
  expect(await client.send(new GetAccountCommand({}))).toMatchObject({ throttleSettings: { rateLimit: 10_000 } });
});

test("what is not there, or not here, is NotFoundException", async () => {
  const missing = new GetStageCommand({ restApiId: apiId, stageName: "prod" });
  await expect(client.send(missing)).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid stage identifier specified",
  });
  await expect(client.send(new GetVpcLinkCommand({ vpcLinkId: "none" }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

test("what designs an API is refused: in AWS's words where AWS refuses it, else with the place to change", async () => {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId: apiId }));
  const idOf = (path: string) => items.find((item) => item.path === path)?.id;
  const create = (parent: string, pathPart: string) =>
    client.send(new CreateResourceCommand({ restApiId: apiId, parentId: idOf(parent), pathPart }));
  await expect(create("/pets", "{other}")).rejects.toMatchObject({
    name: "BadRequestException",
    message: "A sibling ({id}) of this resource already has a variable path part -- only one is allowed",
  });
  await expect(create("/", "pets")).rejects.toMatchObject({
    name: "ConflictException",
    message: "Another resource with the same parent already has this name: pets",
  });
  await expect(create("/", "new")).rejects.toThrow("gateway.yaml");
  const put = (uri: string) => {
    const place = { restApiId: apiId, resourceId: idOf("/pets/{id}"), httpMethod: "GET" };
    return client.send(
      new PutIntegrationCommand({
        ...place,
        ...{ type: "HTTP", integrationHttpMethod: "GET", uri },
        requestParameters: { "integration.request.path.id": "method.request.path.id" },
      }),
    );
  };
  await expect(put("nowhere")).rejects.toThrow("Invalid HTTP endpoint specified for URI");
  await expect(put("https://example.com/{id}")).rejects.toThrow("gateway.yaml");
  const method = { restApiId: apiId, resourceId: idOf("/pets"), httpMethod: "PUT", authorizationType: "CUSTOM" };
  await expect(client.send(new PutMethodCommand(method))).rejects.toThrow("Invalid authorizer ID specified.");
  const response = { restApiId: apiId, responseType: "FAKE" as "DEFAULT_4XX" };
  await expect(client.send(new PutGatewayResponseCommand(response))).rejects.toThrow(
    "1 validation error detected: Value 'FAKE' at 'responseType'",
  );
});

test("changes of what is designed are refused the same way", async () => {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId: apiId }));
  const idOf = (path: string) => items.find((item) => item.path === path)?.id ?? "";
  const patch = (path: string) => ({ patchOperations: [{ op: "replace" as const, path, value: "x" }] });
  const api = { restApiId: apiId };
  const root = { ...api, resourceId: idOf("/") };
  await expect(client.send(new UpdateResourceCommand({ ...root, ...patch("/pathPart") }))).rejects.toThrow(
    "Root resource cannot update its pathPart.",
  );
  const method = { ...api, resourceId: idOf("/colour"), httpMethod: "GET" };
  await expect(client.send(new UpdateMethodCommand({ ...method, ...patch("/httpMethod") }))).rejects.toThrow(
    "Invalid patch path /httpMethod",
  );
  await expect(client.send(new UpdateMethodCommand({ ...method, ...patch("/apiKeyRequired") }))).rejects.toThrow(
    "gateway.yaml",
  );
  await expect(client.send(new UpdateRestApiCommand({ ...api, ...patch("/minimumCompressionSize") }))).rejects.toThrow(
    "Invalid minimum compression size",
  );
  await expect(client.send(new DeleteModelCommand({ ...api, modelName: "Nope" }))).rejects.toThrow(
    "Invalid model name specified: Nope",
  );
  const stages = new CreateStageCommand({ ...api, stageName: "dev", deploymentId: "x" });
  await expect(client.send(stages)).rejects.toThrow("Stage already exists");
  const nowhere = new CreateAuthorizerCommand({ restApiId: "none", name: "a", type: "TOKEN" });
  await expect(client.send(nowhere)).rejects.toThrow("Unable to complete operation due to concurrent modification.");
});

test("a stage's variables and settings change between two requests", async () => {
  const changed = await stage([
    { op: "replace", path: "/variables/colour", value: "green" },
    { op: "replace", path: "/*/*/logging/loglevel", value: "INFO" },
    { op: "replace", path: "/*/*/throttling/rateLimit", value: "7" },
    { op: "replace", path: "/*/*/caching/ttlInSeconds", value: "0" },
  ]);
  expect(changed).toMatchObject({
    variables: { colour: "green" },
    methodSettings: { "*/*": { loggingLevel: "INFO", throttlingRateLimit: 7, cacheTtlInSeconds: 0 } },
  });
  expect((await gateway.ask("GET /dev/colour")).json.colour).toBe("green");
  await expect(stage([{ op: "replace", path: "/variables/colour", value: "two words" }])).rejects.toMatchObject({
    name: "BadRequestException",
  });
  await expect(stage([{ op: "replace", path: "/nonsense", value: "1" }])).rejects.toThrow(
    "Invalid method setting path: /nonsense",
  );
  expect((await gateway.ask("GET /dev/colour")).json.colour).toBe("green");
});

test("a canary begins, changes and is promoted by patch operations", async () => {
  const begun = await stage([
    { op: "replace", path: "/canarySettings/percentTraffic", value: "100" },
    { op: "replace", path: "/canarySettings/stageVariableOverrides/colour", value: "red" },
  ]);
  expect(begun.canarySettings).toMatchObject({
    percentTraffic: 100,
    stageVariableOverrides: { colour: "red" },
    useStageCache: false,
  });
  expect((await gateway.ask("GET /dev/colour")).json.colour).toBe("red");
  const promoted = await stage([
    { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
    { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
    { op: "remove", path: "/canarySettings" },
  ]);
  expect(promoted.canarySettings).toBeUndefined();
  expect(promoted.variables).toEqual({ colour: "red" });
  expect((await gateway.ask("GET /dev/colour")).json.colour).toBe("red");
  await expect(stage([{ op: "replace", path: "/deploymentId", value: "nope" }])).rejects.toThrow(
    "Deployment id does not exist",
  );
});

test("deployments of one build, flushes, and the export", async () => {
  const { items = [] } = await client.send(new GetDeploymentsCommand({ restApiId: apiId }));
  expect(items).toHaveLength(1);
  expect(await client.send(new GetDeploymentCommand({ restApiId: apiId, deploymentId: items[0]?.id }))).toMatchObject({
    id: items[0]?.id,
  });
  await expect(client.send(new CreateDeploymentCommand({ restApiId: apiId }))).rejects.toThrow(
    "gateway serve follows deployments",
  );
  const place = { restApiId: apiId, stageName: "dev" };
  expect((await client.send(new FlushStageCacheCommand(place))).$metadata.httpStatusCode).toBe(202);
  expect((await client.send(new FlushStageAuthorizersCacheCommand(place))).$metadata.httpStatusCode).toBe(202);
  const wish = { ...place, exportType: "oas30", parameters: { extensions: "apigateway" }, accepts: "application/json" };
  const exported = await client.send(new GetExportCommand(wish));
  expect(exported.contentType).toBe("application/json");
  expect(JSON.parse(Buffer.from(exported.body ?? []).toString())).toEqual({
    ...{ format: "oas30", extensions: ["apigateway"], notation: "json" },
  });
  await expect(client.send(new GetExportCommand({ ...wish, exportType: "raml" }))).rejects.toThrow(
    "Invalid export type: raml",
  );
  await expect(client.send(new GetExportCommand({ ...wish, parameters: { extensions: "all" } }))).rejects.toThrow(
    "Invalid extensions: all",
  );
  await expect(client.send(new GetExportCommand({ ...wish, exportType: "postman" }))).rejects.toThrow(
    "gateway export --format postman",
  );
  const bodyFor = async (extensions: string) =>
    Buffer.from(
      (await client.send(new GetExportCommand({ ...wish, parameters: { extensions } }))).body ?? "",
    ).toString();
  expect(await bodyFor("postman")).toBe(await bodyFor("none"));
  expect(await bodyFor("postman,authorizers")).toBe(await bodyFor("authorizers"));
});

test("models are told with their schemas, custom domains with their base paths", async () => {
  const { items = [] } = await client.send(new GetModelsCommand({ restApiId: apiId }));
  expect(items.map(({ name }) => name)).toEqual(["Owner", "Pet"]);
  expect(items[1]).toMatchObject({ description: "One of many.", contentType: "application/json" });
  expect(JSON.parse(items[1]?.schema ?? "")).toMatchObject({
    type: "object",
    properties: { owner: { $ref: `https://apigateway.amazonaws.com/restapis/${apiId}/models/Owner` } },
  });
  const flat = await client.send(new GetModelCommand({ restApiId: apiId, modelName: "Pet", flatten: true }));
  expect(JSON.parse(flat.schema ?? "")).toMatchObject({
    properties: { owner: { $ref: "#/definitions/Owner" } },
    definitions: { Owner: { properties: { name: { type: "string" } } } },
  });
  await expect(client.send(new GetModelCommand({ restApiId: apiId, modelName: "Cat" }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid model name specified: Cat",
  });
  await expect(client.send(new DeleteModelCommand({ restApiId: apiId, modelName: "Pet" }))).rejects.toThrow(
    "gateway.yaml",
  );
  const domains = await client.send(new GetDomainNamesCommand({}));
  expect(domains.items?.map(({ domainName, domainNameStatus }) => [domainName, domainNameStatus])).toEqual([
    ["api.example.com", "AVAILABLE"],
    ["www.example.com", "AVAILABLE"],
  ]);
  const mappings = async (domainName: string) =>
    (await client.send(new GetBasePathMappingsCommand({ domainName }))).items;
  expect(await mappings("api.example.com")).toEqual([
    { basePath: "v1", restApiId: apiId, stage: "dev" },
    { basePath: "v2", restApiId: apiId, stage: "live" },
  ]);
  expect(await mappings("www.example.com")).toEqual([{ basePath: "(none)", restApiId: apiId, stage: "live" }]);
  await expect(mappings("other.example.com")).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid domain name identifier specified",
  });
});

test("what is an output of the build, or would take away what is served, is refused with what to do", async () => {
  const place = { restApiId: apiId, stageName: "dev" };
  await expect(client.send(new GetSdkCommand({ ...place, sdkType: "java" }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: expect.stringContaining("gateway build"),
  });
  await expect(client.send(new DeleteStageCommand(place))).rejects.toMatchObject({
    name: "BadRequestException",
    message: expect.stringContaining("gateway.yaml"),
  });
  await expect(client.send(new DeleteStageCommand({ ...place, stageName: "none" }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: "Invalid stage identifier specified",
  });
  const { deploymentId } = await client.send(new GetStageCommand(place));
  await expect(client.send(new DeleteDeploymentCommand({ restApiId: apiId, deploymentId }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Active stages pointing to this deployment must be moved or deleted",
  });
  await expect(
    client.send(new DeleteDeploymentCommand({ restApiId: apiId, deploymentId: "none" })),
  ).rejects.toMatchObject({ name: "NotFoundException", message: "Invalid Deployment identifier specified" });
});

test("a created key opens the routes of the plan that it is put into, and its use is told", async () => {
  await expect(client.send(new CreateApiKeyCommand({ value: "short" }))).rejects.toThrow(
    "API Key value should be at least 20 characters",
  );
  const key = await client.send(new CreateApiKeyCommand({ name: "mobile", enabled: true }));
  const plan = (await client.send(new GetUsagePlansCommand({}))).items?.[0];
  const { items: none } = await client.send(new GetUsagePlansCommand({ keyId: "of-no-plan" }));
  expect(none).toEqual([]);
  expect(plan).toMatchObject({
    name: "basic",
    apiStages: [{ apiId, stage: "dev" }],
    quota: { limit: 5, period: "DAY" },
  });
  const ask = () => gateway.ask("GET /dev/closed", undefined, ["x-api-key", key.value ?? ""]);
  expect((await ask()).status).toBe(403);
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId: plan?.id, keyId: key.id, keyType: "API_KEY" }));
  expect((await ask()).status).toBe(200);
  const wider = (await client.send(new GetUsagePlansCommand({}))).items?.[1];
  await expect(
    client.send(new CreateUsagePlanKeyCommand({ usagePlanId: wider?.id, keyId: key.id, keyType: "API_KEY" })),
  ).rejects.toMatchObject({ name: "ConflictException" });
  const today = new Date().toISOString().slice(0, 10);
  const usage = await client.send(new GetUsageCommand({ usagePlanId: plan?.id, startDate: today, endDate: today }));
  expect(usage.items).toEqual({ [key.id ?? ""]: [[1, 4]] });
  const off = [{ op: "replace" as const, path: "/enabled", value: "false" }];
  await client.send(new UpdateApiKeyCommand({ apiKey: key.id, patchOperations: off }));
  expect((await ask()).status).toBe(403);
  const { items = [] } = await client.send(new GetApiKeysCommand({ includeValues: true }));
  expect(items.map(({ name }) => name)).toEqual(["reader", "mobile"]);
  expect(JSON.stringify(items)).not.toContain(key.value);
  expect(await client.send(new GetUsagePlanKeyCommand({ usagePlanId: plan?.id, keyId: key.id }))).toMatchObject({
    ...{ id: key.id, type: "API_KEY", name: "mobile" },
  });
  const patchOperations = [{ op: "replace" as const, path: "/remaining", value: "0" }];
  const spent = await client.send(new UpdateUsageCommand({ usagePlanId: plan?.id, keyId: key.id, patchOperations }));
  expect(spent.items).toEqual({ [key.id ?? ""]: [[1, 0]] });
  const unlimited = new UpdateUsageCommand({ usagePlanId: wider?.id, keyId: key.id, patchOperations });
  await expect(client.send(unlimited)).rejects.toMatchObject({ name: "NotFoundException" });
  await client.send(new DeleteApiKeyCommand({ apiKey: key.id }));
  const declared = new DeleteApiKeyCommand({ apiKey: items[0]?.id });
  await expect(client.send(declared)).rejects.toThrow("stands in gateway.yaml");
});

test("keys are imported from AWS's file format, with a warning for what cannot be read", async () => {
  const value = "a-key-that-was-imported-0123";
  const csv = `Name,Key,Enabled,UsagePlanIds\nimported,${value},true,"basic,gone"\nshort,abc,true,basic\n`;
  const wish = { format: "csv", body: Buffer.from(csv) } as const;
  await expect(client.send(new ImportApiKeysCommand({ ...wish, failOnWarnings: true }))).rejects.toThrow("line 3");
  expect((await gateway.ask("GET /dev/closed", undefined, ["x-api-key", value])).status).toBe(403);
  const { ids = [], warnings = [] } = await client.send(new ImportApiKeysCommand(wish));
  expect([ids.length, warnings.length, JSON.stringify(warnings)]).toEqual([1, 2, expect.not.stringContaining(value)]);
  expect((await gateway.ask("GET /dev/closed", undefined, ["x-api-key", value])).status).toBe(200);
  await client.send(new DeleteApiKeyCommand({ apiKey: ids[0] }));
});

test("health, metrics by name, and nothing for other hosts, origins and long bodies", async () => {
  expect((await fetch(`${port.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${port.url}/health/ready`)).status).toBe(200);
  expect(await (await fetch(`${port.url}/metrics`)).text()).toContain(
    'apigateway_count_total{api="shop",stage="dev",canary="false"}',
  );
  expect((await fetch(`${port.url}/restapis`, { headers: { origin: "http://evil.example" } })).status).toBe(403);
  const { status } = await raw("GET /restapis HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  expect(status).toBe(403);
  const long = await fetch(`${port.url}/apikeys`, { method: "POST", body: "x".repeat(11 * 1024 * 1024) }).catch(
    () => undefined,
  );
  expect(long?.status ?? 413).toBe(413);
});

test("other addresses need a token, and then everybody needs it", async () => {
  const options = { port: 0, host: "0.0.0.0", measures: undefined };
  await expect(administer({ ...options, environment: {} }).open(() => gateway)).rejects.toThrow("GATEWAY_ADMIN_TOKEN");
  const environment = { GATEWAY_ADMIN_TOKEN: "0123456789abcdef0123" };
  const open = await administer({ ...options, environment }).open(() => gateway);
  const url = open.url.replace("0.0.0.0", "127.0.0.1");
  const status = async (authorization: string) =>
    (await fetch(`${url}/restapis`, { headers: { authorization } })).status;
  expect([await status("Bearer wrong"), await status("Bearer 0123456789abcdef0123")]).toEqual([401, 200]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  // An unchanged client of AWS shows it as its session token.
  const apisWith = async (sessionToken?: string) => {
    const credentials = { accessKeyId: "any", secretAccessKey: "any", ...(sessionToken && { sessionToken }) };
    const other = new APIGatewayClient({ endpoint: url, region: "eu-west-1", maxAttempts: 1, credentials });
    return other.send(new GetRestApisCommand({})).finally(() => other.destroy());
  };
  expect((await apisWith("0123456789abcdef0123")).items?.[0]?.id).toBe(apiId);
  for (const wrong of [undefined, "0123456789abcdef012"])
    await expect(apisWith(wrong)).rejects.toMatchObject({ name: "UnauthorizedException" });
  await open.close();
});

const aws = [process.env["GATEWAY_PYTHON"] ?? "", join(root, ".cache/python")]
  .flatMap((place) => [join(place, "bin", "aws"), join(dirname(place), "aws")])
  .find((path) => existsSync(path));

test.skipIf(aws === undefined && !process.env["CI"])(
  "the AWS command line works unchanged",
  async () => {
    const environment = {
      ...process.env,
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_PAGER: "",
    };
    const run = async (...args: string[]) =>
      (
        await promisify(execFile)(
          aws as string,
          ["apigateway", ...args, "--endpoint-url", port.url, "--output", "json"],
          {
            env: environment,
          },
        )
      ).stdout;
    expect(JSON.parse(await run("get-rest-apis")).items[0].name).toBe("shop");
    const { items: resources } = JSON.parse(await run("get-resources", "--rest-api-id", apiId));
    const { id } = resources.find(({ path }: { path: string }) => path === "/pets/{id}");
    const method = ["--rest-api-id", apiId, "--resource-id", id, "--http-method", "GET"];
    expect(JSON.parse(await run("get-integration", ...method))).toMatchObject({ type: "MOCK", cacheNamespace: id });
    const invoked = JSON.parse(await run("test-invoke-method", ...method, "--path-with-query-string", "/pets/7"));
    expect(invoked).toMatchObject({ status: 200, log: expect.stringContaining("Method completed with status: 200") });
    expect(JSON.parse(invoked.body)).toEqual({ pet: 1 });
    expect(JSON.parse(await run("get-models", "--rest-api-id", apiId)).items[0].name).toBe("Owner");
    const patch = "op=replace,path=/variables/colour,value=cli";
    const changed = await run(
      "update-stage",
      "--rest-api-id",
      apiId,
      "--stage-name",
      "dev",
      "--patch-operations",
      patch,
    );
    expect(JSON.parse(changed).variables.colour).toBe("cli");
    const plan = JSON.parse(await run("get-usage-plans")).items[0].id;
    const key = JSON.parse(await run("get-api-keys")).items[0].id;
    const remaining = "op=replace,path=/remaining,value=3";
    const client = ["--usage-plan-id", plan, "--key-id", key];
    expect(JSON.parse(await run("update-usage", ...client, "--patch-operations", remaining)).items[key]).toEqual([
      [0, 3],
    ]);
  },
  60_000,
);

async function raw(text: string): Promise<{ readonly status: number }> {
  const { connect } = await import("node:net");
  const { hostname, port: number } = new URL(port.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(number), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve({ status: Number(answer.split(" ")[1]) }));
  });
}
