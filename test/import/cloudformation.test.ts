import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/paths.js";
import { importTexts, modelOf } from "./support.js";

async function imported(template: string): Promise<string> {
  const { text, rest, found } = await importTexts({ "template.yaml": template });
  expect(found.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error"))).toEqual([]);
  expect(rest).toEqual([]);
  await modelOf(text ?? "");
  return (text ?? "").slice((text ?? "").indexOf("gateway:"));
}

const rest = `
Parameters:
  TableName: { Type: String, Default: orders }
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: shop, Description: Orders., BinaryMediaTypes: [image/png], EndpointConfiguration: { Types: [EDGE] } }
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders }
  Order:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: "{id}" }
  OrderModel:
    Type: AWS::ApiGateway::Model
    Properties:
      RestApiId: !Ref Api
      Name: Order
      ContentType: application/json
      Schema: { type: object, properties: { id: { type: string }, lines: { type: array, items: { type: string }, minItems: 1 } }, required: [id] }
  Partners:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: partners
      Type: TOKEN
      IdentitySource: method.request.header.X-Partner
      AuthorizerUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${AuthorizeFunction.Arn}/invocations
  Body:
    Type: AWS::ApiGateway::RequestValidator
    Properties: { RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: false }
  PostOrders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: POST
      OperationName: placeOrder
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Partners
      ApiKeyRequired: true
      RequestModels: { application/json: !Ref OrderModel }
      RequestValidatorId: !Ref Body
      MethodResponses: [{ StatusCode: 200, ResponseParameters: { method.response.header.X-Id: true } }, { StatusCode: 400 }]
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:\${AWS::Region}:dynamodb:action/PutItem
        Credentials: !GetAtt Role.Arn
        PassthroughBehavior: NEVER
        RequestTemplates: { application/json: !Sub '{"TableName":"\${TableName}","Item":{"id":{"S":"$context.requestId"}}}' }
        IntegrationResponses:
          - { StatusCode: 200, ResponseParameters: { method.response.header.X-Id: context.requestId } }
          - { StatusCode: 400, SelectionPattern: "4\\\\d{2}" }
  GetOrder:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${GetOrderFunction.Arn}/invocations
  Denied:
    Type: AWS::ApiGateway::GatewayResponse
    Properties: { RestApiId: !Ref Api, ResponseType: ACCESS_DENIED, StatusCode: 404, ResponseTemplates: { application/json: "{}" } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api } }
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: prod
      TracingEnabled: true
      Variables: { TableName: orders-prod }
      MethodSettings: [{ ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }]
      CanarySetting: { PercentTraffic: 10, StageVariableOverrides: { TableName: orders-next } }
  Gold:
    Type: AWS::ApiGateway::UsagePlan
    Properties: { UsagePlanName: gold, ApiStages: [{ ApiId: !Ref Api, Stage: !Ref Prod }], Quota: { Limit: 100, Period: DAY }, Throttle: { RateLimit: 5, BurstLimit: 10 } }
  AcmeKey: { Type: AWS::ApiGateway::ApiKey, Properties: { Name: acme, Enabled: true, Value: secret } }
  AcmeGold: { Type: AWS::ApiGateway::UsagePlanKey, Properties: { KeyId: !Ref AcmeKey, KeyType: API_KEY, UsagePlanId: !Ref Gold } }
  Domain: { Type: AWS::ApiGateway::DomainName, Properties: { DomainName: api.example.com, RegionalCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" } }
  Mapping: { Type: AWS::ApiGateway::BasePathMapping, Properties: { DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: prod, BasePath: v1 } }
`;

describe("templates", () => {
  test("a REST API of resources and methods, with stages, plans, keys and domains", async () => {
    expect(await imported(rest)).toMatchSnapshot();
  });

  test("a SAM template whose functions have events", async () => {
    const text = await imported(`
Transform: AWS::Serverless-2016-10-31
Resources:
  ListFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: list.handler
      Events:
        List: { Type: Api, Properties: { Path: /notes, Method: get } }
        Add: { Type: Api, Properties: { Path: /notes, Method: post, Auth: { ApiKeyRequired: true } } }
`);
    expect(text).toContain("GET /notes: { lambda: list }");
    expect(text).toContain("POST /notes: { lambda: list, apiKey: true }");
  });

  test("an HTTP API with a JWT authorizer and a service", async () => {
    const text = await imported(`
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: queue, ProtocolType: HTTP, CorsConfiguration: { AllowOrigins: ["*"] } } }
  Login:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: { ApiId: !Ref Api, Name: login, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: { Issuer: https://login.example.com/, Audience: [shop] } }
  Send:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-SendMessage
      PayloadFormatVersion: "1.0"
      CredentialsArn: !GetAtt Role.Arn
      RequestParameters: { QueueUrl: !Ref Queue, MessageBody: $request.body }
  Post: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: POST /messages, AuthorizationType: JWT, AuthorizerId: !Ref Login, AuthorizationScopes: [write], Target: !Sub "integrations/\${Send}" } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default, AutoDeploy: true } }
`);
    expect(text).toContain("kind: http");
    expect(text).toContain('login: { jwt: "https://login.example.com/", audience: [shop] }');
    expect(text).toContain('aws: "sqs:SendMessage"');
    expect(text).toContain('with: { QueueUrl: "${stageVariables.Queue}", MessageBody: $request.body }');
    expect(text).toContain("auth: { name: login, scopes: [write] }");
  });

  test("a WebSocket API", async () => {
    const text = await imported(`
Resources:
  Live: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: live, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action } }
  Guard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: { ApiId: !Ref Live, Name: guard, AuthorizerType: REQUEST, IdentitySource: [route.request.querystring.token], AuthorizerUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${GuardFunction.Arn}/invocations" }
  Join: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Live, IntegrationType: AWS_PROXY, IntegrationUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${JoinFunction.Arn}/invocations" } }
  Connect: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: $connect, AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard, Target: !Join [/, [integrations, !Ref Join]] } }
  JoinRoute: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Live, RouteKey: join, Target: !Sub "integrations/\${Join}" } }
  Prod: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Live, StageName: prod } }
  Name:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: { DomainName: live.example.com, DomainNameConfigurations: [{ CertificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1", EndpointType: REGIONAL }] }
  Mapping: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { ApiId: !Ref Live, DomainName: !Ref Name, Stage: !Ref Prod } }
`);
    expect(text).toContain(
      '  domain:\n    name: live.example.com\n    aws: { certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1" }\n    paths: { "": prod }\n',
    );
    expect(text).not.toContain("domains:");
    expect(text).toContain("auth: guard");
    expect(text).toContain("routes: { $connect: { lambda: join }, join: { lambda: join } }");
    expect(text).toContain("identity: [$request.querystring.token]");
  });

  test("templates, parameters and responses of a WebSocket API, selected ones too, come back from our own template", async () => {
    const template = readFileSync(join(root, "fixtures/websocket/golden/cloudformation/template.json"), "utf8");
    const text = await imported(template);
    expect(text).toContain("constant: { mock: { fixed: true }, reply: unknown }");
    expect(text).toContain("templateSelection: $request.body.version");
    expect(text).toContain(
      'request: { templates: { circle-1: "{\\"statusCode\\": 200}", $default: "{\\"statusCode\\": 404}" } }',
    );
    expect(text).toContain('templateSelection: "${integration.response.statuscode}"');
    expect(text).toContain("path: { id: $request.body.id }");
    expect(text).toContain('200: { from: "2\\\\d{2}", template: ');
    expect(text).toMatch(/500:\n +from: default\n/);
    const websocket = (await modelOf(text)).websocket;
    expect(websocket?.routes.map(({ key }) => key)).toEqual(
      (await modelOf(readFileSync(join(root, "fixtures/websocket/gateway.yaml"), "utf8"))).websocket?.routes.map(
        ({ key }) => key,
      ),
    );
  });
});
