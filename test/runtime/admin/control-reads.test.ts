import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  APIGatewayClient,
  CreateUsagePlanCommand,
  DeleteIntegrationCommand,
  DeleteRestApiCommand,
  GenerateClientCertificateCommand,
  GetAuthorizersCommand,
  GetClientCertificatesCommand,
  GetDocumentationPartsCommand,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetIntegrationResponseCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  GetModelTemplateCommand,
  GetRequestValidatorsCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  GetSdkCommand,
  GetSdkTypeCommand,
  GetSdkTypesCommand,
  GetStageCommand,
  GetTagsCommand,
  GetVpcLinksCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountCommand,
  UpdateDeploymentCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printExports } from "../../../generators/openapi/export/all-exports.js";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import { exportFromFile } from "../../../runtime/admin/export-from-file.js";
import { sdkOfBuild } from "../../../runtime/admin/sdk-archive.js";
import { modelOf } from "../../support/diagnose.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: shop
version: 1.0.0
description: Pets and their owners.
aws: { region: eu-west-1, account: "123456789012" }
models: |
  /** One of many. */
  interface Pet { name: string; age: number; tags: string[]; owner?: Owner }
  interface Owner { name: string }
authorizers:
  door: { lambda: guard, type: request, identity: [$request.header.X-Door], ttl: 60 }
errors:
  THROTTLED: { status: 420, headers: { Retry-After: "7" } }
routes:
  GET /pets/{id}:
    auth: door
    query: { "full?": boolean, sort: string }
    summary: One pet
    validate: parameters
    params: { id: string }
    http: "https://pets.example.com/{id}"
    request: { headers: { X-Mapped: $request.path.id } }
    responses:
      200: { body: Pet, headers: { X-From: backend } }
      502: { map: { message: no } }
  POST /pets: { body: Pet, validate: body, lambda: create }
stages: { dev: {} }
`;

const handler = "export const handler = async () => ({ statusCode: 200 });\n";
const handlers = { "handlers/guard.ts": handler, "handlers/create.ts": handler };
const folder = mkdtempSync(join(tmpdir(), "gateway-reads-"));
let gateway: YamlGateway;
let port: AdminPort;
let client: APIGatewayClient;
let restApiId: string;

beforeAll(async () => {
  writeFileSync(join(folder, "exports.json"), printExports(await modelOf(yaml), true));
  mkdirSync(join(folder, "sdk/typescript/runtime"), { recursive: true });
  writeFileSync(join(folder, "sdk/typescript/index.js"), "export const made = 'here';\n");
  writeFileSync(join(folder, "sdk/typescript/runtime/äöü.js"), "x".repeat(5000));
  const admin = administer({
    ...{ port: 0, host: "127.0.0.1", environment: {}, measures: undefined },
    exportApi: (wish) => exportFromFile(join(folder, "exports.json"), wish),
    sdk: ({ language }) => sdkOfBuild(join(folder, "sdk"), language),
  });
  gateway = await yamlGateway(yaml, { observers: [admin.requests] }, handlers);
  port = await admin.open(() => gateway);
  client = new APIGatewayClient({
    ...{ endpoint: port.url, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  restApiId = (await client.send(new GetRestApisCommand({}))).items?.[0]?.id ?? "";
}, 60_000);

afterAll(async () => {
  client.destroy();
  await port.close();
  await gateway.close({ drainMs: 0 });
  gateway.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function placeOf(path: string, httpMethod: string) {
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  return { restApiId, resourceId: items.find((item) => item.path === path)?.id ?? "", httpMethod };
}

test("an API is told with its description", async () => {
  expect(await client.send(new GetRestApisCommand({}))).toMatchObject({
    items: [{ id: restApiId, description: "Pets and their owners." }],
  });
});

test("a method is told with what API Gateway stores of it: parameters, models, responses, integration", async () => {
  const place = await placeOf("/pets/{id}", "GET");
  const method = await client.send(new GetMethodCommand(place));
  const { items: validators = [] } = await client.send(new GetRequestValidatorsCommand({ restApiId }));
  const { items: authorizers = [] } = await client.send(new GetAuthorizersCommand({ restApiId }));
  expect(authorizers).toMatchObject([
    { name: "door", type: "REQUEST", identitySource: "method.request.header.X-Door", authorizerResultTtlInSeconds: 60 },
  ]);
  expect(authorizers[0]?.authorizerUri).toMatch(/^arn:aws:apigateway:eu-west-1:lambda:path\/.*guard/);
  const validator = validators.find(({ id }) => id === method.requestValidatorId);
  expect(validator).toMatchObject({ validateRequestParameters: true, validateRequestBody: false });
  expect(method).toMatchObject({
    authorizationType: "CUSTOM",
    authorizerId: authorizers[0]?.id,
    requestParameters: {
      "method.request.path.id": true,
      "method.request.querystring.full": false,
      "method.request.querystring.sort": true,
    },
    methodResponses: { 200: { statusCode: "200", responseModels: { "application/json": "Pet" } } },
  });
  const integration = await client.send(new GetIntegrationCommand(place));
  expect(integration).toMatchObject({
    ...{ type: "HTTP", httpMethod: "GET", uri: "https://pets.example.com/{id}", connectionType: "INTERNET" },
    requestParameters: {
      "integration.request.path.id": "method.request.path.id",
      "integration.request.header.X-Mapped": "method.request.path.id",
    },
    ...{ timeoutInMillis: 29_000, passthroughBehavior: "WHEN_NO_MATCH" },
  });
  expect(method.methodIntegration).toEqual({ ...integration, $metadata: undefined });
  expect(Object.keys(integration.integrationResponses ?? {})).toEqual(["200", "502"]);
  const answer = await client.send(new GetIntegrationResponseCommand({ ...place, statusCode: "200" }));
  expect(answer).toMatchObject({
    selectionPattern: "2\\d{2}",
    responseParameters: { "method.response.header.X-From": "'backend'" },
  });
  const response = await client.send(new GetMethodResponseCommand({ ...place, statusCode: "200" }));
  expect(response.responseModels).toEqual({ "application/json": "Pet" });
  for (const Command of [GetMethodResponseCommand, GetIntegrationResponseCommand]) {
    await expect(client.send(new Command({ ...place, statusCode: "418" }) as never)).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Invalid Response status code specified",
    });
  }
  const post = await client.send(new GetMethodCommand(await placeOf("/pets", "POST")));
  expect(post.requestModels).toEqual({ "application/json": "Pet" });
  expect(post.methodIntegration).toMatchObject({ type: "AWS_PROXY", httpMethod: "POST" });
});

test("gateway responses are those of the file and API Gateway's own", async () => {
  const { items = [] } = await client.send(new GetGatewayResponsesCommand({ restApiId }));
  expect(items.length).toBeGreaterThan(19);
  expect(items.find(({ responseType }) => responseType === "THROTTLED")).toEqual({
    responseType: "THROTTLED",
    statusCode: "420",
    responseParameters: { "gatewayresponse.header.Retry-After": "'7'" },
    responseTemplates: { "application/json": '{"message":$context.error.messageString}' },
    defaultResponse: false,
  });
  const usual = await client.send(new GetGatewayResponseCommand({ restApiId, responseType: "UNAUTHORIZED" }));
  expect(usual).toMatchObject({ statusCode: "401", defaultResponse: true });
  await expect(
    client.send(new GetGatewayResponseCommand({ restApiId, responseType: "NONE" as never })),
  ).rejects.toMatchObject({ name: "ValidationException" });
});

test("descriptions are parts of the documentation; a model has a mapping template", async () => {
  const { items = [] } = await client.send(new GetDocumentationPartsCommand({ restApiId }));
  const textOf = (type: string) => items.find(({ location }) => location?.type === type)?.properties;
  expect(textOf("API")).toBe('{"description":"Pets and their owners."}');
  expect(textOf("MODEL")).toBe('{"description":"One of many."}');
  expect(JSON.parse(textOf("METHOD") ?? "")).toMatchObject({ summary: "One pet" });
  const models = await client.send(new GetDocumentationPartsCommand({ restApiId, type: "MODEL" }));
  expect(models.items?.map(({ location }) => location?.name)).toEqual(["Pet"]);
  const { value } = await client.send(new GetModelTemplateCommand({ restApiId, modelName: "Pet" }));
  expect(value).toBe(`#set($inputRoot = $input.path('$'))
{
  "name" : "$inputRoot.name",
  "age" : $inputRoot.age,
  "tags" : [
  #foreach($elem1 in $inputRoot.tags)
  "$elem1"#if($foreach.hasNext),#end
  #end
  ],
  "owner" : {
    "name" : "$inputRoot.owner.name"
  }
}`);
});

test("an SDK of the build comes as an archive that unzip and Python read", async () => {
  const { items = [] } = await client.send(new GetSdkTypesCommand({}));
  expect(items.map(({ id }) => id)).toEqual(["javascript", "python", "go", "java"]);
  expect(await client.send(new GetSdkTypeCommand({ id: "java" }))).toMatchObject({ id: "java" });
  const place = { restApiId, stageName: "dev" };
  const sdk = await client.send(new GetSdkCommand({ ...place, sdkType: "javascript" }));
  expect(sdk).toMatchObject({
    contentType: "application/octet-stream",
    contentDisposition: 'attachment; filename="javascript_shop-dev.zip"',
  });
  const path = join(folder, "sdk.zip");
  writeFileSync(path, sdk.body ?? "");
  const script = `
import zipfile, json, sys
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps({ name: len(archive.read(name)) for name in archive.namelist() }))`;
  const listed = execFileSync("python3", ["-c", script, path], { encoding: "utf8" });
  expect(JSON.parse(listed)).toEqual({ "typescript/index.js": 28, "typescript/runtime/äöü.js": 5000 });
  await expect(client.send(new GetSdkCommand({ ...place, sdkType: "go" }))).rejects.toMatchObject({
    name: "NotFoundException",
    message: expect.stringContaining("sdk.languages"),
  });
  await expect(client.send(new GetSdkCommand({ ...place, sdkType: "swift" }))).rejects.toThrow(/javascript, python/);
  const named = new GetSdkCommand({ ...place, sdkType: "java", parameters: { groupId: "com.acme" } });
  await expect(client.send(named)).rejects.toThrow(/"sdk" in gateway.yaml/);
});

test("a stage has tags, which stay with it; other resources have none", async () => {
  const arn = (path: string) => `arn:aws:apigateway:eu-west-1::${path}`;
  const resourceArn = arn(`/restapis/${restApiId}/stages/dev`);
  await client.send(new TagResourceCommand({ resourceArn, tags: { team: "pets", cost: "7" } }));
  expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ team: "pets", cost: "7" });
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["cost"] }));
  expect((await client.send(new GetStageCommand({ restApiId, stageName: "dev" }))).tags).toEqual({ team: "pets" });
  const api = arn(`/restapis/${restApiId}`);
  expect((await client.send(new GetTagsCommand({ resourceArn: api }))).tags).toEqual({});
  await expect(client.send(new TagResourceCommand({ resourceArn: api, tags: { a: "b" } }))).rejects.toThrow(/stages/);
  for (const wrong of [arn("/restapis/none"), arn(`/restapis/${restApiId}/stages/none`), arn("/apikeys/none")])
    await expect(client.send(new GetTagsCommand({ resourceArn: wrong }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  const reserved = new TagResourceCommand({ resourceArn, tags: { "aws:x": "b" } });
  await expect(client.send(reserved)).rejects.toMatchObject({ name: "BadRequestException" });
});

test("what there is none of is an empty list; what nothing could come of is refused with the reason", async () => {
  expect((await client.send(new GetVpcLinksCommand({}))).items).toEqual([]);
  expect((await client.send(new GetClientCertificatesCommand({}))).items).toEqual([]);
  const refused = (promise: Promise<unknown>, reason: RegExp) =>
    expect(promise).rejects.toMatchObject({ name: "BadRequestException", message: expect.stringMatching(reason) });
  const place = await placeOf("/pets", "POST");
  await refused(client.send(new DeleteIntegrationCommand(place)), /gateway\.yaml/);
  await refused(client.send(new UpdateIntegrationCommand({ ...place, patchOperations: [] })), /gateway\.yaml/);
  await refused(client.send(new DeleteRestApiCommand({ restApiId })), /gateway\.yaml/);
  await refused(client.send(new CreateUsagePlanCommand({ name: "gold" })), /gateway\.yaml/);
  await refused(client.send(new GenerateClientCertificateCommand({})), /no use/);
  await refused(client.send(new UpdateAccountCommand({ patchOperations: [] })), /--account-throttle/);
  const { deploymentId = "" } = await client.send(new GetStageCommand({ restApiId, stageName: "dev" }));
  const patchOperations = [{ op: "replace" as const, path: "/description", value: "x" }];
  await refused(client.send(new UpdateDeploymentCommand({ restApiId, deploymentId, patchOperations })), /one build/);
});
