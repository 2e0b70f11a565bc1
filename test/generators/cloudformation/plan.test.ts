import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planCloudFormation } from "../../../generators/cloudformation/plan.js";
import { modelOf } from "../../import/support.js";
import { root } from "../../support/paths.js";

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly NoEcho?: boolean; readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

async function templateOf(yaml: string): Promise<Template> {
  return planCloudFormation(await modelOf(yaml)).template as unknown as Template;
}

function idsOf({ Resources }: Template, type: string): readonly string[] {
  return Object.entries(Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
}

const hello = (route: string) =>
  `gateway: hello\nroutes:\n  GET /hello: { lambda: ${route} }\nstages: { dev: {}, prod: {} }\n`;

test("a deployment's id follows the content, and old ones stay", async () => {
  const [first, same, other] = await Promise.all([
    templateOf(hello("a")),
    templateOf(hello("a")),
    templateOf(hello("b")),
  ]);
  const id = (template: Template) => idsOf(template, "AWS::ApiGateway::Deployment")[0] as string;
  expect(id(same)).toBe(id(first));
  expect(id(other)).not.toBe(id(first));
  expect(first.Resources[id(first)]).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
});

test("each stage is pinned by a parameter of its own, and follows the newest deployment without", async () => {
  const template = await templateOf(hello("a"));
  const [newest] = idsOf(template, "AWS::ApiGateway::Deployment");
  expect(template.Parameters["ProdStageDeployment"]?.Default).toBe("");
  expect(template.Resources["ProdStage"]?.Properties["DeploymentId"]).toEqual({
    "Fn::If": ["HasProdStageDeployment", { Ref: "ProdStageDeployment" }, { Ref: newest }],
  });
});

test("functions may be called by API Gateway under each alias, from the one route that calls them", async () => {
  const template = await templateOf(`gateway: shop
functions: { getOrder: { aliases: { live: handlers/a.ts, next: handlers/b.ts }, alias: "\${stageVariables.alias}" } }
routes: { "GET /orders/{id}": { lambda: getOrder } }
stages: { prod: { variables: { alias: live } } }
`);
  expect(idsOf(template, "AWS::Lambda::Permission")).toEqual(["GetOrderLivePermission", "GetOrderNextPermission"]);
  expect(template.Resources["GetOrderLivePermission"]?.Properties["SourceArn"]).toEqual({
    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/orders/*",
  });
});

test("the role of integrations may do what they do, on what they name", async () => {
  const template = await templateOf(`gateway: shop
routes:
  POST /orders: { aws: sqs:SendMessage, with: { QueueUrl: "\${stageVariables.queue}", MessageBody: x } }
  GET /files/{key}: { aws: "s3:bucket/{key}" }
stages: { prod: { variables: { queue: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders" } } }
`);
  expect(JSON.stringify(template.Resources["IntegrationRole"]?.Properties["Policies"])).toBe(
    JSON.stringify([
      {
        PolicyName: "integrations",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sqs:SendMessage",
              Resource: { "Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders" },
            },
            { Effect: "Allow", Action: "s3:GetObject", Resource: { "Fn::Sub": "arn:${AWS::Partition}:s3:::bucket/*" } },
          ],
        },
      },
    ]),
  );
});

test("calls by path have the one action that the path, the form or the file tells", async () => {
  const template = await templateOf(`gateway: shop
routes:
  PUT /files/{key}: { aws: "s3:bucket/{key}" }
  GET /files: { aws: "s3:bucket/" }
  POST /run: { aws: "lambda:2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:run/invocations" }
  POST /publish/{device}: { aws: "data.iot:topics/{device}" }
  POST /orders: { aws: "sqs:123456789012/orders", request: { template: "Action=SendMessage&MessageBody=$input.body" } }
  POST /speech: { aws: "polly:v1/lexicons/{name}", params: {}, permission: polly:PutLexicon, request: { path: { name: a } } }
`);
  const role = JSON.stringify(template.Resources["IntegrationRole"]?.Properties["Policies"]);
  const [{ PolicyDocument }] = JSON.parse(role) as [
    { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } },
  ];
  const arn = (tail: string) => ({ "Fn::Sub": `arn:\${AWS::Partition}:${tail}` });
  const here = (service: string, tail: string) => arn(`${service}:\${AWS::Region}:\${AWS::AccountId}:${tail}`);
  expect(PolicyDocument.Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    ["s3:PutObject", arn("s3:::bucket/*")],
    ["s3:ListBucket", arn("s3:::bucket")],
    ["lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:run"],
    ["iot:Publish", here("iot", "topic/*")],
    ["sqs:SendMessage", here("sqs", "orders")],
    ["polly:PutLexicon", "*"],
  ]);
});

test("values of keys are parameters that nobody can read back; no account and no region is named", async () => {
  const text = readFileSync(join(root, "fixtures/shop/gateway.yaml"), "utf8");
  const template = await templateOf(text);
  expect(template.Parameters["EnvAcmeKey"]).toMatchObject({ NoEcho: true });
  const { Body } = (template.Resources["Api"] as Resource).Properties as { readonly Body: { readonly paths: unknown } };
  expect(JSON.stringify(Body.paths)).not.toContain("nowhere");
  expect(JSON.stringify(Body.paths)).not.toContain("000000000000");
  expect(JSON.stringify(Body.paths)).toContain("functions/${GetOrderArn}:${!stageVariables.alias}/invocations");
});

test("a document that the template has no room for goes to S3", async () => {
  const description = "x".repeat(4000);
  const routes = Array.from({ length: 280 }, (_, at) => `  GET /r${at}: { lambda: f, description: ${description} }`);
  const plan = planCloudFormation(await modelOf(`gateway: large\nroutes:\n${routes.join("\n")}\n`));
  const { Resources, Parameters } = plan.template as unknown as Template;
  expect(plan.body).toBeDefined();
  expect(Resources["Api"]?.Properties["BodyS3Location"]).toEqual({
    Bucket: { Ref: "BodyBucket" },
    Key: { Ref: "BodyKey" },
  });
  expect(Object.keys(Parameters)).toContain("BodyKey");
});

describe("a WebSocket API", () => {
  test("plans whose keys open connections have its stages, and keys are looked for where the file says", async () => {
    const file = (source: string) => `gateway: a
${source}
authorizers: { guard: { lambda: g, type: request, identity: [$request.querystring.t] } }
keys: { acme: { plan: gold, value: "\${env.K}" } }
plans: { gold: { stages: [dev] } }
routes: { GET /o: { lambda: x, apiKey: true } }
websocket: { auth: guard, apiKey: true, routes: { $connect: { lambda: c } } }
stages: { dev: }
`;
    const { Resources } = await templateOf(file(""));
    expect(Resources["GoldPlan"]?.Properties["ApiStages"]).toEqual([
      { ApiId: { Ref: "Api" }, Stage: { Ref: "DevStage" } },
      { ApiId: { Ref: "WebSocketApi" }, Stage: { Ref: "WebSocketApiDevStage" } },
    ]);
    expect(Resources["WebSocketApi"]?.Properties["ApiKeySelectionExpression"]).toBe("$request.header.x-api-key");
    const byAuthorizer = (await templateOf(file("apiKeySource: AUTHORIZER"))).Resources["WebSocketApi"]?.Properties;
    expect(byAuthorizer?.["ApiKeySelectionExpression"]).toBe("$context.authorizer.usageIdentifierKey");
  });

  test("beside an HTTP API it brings the role that its logs need", async () => {
    const { Resources } = await templateOf(
      "gateway: a\nkind: http\nroutes: { GET /o: { lambda: x } }\nwebsocket: { routes: { join: { lambda: c } } }\n",
    );
    expect(Resources["Account"]?.Type).toBe("AWS::ApiGateway::Account");
  });

  const orders = (body: string, identity = "$request.querystring.t") => `gateway: a
authorizers: { guard: { lambda: g, type: request, identity: [${identity}] } }
routes: { GET /o: { mock: } }
websocket:
  auth: guard
  routes:
    $connect: { lambda: c }
    order:
      body: "${body}"
      http: https://orders.example.com
      responses: { 200: { map: { id: $response.body.id } }, 404: { from: "404", map: { id: none } } }
      reply: unknown
`;

  test("messages of several kinds have a model each, and the expression that chooses one", async () => {
    const { Resources } = await templateOf(`gateway: a
routes: { GET /o: { mock: } }
websocket:
  routes:
    draw:
      lambda: draw
      bodySelection: $request.body.shape
      bodies: { circle: "{ action: 'draw'; r: number }", $default: "{ action: 'draw' }" }
    drawCircle: { body: "{ action: 'drawCircle' }", lambda: draw }
`);
    const { Properties, DependsOn } = Resources["WebSocketApiOnDrawRoute"] ?? {};
    expect(Properties?.["ModelSelectionExpression"]).toBe("$request.body.shape");
    const models = Properties?.["RequestModels"] as Record<string, string>;
    expect(Object.keys(models)).toEqual(["circle", "$default"]);
    const schemas = (DependsOn as readonly string[]).map((id) => Resources[id]?.Properties);
    expect(schemas).toMatchObject([
      { Name: models["circle"], Schema: { required: ["action", "r"] } },
      { Name: models["$default"], Schema: { required: ["action"] } },
    ]);
    expect(Object.values(Resources).filter(({ Type }) => Type === "AWS::ApiGatewayV2::Model")).toHaveLength(3);
  });

  test("parameters of the handshake that a backend is sent are declared at the route", async () => {
    const { Resources } = await templateOf(`gateway: a
routes: { GET /o: { mock: } }
websocket:
  routes:
    $connect:
      http: https://orders.example.com
      request:
        query: { who: $request.querystring.who, all: $request.multivaluequerystring.tag, id: $context.connectionId }
        headers: { X-Token: $request.header.X-Token, X-Fixed: fixed }
        map: { a: 1 }
      responses: { 200: { from: default } }
    say: { http: https://orders.example.com, request: { query: { text: $request.body.text } }, reply: unknown }
`);
    const parametersOf = (id: string) => Resources[id]?.Properties["RequestParameters"];
    expect(parametersOf("WebSocketApiConnectRoute")).toEqual({
      "route.request.querystring.who": { Required: false },
      "route.request.querystring.tag": { Required: false },
      "route.request.header.X-Token": { Required: false },
    });
    expect(parametersOf("WebSocketApiOnSayRoute")).toBeUndefined();
  });

  test("it is deployed when all of it is there: what a route or its integration answers with, too", async () => {
    const { Resources } = await templateOf(orders("{ action: 'order' }"));
    const types = ["Route", "RouteResponse", "IntegrationResponse"].map((type) => `AWS::ApiGatewayV2::${type}`);
    const frozen = Object.entries(Resources).flatMap(([id, { Type }]) => (types.includes(Type) ? [id] : []));
    const [deployment] = Object.values(Resources).filter(({ Type }) => Type === "AWS::ApiGatewayV2::Deployment");
    expect(frozen).toHaveLength(2 + 1 + 3);
    expect([...(deployment?.DependsOn ?? [])].sort()).toEqual(frozen.sort());
  });

  test("a message's model, an authorizer and properties of AWS that change make a new deployment", async () => {
    const idOf = async (yaml: string) => idsOf(await templateOf(yaml), "AWS::ApiGatewayV2::Deployment")[0];
    const versions = await Promise.all(
      [
        orders("{ action: 'order' }"),
        orders("{ action: 'order'; id: number }"),
        orders("{ action: 'order' }", "$request.querystring.token"),
        `${orders("{ action: 'order' }")}      aws-options: { OperationName: Other }\n`,
      ].map(idOf),
    );
    expect(new Set(versions).size).toBe(versions.length);
    expect(await idOf(orders("{ action: 'order' }"))).toBe(versions[0]);
  });
});
