import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiGatewayV2Client,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  DeleteAccessLogSettingsCommand,
  DeleteApiCommand,
  DeleteRouteSettingsCommand,
  ExportApiCommand,
  GetApiCommand,
  GetApiMappingsCommand,
  GetApisCommand,
  GetAuthorizersCommand,
  GetDeploymentsCommand,
  GetDomainNamesCommand,
  GetIntegrationCommand,
  GetIntegrationResponsesCommand,
  GetModelCommand,
  GetModelsCommand,
  GetModelTemplateCommand,
  GetRouteCommand,
  GetRouteResponsesCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  GetVpcLinksCommand,
  ResetAuthorizersCacheCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printExports } from "../../../generators/openapi/export/all-exports.js";
import type { AdminPort } from "../../../runtime/admin/admin-port.js";
import { administer } from "../../../runtime/admin/administer.js";
import { exportFromFile } from "../../../runtime/admin/export-from-file.js";
import { modelOf } from "../../support/diagnose.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

const yaml = `
gateway: items
kind: http
version: 1.2.0
description: Items of a shop.
aws: { region: eu-west-1, account: "123456789012" }
cors: { origins: ["https://app.example.com"], methods: [GET] }
authorizers:
  people: { jwt: "https://issuer.example.com/", audience: [app] }
domains:
  api.example.com: { paths: { v1: dev } }
routes:
  GET /items/{id}: { auth: { name: people, scopes: [read] }, lambda: getItem }
  ANY /files/{path+}: { http: "https://files.example.com/{path}" }
  $default: { lambda: fallback }
websocket:
  select: $request.body.action
  domain: live.example.com
  routes:
    $connect: { lambda: connect }
    ping:
      mock: { pong: true }
      bodySelection: $request.body.kind
      bodies: { loud: "{ action: 'ping'; n: integer }", $default: "{ action: 'ping' }" }
      reply: unknown
    join: { http: "https://rooms.example.com/join", reply: string, responses: { 200: { map: { joined: true } } } }
stages:
  $default: { variables: { colour: green } }
  dev: { variables: { colour: blue }, accessLog: json, throttle: { rate: 50, burst: 10 } }
`;

const handler = "export const handler = async () => ({ statusCode: 200 });\n";
const handlers = Object.fromEntries(
  ["getItem", "fallback", "connect"].map((name) => [`handlers/${name}.ts`, handler] as const),
);
const folder = mkdtempSync(join(tmpdir(), "gateway-v2-"));
let gateway: YamlGateway;
let port: AdminPort;
let client: ApiGatewayV2Client;
let ApiId: string;
let socketId: string;

beforeAll(async () => {
  writeFileSync(join(folder, "exports.json"), printExports(await modelOf(yaml), true));
  const admin = administer({
    ...{ port: 0, host: "127.0.0.1", environment: {}, measures: undefined },
    exportApi: (wish) => exportFromFile(join(folder, "exports.json"), wish),
  });
  gateway = await yamlGateway(yaml, { observers: [admin.requests] }, handlers);
  port = await admin.open(() => gateway);
  client = new ApiGatewayV2Client({
    ...{ endpoint: port.url, region: "eu-west-1", maxAttempts: 1 },
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  const { Items = [] } = await client.send(new GetApisCommand({}));
  ApiId = Items.find(({ ProtocolType }) => ProtocolType === "HTTP")?.ApiId ?? "";
  socketId = Items.find(({ ProtocolType }) => ProtocolType === "WEBSOCKET")?.ApiId ?? "";
}, 60_000);

afterAll(async () => {
  client.destroy();
  await port.close();
  await gateway.close({ drainMs: 0 });
  gateway.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("an HTTP API and the WebSocket API beside it are told as AWS tells them", async () => {
  expect(await client.send(new GetApiCommand({ ApiId }))).toMatchObject({
    ...{ Name: "items", ProtocolType: "HTTP", Version: "1.2.0", Description: "Items of a shop." },
    ApiEndpoint: `https://${ApiId}.execute-api.eu-west-1.amazonaws.com`,
    RouteSelectionExpression: "$request.method $request.path",
    CorsConfiguration: { AllowOrigins: ["https://app.example.com"], AllowMethods: ["GET"] },
  });
  expect(await client.send(new GetApiCommand({ ApiId: socketId }))).toMatchObject({
    ...{ Name: "items-websocket", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" },
    ApiEndpoint: `wss://${socketId}.execute-api.eu-west-1.amazonaws.com`,
  });
  const first = await client.send(new GetApisCommand({ MaxResults: "1" }));
  const second = await client.send(new GetApisCommand({ NextToken: first.NextToken ?? "" }));
  expect([...(first.Items ?? []), ...(second.Items ?? [])].map((api) => api.ApiId)).toEqual([ApiId, socketId]);
  // As on AWS, the first version does not list it.
  expect(await (await fetch(`${port.url}/restapis`)).json()).toEqual({ item: [] });
  await expect(client.send(new GetApiCommand({ ApiId: "none" }))).rejects.toMatchObject({ name: "NotFoundException" });
});

test("routes lead to integrations and authorizers", async () => {
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(["GET /items/{id}", "ANY /files/{path+}", "$default"]);
  const { Items: authorizers = [] } = await client.send(new GetAuthorizersCommand({ ApiId }));
  expect(authorizers).toEqual([
    {
      AuthorizerId: expect.any(String),
      ...{ Name: "people", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"] },
      JwtConfiguration: { Issuer: "https://issuer.example.com/", Audience: ["app"] },
    },
  ]);
  const [item, files] = routes;
  expect(await client.send(new GetRouteCommand({ ApiId, RouteId: item?.RouteId }))).toMatchObject({
    AuthorizationType: "JWT",
    AuthorizationScopes: ["read"],
    AuthorizerId: authorizers[0]?.AuthorizerId,
  });
  const integrationOf = (target = "") =>
    client.send(new GetIntegrationCommand({ ApiId, IntegrationId: target.replace("integrations/", "") }));
  expect(await integrationOf(item?.Target)).toMatchObject({
    ...{ IntegrationType: "AWS_PROXY", IntegrationMethod: "POST", PayloadFormatVersion: "2.0" },
    IntegrationUri: "arn:aws:lambda:eu-west-1:123456789012:function:items-getItem",
    ConnectionType: "INTERNET",
  });
  expect(await integrationOf(files?.Target)).toMatchObject({
    ...{ IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", TimeoutInMillis: 30_000 },
    IntegrationUri: "https://files.example.com/{path}",
  });
  await expect(integrationOf("none")).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a WebSocket route has its integration, the answers of it and a reply", async () => {
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId: socketId }));
  const join = routes.find(({ RouteKey }) => RouteKey === "join");
  expect(join).toMatchObject({ AuthorizationType: "NONE", RouteResponseSelectionExpression: "$default" });
  const place = { ApiId: socketId, RouteId: join?.RouteId };
  expect((await client.send(new GetRouteResponsesCommand(place))).Items).toMatchObject([
    { RouteResponseKey: "$default" },
  ]);
  const IntegrationId = join?.Target?.replace("integrations/", "");
  expect(await client.send(new GetIntegrationCommand({ ApiId: socketId, IntegrationId }))).toMatchObject({
    ...{ IntegrationType: "HTTP", IntegrationMethod: "POST", IntegrationUri: "https://rooms.example.com/join" },
  });
  const { Items: answers = [] } = await client.send(
    new GetIntegrationResponsesCommand({ ApiId: socketId, IntegrationId }),
  );
  expect(
    answers.find(({ IntegrationResponseKey }) => IntegrationResponseKey !== "$default") ?? answers[0],
  ).toMatchObject({
    ResponseTemplates: { $default: '{"joined":true}' },
  });
});

test("a stage's settings are told and changed, for all routes and for one, and are served at once", async () => {
  const { Items: stages = [] } = await client.send(new GetStagesCommand({ ApiId }));
  expect(stages.map(({ StageName }) => StageName)).toEqual(["$default", "dev"]);
  const dev = { ApiId, StageName: "dev" };
  expect(await client.send(new GetStageCommand(dev))).toMatchObject({
    ...{ AutoDeploy: false, StageVariables: { colour: "blue" }, RouteSettings: {} },
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 10, DetailedMetricsEnabled: false },
    AccessLogSettings: { Format: expect.stringContaining("$context.requestId") },
    CreatedDate: expect.any(Date),
  });
  const changed = await client.send(
    new UpdateStageCommand({
      ...dev,
      Description: "tried by hand",
      StageVariables: { colour: "red", shape: "round" },
      DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingRateLimit: 20 },
      RouteSettings: { "GET /items/{id}": { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } },
      AccessLogSettings: { Format: "$context.requestId $context.status" },
    }),
  );
  expect(changed).toMatchObject({
    ...{ Description: "tried by hand", StageVariables: { colour: "red", shape: "round" } },
    DefaultRouteSettings: { DetailedMetricsEnabled: true, ThrottlingRateLimit: 20, ThrottlingBurstLimit: 10 },
    RouteSettings: { "GET /items/{id}": { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } },
    AccessLogSettings: { Format: "$context.requestId $context.status" },
  });
  const live = gateway.apis[0]?.slots.find(({ live: { name } }) => name === "dev")?.live;
  expect([live?.variables.get("colour"), live?.entry.metrics]).toEqual(["red", "detailed"]);
  await client.send(new DeleteRouteSettingsCommand({ ...dev, RouteKey: "GET /items/{id}" }));
  await client.send(new UpdateStageCommand({ ...dev, StageVariables: { shape: "" } }));
  expect(await client.send(new GetStageCommand(dev))).toMatchObject({
    ...{ RouteSettings: {}, StageVariables: { colour: "red" } },
  });
  const traced = { DataTraceEnabled: true, LoggingLevel: "INFO" as const };
  await client.send(new UpdateStageCommand({ ...dev, DefaultRouteSettings: traced }));
  expect((await client.send(new GetStageCommand(dev))).DefaultRouteSettings).toMatchObject(traced);
  await client.send(new ResetAuthorizersCacheCommand(dev));
  await expect(
    client.send(new UpdateStageCommand({ ...dev, RouteSettings: { "GET /none": { ThrottlingRateLimit: 1 } } })),
  ).rejects.toMatchObject({
    message: "Unable to find Route by key GET /none within the provided RouteSettings",
  });
  await expect(client.send(new UpdateStageCommand({ ...dev, AutoDeploy: true }))).rejects.toThrow(/gateway deploy/);
});

test("a WebSocket route tells the models that its messages are checked by", async () => {
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId: socketId }));
  const ping = routes.find(({ RouteKey }) => RouteKey === "ping");
  expect(ping).toMatchObject({
    ModelSelectionExpression: "$request.body.kind",
    RequestModels: { loud: expect.stringMatching(/^OnPingLoud[0-9A-F]{6}Message$/), $default: "OnPingMessage" },
  });
  expect(routes.find(({ RouteKey }) => RouteKey === "join")).not.toHaveProperty("ModelSelectionExpression");

  const { Items: models = [] } = await client.send(new GetModelsCommand({ ApiId: socketId }));
  expect(models.map(({ Name }) => Name).sort()).toEqual(Object.values(ping?.RequestModels ?? {}).sort());
  const loud = models.find(({ Name }) => Name === ping?.RequestModels?.["loud"]);
  expect(loud).toMatchObject({ ModelId: expect.stringMatching(/^[a-z0-9]{6}$/), ContentType: "application/json" });
  expect(JSON.parse(loud?.Schema ?? "")).toMatchObject({
    $schema: "http://json-schema.org/draft-04/schema#",
    properties: { n: { type: "integer" } },
  });
  const named = { ApiId: socketId, ModelId: loud?.ModelId };
  expect(await client.send(new GetModelCommand(named))).toMatchObject({ ...loud });
  const { Value } = await client.send(new GetModelTemplateCommand(named));
  expect(Value).toContain('"n" : $inputRoot.n');

  const { Items: apis = [] } = await client.send(new GetApisCommand({}));
  const http = apis.find(({ ProtocolType }) => ProtocolType === "HTTP");
  expect((await client.send(new GetModelsCommand({ ApiId: http?.ApiId }))).Items).toEqual([]);
  const unknown = client.send(new GetModelCommand({ ApiId: socketId, ModelId: "nosuch" }));
  await expect(unknown).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a WebSocket stage has settings of single routes and an access log of its own, which hold at once", async () => {
  const dev = { ApiId: socketId, StageName: "dev" };
  const { port: at } = await gateway.listen();
  const socket = await RawWebSocket.open(at, "/dev");
  const ask = async () => {
    socket.text('{"action":"ping"}');
    return JSON.parse(await socket.nextText()) as object;
  };
  expect(await ask()).toEqual({ pong: true });
  const limited = { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1, LoggingLevel: "INFO" as const };
  const changed = await client.send(
    new UpdateStageCommand({
      ...dev,
      RouteSettings: { ping: limited },
      AccessLogSettings: { Format: "$context.connectionId $context.requestId" },
    }),
  );
  expect(changed).toMatchObject({
    RouteSettings: { ping: limited },
    AccessLogSettings: { Format: "$context.connectionId $context.requestId" },
  });
  expect(await ask()).toEqual({ pong: true });
  expect(await ask()).toMatchObject({ message: "Too Many Requests" });
  expect(gateway.log.some(({ route, message }) => route === "ping" && /Request Route/.test(message))).toBe(true);
  // The HTTP API beside it keeps what it has.
  expect(await client.send(new GetStageCommand({ ApiId, StageName: "dev" }))).toMatchObject({
    ...{ RouteSettings: {}, AccessLogSettings: { Format: expect.not.stringContaining("connectionId") } },
  });
  await client.send(new DeleteRouteSettingsCommand({ ...dev, RouteKey: "ping" }));
  await client.send(new DeleteAccessLogSettingsCommand(dev));
  expect([await ask(), await ask()]).toEqual([{ pong: true }, { pong: true }]);
  const after = await client.send(new GetStageCommand(dev));
  expect([after.RouteSettings, after.AccessLogSettings]).toEqual([{}, undefined]);
  const unknown = new UpdateStageCommand({ ...dev, RouteSettings: { pong: limited } });
  await expect(client.send(unknown)).rejects.toThrow(/Unable to find Route by key pong/);
  socket.close();
});

test("deployments, domains with mappings of both APIs, documents and tags", async () => {
  const { Items: deployments = [] } = await client.send(new GetDeploymentsCommand({ ApiId }));
  expect(deployments).toMatchObject([{ DeploymentStatus: "DEPLOYED", CreatedDate: expect.any(Date) }]);
  const { Items: domains = [] } = await client.send(new GetDomainNamesCommand({}));
  expect(domains.map(({ DomainName }) => DomainName)).toEqual(["api.example.com", "live.example.com"]);
  const mappings = async (DomainName: string) => (await client.send(new GetApiMappingsCommand({ DomainName }))).Items;
  expect(await mappings("api.example.com")).toMatchObject([{ ApiId, ApiMappingKey: "v1", Stage: "dev" }]);
  expect((await mappings("live.example.com"))?.map((mapping) => mapping.ApiId)).toContain(socketId);
  const exported = await client.send(
    new ExportApiCommand({ ApiId, Specification: "OAS30", OutputType: "JSON", StageName: "dev" }),
  );
  const document = JSON.parse(Buffer.from(exported.body ?? []).toString("utf8"));
  expect(Object.keys(document.paths)).toContain("/items/{id}");
  const ResourceArn = `arn:aws:apigateway:eu-west-1::/apis/${ApiId}/stages/dev`;
  await client.send(new TagResourceCommand({ ResourceArn, Tags: { team: "a", cost: "b" } }));
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["cost"] }));
  expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: "a" });
  expect((await client.send(new GetVpcLinksCommand({}))).Items).toEqual([]);
});

test("what designs an API is refused: in AWS's words where AWS refuses it, else with the place to change", async () => {
  const refused = (promise: Promise<unknown>, name: string, text: RegExp) =>
    expect(promise).rejects.toMatchObject({ name, message: expect.stringMatching(text) });
  const route = (RouteKey: string) => client.send(new CreateRouteCommand({ ApiId, RouteKey }));
  await refused(route("items"), "BadRequestException", /not formatted properly/);
  await refused(route("$default"), "ConflictException", /already exists/);
  await refused(route("GET /new"), "BadRequestException", /gateway\.yaml/);
  const integration = new CreateIntegrationCommand({ ApiId, IntegrationType: "MOCK" });
  await refused(client.send(integration), "BadRequestException", /proxy integrations/);
  const authorizer = { ApiId, Name: "x", AuthorizerType: "REQUEST", AuthorizerResultTtlInSeconds: 5 } as const;
  await refused(
    client.send(new CreateAuthorizerCommand({ ...authorizer, IdentitySource: [] })),
    "BadRequestException",
    /Identity source must be set/,
  );
  await refused(client.send(new DeleteApiCommand({ ApiId })), "BadRequestException", /gateway\.yaml/);
  await refused(client.send(new CreateDeploymentCommand({ ApiId })), "BadRequestException", /gateway serve/);
});
