import { describe, expect, test } from "vitest";
import { importTexts, modelOf } from "./support.js";

async function imported(template: string) {
  const { text = "", rest, found } = await importTexts({ "template.yaml": template });
  expect(rest).toEqual([]);
  const told = found.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
  return { text, told, model: await modelOf(text) };
}

test("models of WebSocket messages, and settings of single routes on several stages", async () => {
  const { text, model } = await imported(`
Resources:
  Live: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: live, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action } }
  Fn: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Live, IntegrationType: AWS_PROXY, IntegrationUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${F.Arn}/invocations" } }
  Said:
    Type: AWS::ApiGatewayV2::Model
    Properties:
      ApiId: !Ref Live
      Name: Said
      ContentType: application/json
      Schema: '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","properties":{"action":{"enum":["say"]},"to":{"$ref":"#/definitions/Person"}},"required":["action"],"definitions":{"Person":{"type":"object","properties":{"name":{"type":"string"}}}}}'
  Say: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: say, ModelSelectionExpression: $default, RequestModels: { $default: !Ref Said }, Target: !Sub "integrations/\${Fn}" } }
  Hear: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: hear, RequestModels: { one: Said, two: Said }, Target: !Sub "integrations/\${Fn}" } }
  See: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: $default, ModelSelectionExpression: $request.body.kind, RequestModels: { said: !Ref Said, $default: Other }, Target: !Sub "integrations/\${Fn}" } }
  Other: { Type: AWS::ApiGatewayV2::Model, Properties: { ApiId: !Ref Live, Name: Other, ContentType: application/json, Schema: '{"type":"object","properties":{"n":{"type":"integer"}}}' } }
  Dev:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Live
      StageName: dev
      DefaultRouteSettings: { LoggingLevel: ERROR, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }
      RouteSettings: { say: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, LoggingLevel: INFO, DataTraceEnabled: true }, hear: { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 } }
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Live
      StageName: prod
      DefaultRouteSettings: { LoggingLevel: ERROR, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }
      RouteSettings: { say: { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, LoggingLevel: INFO, DataTraceEnabled: true } }
`);
  const [say, hear, see] = model.websocket?.routes ?? [];
  expect(text).toContain("interface Said");
  expect(text).toContain("interface Person");
  expect(say).toMatchObject({
    key: "say",
    body: { kind: "reference", model: "Said" },
    throttle: { rate: 5, burst: 10 },
    log: "debug",
  });
  expect(see?.bodies).toMatchObject({
    selection: { text: "$request.body.kind" },
    types: [
      { key: "said", type: { kind: "reference", model: "Said" } },
      { key: "$default", type: { kind: "reference", model: "Other" } },
    ],
  });
  expect(hear).toMatchObject({ key: "hear", body: undefined, throttle: undefined });
  expect(text).toContain("left out: models of messages: without ModelSelectionExpression they check nothing");
  expect(model.stages).toMatchObject([
    {
      name: "dev",
      throttle: { rate: 100, burst: 200 },
      routes: [{ routeKey: "hear", throttle: { rate: 1, burst: 1 } }],
    },
    { name: "prod", throttle: { rate: 100, burst: 200 }, routes: [] },
  ]);
});

const rest = (resources: string) => `
Parameters: { Backend: { Type: String } }
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: { title: shop, version: "1" }
        paths:
          /orders:
            get: { x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: "http://\${stageVariables.host}/orders" } }
            put: { x-amazon-apigateway-integration: { type: http_proxy, httpMethod: PUT, uri: "http://\${stageVariables.host}/orders" } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api } }
  Dev: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: dev, Variables: { host: localhost } } }
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: prod
      Variables: { host: !Ref Backend }
      CacheClusterEnabled: true
      CacheClusterSize: "0.5"
      MethodSettings:
        - { ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, CacheTtlInSeconds: 60, LoggingLevel: ERROR }
        - { ResourcePath: "/~1orders", HttpMethod: PUT, CachingEnabled: true, CacheTtlInSeconds: 10, ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9, LoggingLevel: ERROR }
${resources}`;

test("settings of single methods where stages differ, and what whoever makes the stack gives to stage variables", async () => {
  const { text, model } = await imported(rest(""));
  expect(text).toContain('host: "${env.BACKEND}"');
  expect(model.routes.map(({ key, throttle, cache }) => [key, throttle, cache?.ttlSeconds])).toEqual([
    ["GET /orders", undefined, undefined],
    ["PUT /orders", undefined, 10],
  ]);
  expect(model.stages).toMatchObject([
    { name: "dev", routes: [] },
    { name: "prod", cache: { ttlSeconds: 60 }, routes: [{ routeKey: "PUT /orders", throttle: { rate: 5, burst: 9 } }] },
  ]);
});

test("a distribution in front of a stage, its web ACL, and what the language has no word for", async () => {
  const { model, told } = await imported(
    rest(`
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: CLOUDFRONT
      DefaultAction: { Allow: {} }
      Rules:
        - { Name: bad, Priority: 0, Action: { Block: {} }, Statement: { IPSetReferenceStatement: { Arn: !GetAtt Bad.Arn } } }
        - { Name: path, Priority: 1, Action: { Block: {} }, Statement: { ByteMatchStatement: { SearchString: "/.git", PositionalConstraint: CONTAINS, FieldToMatch: { UriPath: {} } } } }
        - { Name: managed, Priority: 2, OverrideAction: { None: {} }, Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: AWSManagedRulesCommonRuleSet } } }
  Bad: { Type: AWS::WAFv2::IPSet, Properties: { Scope: CLOUDFRONT, IPAddressVersion: IPV4, Addresses: [192.0.2.0/24] } }
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [shop.example.com]
        WebACLId: !GetAtt Acl.Arn
        Logging: { Bucket: logs.example.com }
        ViewerCertificate: { AcmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1", MinimumProtocolVersion: TLSv1.2_2021 }
        Origins:
          - { Id: api, DomainName: !Join ["", [!Ref Api, ".execute-api.", !Ref "AWS::Region", ".amazonaws.com"]], OriginPath: /prod }
          - { Id: site, DomainName: site.example.com }
        DefaultCacheBehavior: { TargetOriginId: api, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad }
        CacheBehaviors: [{ PathPattern: /static/*, TargetOriginId: site }]
`),
  );
  expect(model.domains).toMatchObject([
    { name: "shop.example.com", cdn: true, paths: [{ basePath: "", stage: "prod" }] },
  ]);
  expect(model.waf).toMatchObject({ block: ["192.0.2.0/24"], patterns: [{ in: "path", match: "/\\.git" }] });
  const all = told.join("\n");
  expect(all).toContain('"Logging" of distributions');
  expect(all).toContain("behaviours of distributions that lead elsewhere");
  expect(all).toContain("rules of web ACLs that are not in the language (ManagedRuleGroup)");
});

test("versions of a function that a stage variable chooses", async () => {
  const { text, model } = await imported(`
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: { title: shop, version: "1" }
        paths: { /a: { get: { x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${GetOrderFunction.Arn}:\${!stageVariables.alias}/invocations" } } } }
  Prod: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: prod, Variables: { alias: live }, CanarySetting: { PercentTraffic: 5, UseStageCache: true, StageVariableOverrides: { alias: next } } } }
`);
  expect(model.functions).toMatchObject([
    {
      name: "getOrder",
      code: { kind: "aliases", files: [{ alias: "live", file: "handlers/getOrder.ts" }, { alias: "next" }] },
    },
  ]);
  expect(text).toContain('alias: "${stageVariables.alias}"');
  expect(model.stages[0]?.canary).toMatchObject({ percent: 5, useStageCache: true });
});

describe("a message's model that says nothing of the member that routes are selected by", () => {
  const template = (models: string) => `
Resources:
  Live: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: live, ProtocolType: WEBSOCKET, RouteSelectionExpression: "$request.body.action" } }
  Answer: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Live, IntegrationType: HTTP_PROXY, IntegrationMethod: POST, IntegrationUri: "https://x.example/" } }
${["send", "it's", "closed", "sealed"]
  .map(
    (key, at) => `  Route${at}:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Live, RouteKey: "${key}", Target: !Sub "integrations/\${Answer}", ModelSelectionExpression: $default, RequestModels: { $default: ${at < 2 ? "Note" : "Sealed"} } }`,
  )
  .join("\n")}
${models}
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Live, StageName: prod } }
`;
  const model = (name: string, more: string) =>
    `  ${name}: { Type: AWS::ApiGatewayV2::Model, Properties: { ApiId: !Ref Live, Name: ${name}, ContentType: application/json, Schema: { type: object, ${more} properties: { text: { type: string } } } } }\n`;

  test("gets it, as API Gateway lets it pass; one that forbids it is left out and told, each", async () => {
    const { text = "", found } = await importTexts({
      "template.yaml": template(model("Note", "required: [text],") + model("Sealed", "additionalProperties: false,")),
    });
    expect(text).toContain("send: { body: \"Note & { action: 'send' }\"");
    const routes = (await modelOf(text)).websocket?.routes ?? [];
    expect(routes.map(({ key, body }) => [key, body?.kind])).toEqual([
      ["send", "intersection"],
      ["it's", "intersection"],
    ]);
    for (const key of ["closed", "sealed"])
      expect(text).toContain(`# left out: no message of this type has "${key}" at`);
    const told = found.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
    expect(told.filter((message) => /"(?:closed|sealed)" of the routes/.test(message))).toHaveLength(2);
  });
});

test("a template that a constant expression names, as the console writes it, is the one for every message", async () => {
  const { text, told } = await imported(`
Resources:
  Live: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: live, ProtocolType: WEBSOCKET, RouteSelectionExpression: "$request.body.action" } }
  Mock: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Live, IntegrationType: MOCK, TemplateSelectionExpression: "200", RequestTemplates: { "200": '{"statusCode":200}', other: '{"statusCode":500}' } } }
  Fine: { Type: AWS::ApiGatewayV2::IntegrationResponse, Properties: { ApiId: !Ref Live, IntegrationId: !Ref Mock, IntegrationResponseKey: '/2\\d\\d/', TemplateSelectionExpression: '\\$default', ResponseTemplates: { $default: '{"you":"$context.connectionId"}' } } }
  Connect: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: $connect, Target: !Sub "integrations/\${Mock}" } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Live, StageName: prod } }
`);
  expect(told).toEqual([]);
  expect(text).not.toContain("left out");
  expect(text).toContain("$connect: { mock: {}, responses: { 200: { from:");
  expect(text).toContain("$context.connectionId");
});
