import { expect, test } from "vitest";
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
