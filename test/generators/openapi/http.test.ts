import { describe, expect, test } from "vitest";
import {
  aws,
  gatewayModel,
  http,
  integrationResponse,
  lambda,
  noMapping,
  ref,
  route,
  text,
  value,
} from "../../support/model.js";
import { at, awsDocument, awsIntegration, awsOperation, cleanDocument, validFiles } from "./support.js";

const gateway = { kind: "http" } as const;

describe("an HTTP API", () => {
  test("a Lambda route has a payload format and no validator", () => {
    const operation = awsOperation(
      "GET /orders/{id}",
      {
        integration: lambda("get", { payloadFormat: "2.0", timeoutMs: 30_000 }),
        validation: { parameters: true, body: true, strict: false },
      },
      gateway,
    );
    expect(operation).toEqual({
      operationId: "getOrdersId",
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      responses: { default: { description: "Any response" } },
      security: [],
      "x-amazon-apigateway-integration": {
        type: "aws_proxy",
        httpMethod: "POST",
        uri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:shop-get/invocations",
        payloadFormatVersion: "2.0",
      },
    });
  });

  test("the default route", () => {
    const document = awsDocument(gatewayModel({ ...gateway, routes: [route("$default")] }));
    expect(Object.keys(at(document, "paths") as object)).toEqual(["/$default"]);
    expect(at(document, "paths", "/$default", "x-amazon-apigateway-any-method")).toMatchObject({
      operationId: "default",
      isDefaultRoute: true,
    });
    expect(document).toMatchObject({ "x-amazon-apigateway-importexport-version": "1.0" });
  });

  test("mappings of requests and responses, in the second version's grammar", () => {
    const integration = http(text("https://backend.example.com/", ref("request.path.id")), {
      method: "GET",
      timeoutMs: 5000,
      request: {
        ...noMapping,
        headers: [
          { name: "X-Caller", value: value(ref("request.header.x-user")) },
          { name: "X-Text", value: { kind: "text", text: text("id ", ref("request.path.id")) } },
          { name: "X-Secret", value: value(null) },
        ],
        query: [{ name: "stage", value: value(ref("stageVariables.name")) }],
      },
      responses: [
        integrationResponse(403, {
          pattern: "500",
          headers: [{ name: "X-A", value: value(ref("context.requestId")) }],
        }),
      ],
    });
    expect(awsIntegration("GET /orders/{id}", { integration }, gateway)).toEqual({
      type: "http_proxy",
      httpMethod: "GET",
      uri: "https://backend.example.com/{id}",
      payloadFormatVersion: "1.0",
      timeoutInMillis: 5000,
      requestParameters: {
        "overwrite:header.X-Caller": "$request.header.x-user",
        "overwrite:header.X-Text": "id ${request.path.id}",
        "remove:header.X-Secret": "''",
        "overwrite:querystring.stage": "$stageVariables.name",
      },
      responseParameters: { 500: { "overwrite:header.X-A": "$context.requestId", "overwrite:statuscode": "403" } },
    });
  });

  test("a path parameter of the endpoint that is mapped", () => {
    const integration = http(
      text("https://", ref("stageVariables.host"), "/a/", ref("request.path.id"), "/", ref("request.path.b")),
      {
        request: { ...noMapping, path: [{ name: "id", value: value(ref("request.querystring.order")) }] },
      },
    );
    expect(at(awsIntegration("GET /orders/{b}", { integration }, gateway), "requestParameters")).toEqual({
      "overwrite:path": "/a/${request.querystring.order}/${request.path.b}",
    });
  });

  test("a first-class service integration", () => {
    const integration = aws("sqs", "SendMessage", {
      parameters: [
        { name: "QueueUrl", value: { kind: "text", text: text(ref("stageVariables.queue")) } },
        { name: "MessageBody", value: value(ref("request.body.message")) },
      ],
    });
    expect(awsIntegration("POST /messages", { integration }, gateway)).toMatchObject({
      type: "aws_proxy",
      integrationSubtype: "SQS-SendMessage",
      payloadFormatVersion: "1.0",
      credentials: "arn:aws:iam::123456789012:role/shop-integrations",
      requestParameters: { QueueUrl: "${stageVariables.queue}", MessageBody: "$request.body.message" },
    });
  });

  test("tag values", () => {
    const document = awsDocument(
      gatewayModel({ ...gateway, awsOptions: { "tag-value": { Owner: "shop", Cost: "7" } } }),
    );
    expect(at(document, "tags")).toEqual([
      { name: "Owner", "x-amazon-apigateway-tag-value": "shop" },
      { name: "Cost", "x-amazon-apigateway-tag-value": "7" },
    ]);
  });
});

describe("its clean document", () => {
  test("leaves the default route out; a stage without a name has a server of its own", () => {
    const document = cleanDocument(gatewayModel({ ...gateway, routes: [route("$default"), route("GET /a")] }));
    expect(Object.keys(at(document, "paths") as object)).toEqual(["/a"]);
    expect(at(document, "servers")).toEqual([
      {
        url: "https://{apiId}.execute-api.us-east-1.amazonaws.com",
        description: "AWS",
        variables: { apiId: { default: "api-id", description: "The API's id on AWS" } },
      },
      { url: "http://127.0.0.1:8080", description: "The gateway on this machine" },
    ]);
  });
});

test("the files are valid", async () => {
  await validFiles(gatewayModel({ ...gateway, routes: [route("$default"), route("ANY /a/{b+}")] }));
});
