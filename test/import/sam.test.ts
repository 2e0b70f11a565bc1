import { expect, test } from "vitest";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importTexts, modelOf } from "./support.js";

async function imported(template: string): Promise<string> {
  const { text = "", rest } = await importTexts({ "template.yaml": template });
  expect(rest).toEqual([]);
  return text;
}

test("a SAM REST API with its globals, CORS, domain and settings of single methods", async () => {
  const text = await imported(`
Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    EndpointConfiguration: { Type: EDGE }
    BinaryMediaTypes: [image~1png]
    TracingEnabled: true
    Cors: { AllowOrigin: "'https://shop.example.com'", AllowHeaders: "'Content-Type,X-Trace'", AllowMethods: "'GET,POST,OPTIONS'", MaxAge: "'600'", AllowCredentials: true }
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      Name: shop
      StageName: prod
      MethodSettings:
        - { ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO }
        - { ResourcePath: "/~1orders", HttpMethod: POST, ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 }
      Domain: { DomainName: api.example.com, CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1", BasePath: [/v1], MutualTlsAuthentication: { TruststoreUri: "s3://bucket/clients.pem" } }
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Add: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /orders, Method: post } }
        List: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /orders, Method: get } }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      UsagePlanName: gold
      ApiStages: [{ ApiId: !Ref Shop, Stage: prod, Throttle: { /orders/POST: { RateLimit: 2, BurstLimit: 4 } } }]
`);
  const model = await modelOf(text);
  expect(model).toMatchObject({
    endpoint: "edge",
    binaryMediaTypes: ["image/png"],
    cors: {
      origins: ["https://shop.example.com"],
      methods: ["GET", "POST"],
      headers: ["Content-Type", "X-Trace"],
      credentials: true,
      maxAgeSeconds: 600,
    },
    stages: [{ name: "prod", tracing: true, log: "info" }],
    plans: [
      { name: "gold", stages: ["prod"], routes: [{ routeKey: "POST /orders", throttle: { rate: 2, burst: 4 } }] },
    ],
    domains: [{ name: "api.example.com", paths: [{ basePath: "v1", stage: "prod" }] }],
  });
  expect(model.routes.map(({ key, throttle }) => [key, throttle])).toEqual([
    ["POST /orders", { rate: 5, burst: 10 }],
    ["GET /orders", undefined],
  ]);
  expect(text).toContain("s3://bucket/clients.pem");
});

test("a SAM HTTP API that lets everybody in", async () => {
  const model = await modelOf(
    await imported(`
Globals: { HttpApi: { CorsConfiguration: true } }
Resources:
  Http: { Type: AWS::Serverless::HttpApi, Properties: { Name: open } }
  Hello:
    Type: AWS::Serverless::Function
    Properties: { Events: { Any: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: /hello, Method: get } } } }
`),
  );
  expect(model).toMatchObject({ kind: "http", cors: { origins: ["*"] }, routes: [{ key: "GET /hello" }] });
});

const shop = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Models: { Order: { type: object, required: [id], properties: { id: { type: string } } } }
      GatewayResponses: { UNAUTHORIZED: { StatusCode: 418, ResponseParameters: { Headers: { X-Why: "'no token'" } } } }
      Auth:
        DefaultAuthorizer: Pool
        ApiKeyRequired: true
        UsagePlan: { CreateUsagePlan: PER_API, UsagePlanName: gold, Quota: { Limit: 100, Period: DAY }, Throttle: { BurstLimit: 5, RateLimit: 2 } }
        Authorizers:
          Pool: { UserPoolArn: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc", AuthorizationScopes: [a/read] }
          Partner: { FunctionArn: !GetAtt Fn.Arn, FunctionPayloadType: REQUEST, Identity: { Headers: [X-A], Context: [identity.sourceIp], StageVariables: [a] } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Add:
          Type: Api
          Properties:
            RestApiId: !Ref Shop
            Path: /orders
            Method: post
            RequestModel: { Model: Order, Required: true, ValidateBody: true }
            RequestParameters: [method.request.querystring.page, { method.request.header.X-B: { Required: true } }]
        Usual: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /usual, Method: get } }
        Open: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /open, Method: get, Auth: { Authorizer: NONE, ApiKeyRequired: false } } }
        Iam: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /iam, Method: get, Auth: { Authorizer: AWS_IAM } } }
        Scoped: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /scoped, Method: get, Auth: { AuthorizationScopes: [b/read] } } }
        Partner: { Type: Api, Properties: { RestApiId: !Ref Shop, Path: /partner, Method: get, Auth: { Authorizer: Partner } } }
`;

test("who may call a SAM API: scopes of authorizers, keys, and what events say otherwise", async () => {
  const { routes, authorizers } = await modelOf(await imported(shop));
  const pool = (scopes: readonly string[]) => ({ kind: "authorizer", name: "Pool", scopes });
  expect(
    Object.fromEntries(routes.map(({ key, authorization, apiKeyRequired }) => [key, [authorization, apiKeyRequired]])),
  ).toMatchObject({
    "GET /usual": [pool(["a/read"]), true],
    "GET /open": [{ kind: "none" }, false],
    "GET /iam": [{ kind: "iam" }, true],
    "GET /scoped": [pool(["b/read"]), true],
    "GET /partner": [{ name: "Partner" }, true],
  });
  expect(authorizers.find(({ name }) => name === "Partner")).toMatchObject({
    identity: [
      { kind: "header", name: "X-A" },
      { kind: "context", path: ["identity", "sourceIp"] },
      { kind: "stageVariable", name: "a" },
    ],
  });
});

test("models, validators, parameters, plans and gateway responses of a SAM API", async () => {
  const model = await modelOf(await imported(shop));
  const [add] = model.routes;
  expect(add).toMatchObject({ key: "POST /orders", validation: { body: true, parameters: false } });
  expect(add?.parameters).toMatchObject([
    { in: "query", name: "page", required: false },
    { in: "header", name: "X-B", required: true },
  ]);
  expect(model.models.map(({ name }) => name)).toEqual(["Order"]);
  expect(model.plans).toMatchObject([{ name: "gold", throttle: { rate: 2, burst: 5 }, quota: { limit: 100 } }]);
  expect(model.keys).toMatchObject([{ name: "ShopApiKey", plans: ["gold"] }]);
  expect(model.gatewayResponses).toMatchObject([{ type: "UNAUTHORIZED", status: 418 }]);
});

test("an operation that asks for no key needs none, whatever the document asks for", async () => {
  const mock = { type: "mock", responses: { default: { statusCode: "200" } } };
  const operation = (more: object) => ({ "x-amazon-apigateway-integration": mock, responses: {}, ...more });
  const document = {
    openapi: "3.0.1",
    info: { title: "a", version: "1" },
    security: [{ key: [] }],
    paths: {
      "/usual": { get: operation({}) },
      "/open": { get: operation({ security: [] }) },
      "/iam": { get: operation({ security: [{ key: [] }], "x-amazon-apigateway-auth": { type: "AWS_IAM" } }) },
    },
    components: { securitySchemes: { key: { type: "apiKey", name: "x-api-key", in: "header" } } },
  };
  const { text = "", rest } = await importTexts({ "a.json": JSON.stringify(document) });
  expect(rest).toEqual([]);
  const { routes } = await modelOf(text);
  expect(routes.map(({ key, apiKeyRequired }) => [key, apiKeyRequired])).toEqual([
    ["GET /usual", true],
    ["GET /open", false],
    ["GET /iam", true],
  ]);
});

test("events of state machines start executions with the request's body", async () => {
  const text = await imported(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Events:
        Start: { Type: Api, Properties: { Path: /start, Method: post } }
        Plain: { Type: Api, Properties: { Path: /plain, Method: post, UnescapeMappingTemplate: true, Auth: { ApiKeyRequired: true } } }
`);
  const { paths } = planAwsDocument(await modelOf(text)) as {
    paths: Record<string, { post: { security?: unknown; "x-amazon-apigateway-integration": object } }>;
  };
  const arn = '"stateMachineArn": "${stageVariables.Flow}"}';
  const input = "$util.escapeJavaScript($input.json('$'))";
  expect(paths["/start"]?.post["x-amazon-apigateway-integration"]).toMatchObject({
    type: "aws",
    uri: "arn:aws:apigateway:us-east-1:states:action/StartExecution",
    requestTemplates: { "application/json": `{"input": "${input}", ${arn}` },
  });
  expect(paths["/plain"]?.post["x-amazon-apigateway-integration"]).toMatchObject({
    requestTemplates: { "application/json": `{"input": "${input}.replaceAll("\\\\'","'")", ${arn}` },
  });
  expect(paths["/plain"]?.post.security).toEqual([{ api_key: [] }]);
});

test("a SAM HTTP API that is closed, with settings of its events; no authorizer for keys, which it has not", async () => {
  const model = await modelOf(
    await imported(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::HttpApi
    Properties:
      DisableExecuteApiEndpoint: true
      DefaultRouteSettings: { ThrottlingRateLimit: 9, ThrottlingBurstLimit: 9 }
      Auth: { Authorizers: { L: { FunctionArn: !GetAtt Fn.Arn, AuthorizerPayloadFormatVersion: "2.0", Identity: { Headers: [X-A], Context: [routeKey] } } } }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: { Type: HttpApi, Properties: { ApiId: !Ref Shop, Path: /a, Method: get, Auth: { Authorizer: L }, RouteSettings: { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 4 } } }
`),
  );
  expect(model).toMatchObject({
    disableExecuteApiEndpoint: true,
    authorizers: [
      {
        name: "L",
        identity: [
          { kind: "header", name: "X-A" },
          { kind: "context", path: ["routeKey"] },
        ],
      },
    ],
    routes: [{ key: "GET /a", throttle: { rate: 3, burst: 4 } }],
    stages: [{ name: "$default", throttle: { rate: 9, burst: 9 } }],
  });
});

test("the REST API that SAM makes of events has the settings of Globals, and the stage Prod", async () => {
  const model = await modelOf(
    await imported(`
Transform: AWS::Serverless-2016-10-31
Globals: { Api: { EndpointConfiguration: PRIVATE, BinaryMediaTypes: [image~1png], MinimumCompressionSize: 100, Auth: { ResourcePolicy: { SourceVpcWhitelist: [vpce-1] } } } }
Resources:
  Fn: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: Api, Properties: { Path: /a, Method: get } } } } }
`),
  );
  expect(model).toMatchObject({
    endpoint: "private",
    binaryMediaTypes: ["image/png"],
    minimumCompressionSize: 100,
    stages: [{ name: "Prod" }],
  });
});
