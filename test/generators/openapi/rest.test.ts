import { describe, expect, test } from "vitest";
import {
  aws,
  gatewayModel,
  http,
  integrationResponse,
  jsonTemplate,
  lambda,
  lambdaFunction,
  mock,
  model,
  noMapping,
  parameter,
  ref,
  response,
  route,
  text,
  value,
} from "../../support/model.js";
import { at, awsDocument, awsIntegration, awsOperation, integrationKey, validFiles } from "./support.js";
import { array, enumeration, integer, object, primitive, property, reference } from "./types.js";

const item = model("Item", object([property("sku", primitive("string")), property("quantity", integer())]));
const order = model(
  "Order",
  object([property("id", primitive("string", "uuid")), property("items", array(reference("Item")))]),
);

describe("a REST API", () => {
  test("the document of a small shop", () => {
    const document = awsDocument(
      gatewayModel({
        version: "1.10",
        description: "Orders",
        models: [item, order],
        routes: [
          route("GET /orders/{id}", {
            summary: "One order",
            deprecated: true,
            tags: ["orders"],
            responses: [response(200, reference("Order")), response(404, undefined, { description: "No such order" })],
          }),
          route("POST /orders", {
            parameters: [parameter("header", "Idempotency-Key")],
            body: { type: reference("Order"), mediaTypes: ["application/json"], required: true },
            validation: { parameters: true, body: true, strict: false },
          }),
        ],
      }),
    );
    expect(document).toEqual({
      openapi: "3.0.1",
      info: { title: "shop", description: "Orders", version: "1.10" },
      paths: {
        "/orders/{id}": {
          get: {
            operationId: "getOrdersId",
            summary: "One order",
            tags: ["orders"],
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
            responses: {
              200: {
                description: "OK",
                content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
              },
              404: { description: "No such order" },
            },
            security: [],
            "x-amazon-apigateway-integration": {
              type: "aws_proxy",
              httpMethod: "POST",
              uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:shop-getOrdersId/invocations",
            },
          },
        },
        "/orders": {
          post: {
            operationId: "postOrders",
            parameters: [{ name: "Idempotency-Key", in: "header", required: true, schema: { type: "string" } }],
            requestBody: {
              content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } },
              required: true,
            },
            responses: { 200: { description: "OK" } },
            security: [],
            "x-amazon-apigateway-request-validator": "all",
            "x-amazon-apigateway-integration": {
              type: "aws_proxy",
              httpMethod: "POST",
              uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:shop-postOrders/invocations",
            },
          },
        },
      },
      components: {
        schemas: {
          Item: {
            type: "object",
            properties: { sku: { type: "string" }, quantity: { type: "integer" } },
            required: ["sku", "quantity"],
          },
          Order: {
            type: "object",
            properties: {
              id: { type: "string", format: "uuid" },
              items: { type: "array", items: { $ref: "#/components/schemas/Item" } },
            },
            required: ["id", "items"],
          },
        },
      },
      "x-amazon-apigateway-request-validators": {
        all: { validateRequestBody: true, validateRequestParameters: true },
      },
    });
  });

  test("ANY on a greedy path", () => {
    const document = awsDocument(gatewayModel({ routes: [route("ANY /files/{path+}")] }));
    expect(Object.keys(at(document, "paths") as object)).toEqual(["/files/{path+}"]);
    expect(at(document, "paths", "/files/{path+}", "x-amazon-apigateway-any-method", "parameters")).toEqual([
      { name: "path", in: "path", required: true, schema: { type: "string" } },
    ]);
  });

  test("names of models are alphanumeric on AWS, references follow", () => {
    const models = [
      model("Order_v2", reference("Line$")),
      model("Line$", primitive("string")),
      model("Line", integer()),
    ];
    const schemas = at(awsDocument(gatewayModel({ models })), "components", "schemas");
    expect(Object.keys(schemas as object)).toEqual(["Orderv2", "Line2", "Line"]);
    expect(JSON.stringify(at(schemas, "Orderv2"))).toContain("#/components/schemas/Line2");
  });

  test("root settings", () => {
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*" }],
    };
    const document = awsDocument(
      gatewayModel({
        binaryMediaTypes: ["image/*"],
        minimumCompressionSize: 1024,
        apiKeySource: "AUTHORIZER",
        policy,
        awsOptions: {
          "endpoint-configuration": { disableExecuteApiEndpoint: true },
          "x-amazon-apigateway-documentation": { version: "1", documentationParts: [] },
        },
      }),
    );
    expect(document).toMatchObject({
      "x-amazon-apigateway-binary-media-types": ["image/*"],
      "x-amazon-apigateway-minimum-compression-size": 1024,
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-policy": policy,
      "x-amazon-apigateway-documentation": { version: "1", documentationParts: [] },
      servers: [
        {
          url: "https://{apiId}.execute-api.us-east-1.amazonaws.com/{basePath}",
          variables: { apiId: { default: "api-id" }, basePath: { default: "dev" } },
          "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
        },
      ],
    });
    expect(document).not.toHaveProperty(["x-amazon-apigateway-endpoint-configuration"]);
  });

  test("a validator for what a route has to check, and only those are declared", () => {
    const validation = { parameters: true, body: true, strict: false };
    const body = { type: reference("Order"), mediaTypes: ["application/json"], required: true };
    const document = awsDocument(
      gatewayModel({
        models: [order, item],
        routes: [
          route("GET /a", { validation, parameters: [parameter("query", "q")] }),
          route("PUT /a", { validation, body }),
          route("DELETE /a", { validation, parameters: [parameter("query", "q", undefined, { required: false })] }),
          route("PATCH /a", { validation: { ...validation, body: false }, body }),
        ],
      }),
    );
    expect(at(document, "x-amazon-apigateway-request-validators")).toEqual({
      "body-only": { validateRequestBody: true, validateRequestParameters: false },
      "params-only": { validateRequestBody: false, validateRequestParameters: true },
    });
    const of = (method: string) => at(document, "paths", "/a", method, "x-amazon-apigateway-request-validator");
    expect(["get", "put", "delete", "patch"].map(of)).toEqual(["params-only", "body-only", undefined, undefined]);
  });
});

describe("Lambda", () => {
  test("an alias by stage variable, a deployed function in a region of its own, a GovCloud region", () => {
    const alias = text(ref("stageVariables.alias"));
    const files = [{ alias: "live", file: "a.ts" }];
    const functions = [
      lambdaFunction("get", { code: { kind: "aliases", files, alias } }),
      lambdaFunction("charge", {
        code: {
          kind: "arn",
          arn: text("arn:aws:lambda:eu-west-1:111122223333:function:charge:", ref("stageVariables.alias")),
        },
      }),
    ];
    const uri = (name: string, region: string) =>
      at(
        awsIntegration(
          "GET /a",
          { integration: lambda(name) },
          { functions, aws: { region, account: "444455556666" } },
        ),
        "uri",
      );
    expect(uri("get", "us-gov-west-1")).toBe(
      "arn:aws-us-gov:apigateway:us-gov-west-1:lambda:path/2015-03-31/functions/arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:shop-get:${stageVariables.alias}/invocations",
    );
    expect(uri("charge", "us-east-1")).toBe(
      "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:charge:${stageVariables.alias}/invocations",
    );
  });

  test("without proxy it is `aws` with templates, and errors are selected by pattern", () => {
    const integration = lambda("find", {
      proxy: false,
      passthrough: "NEVER",
      timeoutMs: 5000,
      request: {
        ...noMapping,
        templates: [{ mediaType: "application/json", source: { kind: "vtl", text: "$input.json('$')", line: 1 } }],
      },
      responses: [
        integrationResponse(200),
        integrationResponse(404, { pattern: ".*not found.*", templates: [jsonTemplate('{"message":"costs $5 #1"}')] }),
      ],
    });
    const operation = awsOperation("GET /find", { integration, responses: [response(200)] });
    expect(Object.keys(at(operation, "responses") as object)).toEqual(["200", "404"]);
    expect(at(operation, integrationKey)).toMatchObject({
      type: "aws",
      passthroughBehavior: "never",
      timeoutInMillis: 5000,
      requestTemplates: { "application/json": "$input.json('$')" },
      responses: {
        default: { statusCode: "200" },
        ".*not found.*": {
          statusCode: "404",
          // A constant goes through Velocity on AWS: its `$` and `#` must come out as they are.
          responseTemplates: {
            "application/json": `#set($DOLLAR = '$')#set($HASH = '#')\n{"message":"costs \${DOLLAR}5 \${HASH}1"}`,
          },
        },
      },
    });
  });
});

describe("HTTP", () => {
  test("a proxy maps the path parameters of its endpoint by itself", () => {
    const integration = http(text("http://", ref("stageVariables.host"), "/files/", ref("request.path.path")));
    expect(awsIntegration("ANY /files/{path+}", { integration })).toEqual({
      type: "http_proxy",
      httpMethod: "ANY",
      uri: "http://${stageVariables.host}/files/{path}",
      requestParameters: { "integration.request.path.path": "method.request.path.path" },
    });
  });

  test("mappings become AWS expressions; what they read is declared on the method", () => {
    const integration = http(text("https://backend.example.com/", ref("request.path.id")), {
      proxy: false,
      method: "POST",
      connection: { vpcLinkId: text(ref("stageVariables.vpcLink")) },
      insecureSkipVerification: true,
      request: {
        path: [{ name: "id", value: value(ref("request.querystring.order")) }],
        query: [{ name: "stage", value: value(ref("context.stage")) }],
        headers: [
          { name: "Content-Type", value: value("text/xml") },
          { name: "X-User", value: value(ref("request.header.x-caller")) },
          { name: "X-Again", value: value(ref("request.header.X-Caller")) },
          { name: "X-Sku", value: value(ref("request.body.items.sku")) },
          { name: "X-Var", value: value(ref("stageVariables.v")) },
        ],
        templates: [],
      },
      responses: [
        integrationResponse(200, {
          headers: [
            { name: "X-Total", value: value(ref("response.body.total")) },
            { name: "X-Kind", value: value("order") },
          ],
        }),
        integrationResponse(503, { pattern: "5\\d{2}" }),
      ],
    });
    const operation = awsOperation("GET /legacy/{id}", {
      integration,
      parameters: [parameter("path", "id"), parameter("header", "X-Caller")],
    });
    expect(at(operation, "parameters")).toEqual([
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "X-Caller", in: "header", required: true, schema: { type: "string" } },
      { name: "order", in: "query", required: false, schema: { type: "string" } },
    ]);
    expect(at(operation, "responses")).toEqual({
      200: {
        description: "OK",
        headers: { "X-Total": { schema: { type: "string" } }, "X-Kind": { schema: { type: "string" } } },
      },
      503: { description: "Service Unavailable" },
    });
    expect(at(operation, integrationKey)).toEqual({
      type: "http",
      httpMethod: "POST",
      uri: "https://backend.example.com/{id}",
      connectionType: "VPC_LINK",
      connectionId: "${stageVariables.vpcLink}",
      tlsConfig: { insecureSkipVerification: true },
      passthroughBehavior: "when_no_match",
      requestParameters: {
        "integration.request.path.id": "method.request.querystring.order",
        "integration.request.querystring.stage": "context.stage",
        "integration.request.header.Content-Type": "'text/xml'",
        "integration.request.header.X-User": "method.request.header.X-Caller",
        "integration.request.header.X-Again": "method.request.header.X-Caller",
        "integration.request.header.X-Sku": "method.request.body.items.sku",
        "integration.request.header.X-Var": "stageVariables.v",
      },
      responses: {
        default: {
          statusCode: "200",
          responseParameters: {
            "method.response.header.X-Total": "integration.response.body.total",
            "method.response.header.X-Kind": "'order'",
          },
        },
        "5\\d{2}": { statusCode: "503" },
      },
    });
  });

  test("a text that mixes references is set by a template, before the file's own", () => {
    const integration = http("https://backend.example.com/", {
      proxy: false,
      method: "GET",
      request: {
        ...noMapping,
        headers: [{ name: "Authorization", value: { kind: "text", text: text("Key ", ref("stageVariables.key")) } }],
        templates: [jsonTemplate("{}")],
      },
      responses: [integrationResponse(200)],
    });
    expect(at(awsIntegration("GET /a", { integration }), "requestTemplates")).toEqual({
      "application/json":
        "#define($mapped0)Key $!{stageVariables.key}#end#set($context.requestOverride.header['Authorization'] = \"$mapped0\")\n{}",
    });
  });
});

describe("AWS services", () => {
  test("a form for the query protocol, with the fields of `with:` and of the rule", () => {
    const integration = aws("sqs", "SendMessage", {
      credentials: text("arn:aws:iam::123456789012:role/queue"),
      parameters: [{ name: "QueueUrl", value: { kind: "text", text: text(ref("stageVariables.queueUrl")) } }],
      request: {
        ...noMapping,
        templates: [
          {
            mediaType: "application/json",
            source: {
              kind: "rule",
              rule: {
                kind: "object",
                members: [
                  {
                    name: "MessageBody",
                    value: {
                      kind: "object",
                      members: [
                        { name: "order", value: value(ref("request.body")) },
                        { name: "caller", value: value(ref("context.identity.sourceIp")) },
                      ],
                    },
                  },
                ],
              },
            },
          },
        ],
      },
      responses: [integrationResponse(202, { pattern: "2\\d{2}" })],
    });
    expect(awsIntegration("POST /orders", { integration })).toEqual({
      type: "aws",
      httpMethod: "POST",
      uri: "arn:aws:apigateway:us-east-1:sqs:action/SendMessage",
      credentials: "arn:aws:iam::123456789012:role/queue",
      passthroughBehavior: "never",
      requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
      requestTemplates: {
        "application/json":
          "Action=SendMessage&Version=2012-11-05" +
          '&QueueUrl=#define($field0)$!{stageVariables.queueUrl}#end$util.urlEncode("$field0")' +
          "&MessageBody=#define($field1){\"order\":$input.json('$')," +
          '"caller":"$!{util.escapeJavaScript($context.identity.sourceIp).replaceAll("\\\\\'","\'")}"}#end$util.urlEncode("$field1")',
      },
      responses: { "2\\d{2}": { statusCode: "202" } },
    });
  });

  test("a JSON body for the others; the file's own Content-Type wins", () => {
    const headers = [{ name: "content-type", value: value("application/json") }];
    const integration = aws("states", "StartExecution", {
      parameters: [{ name: "input", value: value(ref("request.body")) }],
      request: { ...noMapping, headers },
    });
    expect(awsIntegration("POST /run", { integration })).toMatchObject({
      uri: "arn:aws:apigateway:us-east-1:states:action/StartExecution",
      requestParameters: { "integration.request.header.content-type": "'application/json'" },
      requestTemplates: {
        "application/json":
          '{"input":#define($text0)${input.json(\'$\')}#end"$util.escapeJavaScript("$text0").replaceAll("\\\\\'","\'")"}',
      },
    });
    expect(
      at(awsIntegration("POST /run", { integration: aws("states", "StartExecution") }), "requestParameters"),
    ).toEqual({
      "integration.request.header.Content-Type": "'application/x-amz-json-1.0'",
    });
  });

  test("a path, the default role, AWS's own options over all", () => {
    const integration = aws("s3", "", {
      method: "GET",
      target: { kind: "path", path: text("/", ref("stageVariables.bucket"), "/", ref("request.path.key")) },
      awsOptions: { cacheNamespace: "files", requestParameters: { "integration.request.header.X": "'1'" } },
    });
    expect(awsIntegration("GET /files/{key}", { integration })).toEqual({
      type: "aws",
      httpMethod: "GET",
      uri: "arn:aws:apigateway:us-east-1:s3:path/${stageVariables.bucket}/{key}",
      credentials: "arn:aws:iam::123456789012:role/shop-integrations",
      passthroughBehavior: "never",
      cacheNamespace: "files",
      requestParameters: {
        "integration.request.path.key": "method.request.path.key",
        "integration.request.header.X": "'1'",
      },
    });
  });
});

describe("MOCK", () => {
  test("a constant answer", () => {
    expect(awsIntegration("GET /health", { integration: mock({ status: "ok" }) })).toEqual({
      type: "mock",
      passthroughBehavior: "when_no_match",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { default: { statusCode: "200", responseTemplates: { "application/json": '{"status":"ok"}' } } },
    });
  });

  test("is rendered where every type is binary, and for the types of its body", () => {
    const body = { type: primitive("string"), mediaTypes: ["text/plain"], required: true };
    const found = awsIntegration("POST /echo", { integration: mock(), body }, { binaryMediaTypes: ["*/*"] });
    expect(found).toMatchObject({
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "application/json": '{"statusCode": 200}', "text/plain": '{"statusCode": 200}' },
    });
  });
});

describe("caching", () => {
  const cache = { ttlSeconds: 60, shared: false, keys: [{ in: "query", name: "status" }] } as const;
  const authorizer = {
    kind: "cognito",
    issuerEndpoint: undefined,
    clockSkewSeconds: 5,
    name: "customers",
    description: undefined,
    providerArns: [text("arn")],
    header: "Authorization",
    ttlSeconds: 300,
  } as const;
  const gateway = { authorizers: [authorizer] };

  test("a protected route has its caller in the key, declared on the method", () => {
    const authorization = { kind: "authorizer", name: "customers", scopes: [] } as const;
    const operation = awsOperation("GET /orders", { cache, authorization }, gateway);
    expect(at(operation, integrationKey, "cacheKeyParameters")).toEqual([
      "method.request.querystring.status",
      "method.request.header.Authorization",
    ]);
    expect(at(operation, "parameters")).toMatchObject([
      { name: "status" },
      { name: "Authorization", in: "header", required: false },
    ]);
  });

  test("a shared one has not", () => {
    const authorization = { kind: "authorizer", name: "customers", scopes: [] } as const;
    const integration = awsIntegration("GET /orders", { cache: { ...cache, shared: true }, authorization }, gateway);
    expect(at(integration, "cacheKeyParameters")).toEqual(["method.request.querystring.status"]);
  });
});

test("options of a route stand on its operation", () => {
  const operation = awsOperation("GET /a", { awsOptions: { "x-amazon-apigateway-auth": { type: "NONE" }, note: 1 } });
  expect(operation).toMatchObject({ "x-amazon-apigateway-auth": { type: "NONE" }, "x-amazon-apigateway-note": 1 });
});

test("the files are valid and the same in JSON and YAML", async () => {
  const files = await validFiles(
    gatewayModel({
      models: [item, order],
      routes: [route("GET /orders/{id}", { responses: [response(200, reference("Order"))] })],
    }),
  );
  expect(Object.keys(files)).toEqual(["openapi.json", "openapi.yaml", "openapi.clean.json", "openapi.clean.yaml"]);
});

test("of parameters the type alone, of bytes no schema", () => {
  const operation = awsOperation("PUT /a", {
    parameters: [
      parameter("query", "status", enumeration(["a", "b"])),
      parameter("query", "when", reference("When")),
      parameter("query", "ids", array(primitive("integer", "int64"))),
    ],
    body: { type: primitive("binary"), mediaTypes: ["image/png"], required: true },
    responses: [response(200, primitive("binary"), { body: { type: primitive("binary"), mediaType: "image/png" } })],
  });
  expect(operation).toMatchObject({
    parameters: [
      { name: "status", schema: { type: "string" } },
      { name: "when", schema: { type: "string" } },
      { name: "ids", schema: { type: "array", items: { type: "integer" } } },
    ],
    requestBody: { content: { "image/png": {} } },
    responses: { 200: { content: { "image/png": {} } } },
  });
  expect(JSON.stringify(operation)).not.toContain("enum");
});
