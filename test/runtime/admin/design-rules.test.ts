import { describe, expect, test } from "vitest";
import { AdminProblem } from "../../../runtime/admin/admin-message.js";
import { checkDeployment } from "../../../runtime/admin/design/deployment-rules.js";
import { checkDocumentationPartPatch } from "../../../runtime/admin/design/documentation-rules.js";
import { checkGatewayResponse } from "../../../runtime/admin/design/gateway-response-rules.js";
import { checkIntegration } from "../../../runtime/admin/design/integration-rules.js";
import { checkKey, checkKeyPatch } from "../../../runtime/admin/design/key-rules.js";
import { checkResponseMapping, checkTemplateTypes } from "../../../runtime/admin/design/mapping-expression-rules.js";
import { checkMembers, patchMembers, statusMember } from "../../../runtime/admin/design/member-rules.js";
import { checkMethod } from "../../../runtime/admin/design/method-rules.js";
import { checkModel, firstModels } from "../../../runtime/admin/design/model-rules.js";
import {
  checkMethodResponsePatch,
  checkResourcePatch,
  checkRestApiPatch,
} from "../../../runtime/admin/design/patch-rules.js";
import { checkPlanPatch } from "../../../runtime/admin/design/plan-rules.js";
import { checkResource } from "../../../runtime/admin/design/resource-rules.js";
import { checkRestApi } from "../../../runtime/admin/design/rest-api-rules.js";
import { checkStagePatch } from "../../../runtime/admin/design/stage-patch-rules.js";

/** What AWS answers: `status type message`, or undefined for a request that it takes. */
function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    return `${error.status} ${error.type} ${error.message}`;
  }
}

const bad = (message: string) => `400 BadRequestException ${message}`;

describe("integrations", () => {
  const of = (request: object, declared: readonly string[] = []) =>
    refusal(() => checkIntegration({ type: "MOCK", ...request }, declared));
  const lambda = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/";
  const aws = (uri: string, type = "AWS_PROXY") => of({ type, integrationHttpMethod: "POST", uri });

  test.each(["HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY"])("%s needs a method", (type) => {
    expect(of({ type, uri: "https://example.com" })).toBe(bad("Enumeration value for HttpMethod must be non-empty"));
  });

  test("a mock needs nothing", () => expect(of({})).toBeUndefined());

  test.each([
    ["https://example.com", true],
    ["http://${stageVariables.host}/pets/{id}", true],
    ["${stageVariables.url}/pets", true],
    ["non-valid-http", false],
    ["ftp://example.com", false],
    ["", false],
  ])("endpoint %s: %s", (uri, isTaken) => {
    const found = of({ type: "HTTP", integrationHttpMethod: "GET", uri });
    expect(found).toBe(isTaken ? undefined : bad("Invalid HTTP endpoint specified for URI"));
  });

  const needsPath = bad("AWS ARN for integration must contain path or action");
  const notServed = bad(
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  );
  test.each([
    [`${lambda}arn:aws:lambda:eu-west-1:123456789012:function:pets/invocations`, undefined],
    [`${lambda}arn:aws:lambda:eu-west-1:123456789012:function:\${stageVariables.name}/invocations`, undefined],
    [`${lambda}\${stageVariables.function}/invocations`, undefined],
    ["arn:aws:apigateway:eu-west-1:firehose:action/PutRecord", undefined],
    ["arn:aws:lambda:eu-west-1:123456789012:function:pets", needsPath],
    ["arn:aws:apigateway:eu-west-1:lambda:wrong/2015-03-31/functions/x/invocations", needsPath],
    ["wrong", bad("Invalid ARN specified in the request")],
    ["arn:aws:apigateway", bad("Invalid ARN specified in the request")],
    [`${lambda}wrong/invocations`, notServed],
    ["arn:aws:apigateway:eu-west-1:firehose:path/x", notServed],
    ["arn:aws:apigateway:eu-west-1:s3:path/bucket/key", notServed],
  ])("AWS_PROXY %s", (uri, wanted) => expect(aws(uri)).toBe(wanted));

  test("AWS reaches every service", () => {
    expect(aws("arn:aws:apigateway:eu-west-1:s3:path/bucket/key", "AWS")).toBeUndefined();
    expect(aws("arn:aws:iam::123456789012:role/service-role/name", "AWS")).toBe(needsPath);
  });

  test("type and timeout", () => {
    expect(of({ type: "HTPP" })).toBe(
      "400 ValidationException 1 validation error detected: Value 'HTPP' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]",
    );
    expect(of({ timeoutInMillis: 49 })).toBe(bad("Timeout should be between 50 ms and 29000 ms"));
    expect(of({ timeoutInMillis: 29_000 })).toBeUndefined();
  });

  const mapping = (errors: string) =>
    bad(`Invalid mapping expression specified: Validation Result: warnings : [], errors : [${errors}]`);
  test.each([
    ["'true'", undefined],
    ["context.requestId", undefined],
    ["context.authorizer.claims.sub", undefined],
    ["stageVariables.colour", undefined],
    ["method.request.path.id", undefined],
    ["method.request.multivalueheader.tag", undefined],
    ["method.request.body", undefined],
    ["method.request.body.pets[0].name", undefined],
    ["true", mapping("Invalid mapping expression specified: true")],
    ["'open", mapping("Invalid mapping expression specified: 'open")],
    ["method.request.cookie.a", mapping("Invalid mapping expression specified: method.request.cookie.a")],
    ["method.request.bodyx", mapping("Invalid mapping expression specified: method.request.bodyx")],
    ["method.request.path.no", mapping("Invalid mapping expression parameter specified: method.request.path.no")],
  ])("source %s", (source, wanted) => {
    const requestParameters = { "integration.request.header.x": source };
    expect(of({ requestParameters }, ["method.request.path.id", "method.request.header.tag"])).toBe(wanted);
  });

  test("all wrong expressions at once, targets too", () => {
    const requestParameters = { "integration.request.body.x": "'a'", "integration.request.path.y": "1" };
    expect(of({ requestParameters })).toBe(
      mapping(
        "Invalid mapping expression specified: integration.request.body.x, Invalid mapping expression specified: 1",
      ),
    );
  });

  test("responses map into declared headers", () => {
    const target = "method.response.header.x";
    expect(refusal(() => checkResponseMapping({ [target]: "integration.response.body.a" }, [target]))).toBeUndefined();
    expect(refusal(() => checkResponseMapping({ [target]: "'a'" }, []))).toBe(
      mapping(`Invalid mapping expression parameter specified: ${target}`),
    );
    expect(refusal(() => checkMembers([statusMember("wrong")]))).toBe(
      "400 ValidationException 1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
    );
  });
});

const greedy = bad("Cannot create a child of a resource with a greedy path variable: {proxy+}");
const sibling = bad("A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed");
test.each([
  ["", ["{proxy+}"], "parent", undefined],
  ["parent", ["child"], "{proxy+}", undefined],
  ["{proxy+}", [], "child", greedy],
  ["{proxy+}", [], "{child}", greedy],
  ["", ["{proxy+}"], "{child}", sibling],
  ["", ["pets"], "pets", "409 ConflictException Another resource with the same parent already has this name: pets"],
  ["", ["{a}"], "{a}", "409 ConflictException Another resource with the same parent already has this name: {a}"],
])("resource below %j beside %j: %s", (parentPathPart, siblings, pathPart, wanted) => {
  expect(refusal(() => checkResource({ parentPathPart, siblings, pathPart }))).toBe(wanted);
});

const noSchema = bad("Model schema must have at least 1 property or array items defined");
test.each([
  [{ name: "Pet", schema: '{"type":"object"}' }, undefined],
  [{ name: "", schema: "{}" }, bad("Model name must be non-empty")],
  [{ name: "Pet", schema: "" }, noSchema],
  [{ name: "Pet" }, noSchema],
  [{ name: "Error", schema: "{}" }, "409 ConflictException Model name already exists for this REST API"],
])("model %j", (request, wanted) => expect(refusal(() => checkModel(request, firstModels))).toBe(wanted));

test("methods", () => {
  const of = (request: object) => refusal(() => checkMethod(request, { authorizers: ["a1"], validators: ["v1"] }));
  expect(of({ authorizationType: "CUSTOM", authorizerId: "a1", requestValidatorId: "v1" })).toBeUndefined();
  expect(of({ authorizationType: "COGNITO_USER_POOLS" })).toMatch(/^400 .*Invalid authorizer ID specified\. Setting/);
  expect(of({ requestValidatorId: "v2" })).toBe(bad("Invalid Request Validator identifier specified"));
  expect(of({ requestParameters: ["method.request.header.a", "method.request.querystring.a"] })).toBe(
    bad("Parameter names must be unique across querystring, header and path"),
  );
});

test("deployments", () => {
  const one = [{ hasIntegration: true }];
  expect(refusal(() => checkDeployment({ isCanary: false }, []))).toBe(bad("The REST API doesn't contain any methods"));
  expect(refusal(() => checkDeployment({ isCanary: false }, [...one, { hasIntegration: false }]))).toBe(
    bad("No integration defined for method"),
  );
  expect(refusal(() => checkDeployment({ isCanary: true, stageName: "dev" }, one))).toBeUndefined();
  expect(refusal(() => checkDeployment({ isCanary: true }, one))).toBe(
    bad(
      "Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is null",
    ),
  );
});

test("API keys", () => {
  expect(refusal(() => checkKey({ value: "", name: "" }))).toBeUndefined();
  expect(refusal(() => checkKey({ value: "v".repeat(19) }))).toBe(
    bad("API Key value should be at least 20 characters"),
  );
  expect(refusal(() => checkKey({ value: "v".repeat(20) }))).toBeUndefined();
  expect(refusal(() => checkKey({ value: "v".repeat(129) }))).toBe(
    bad("API Key value exceeds maximum size of 128 characters"),
  );
  expect(refusal(() => checkKey({ name: "n".repeat(1025) }))).toBe(
    bad("Invalid API Key name, can be at most 1024 characters."),
  );
});

test("gateway responses", () => {
  expect(refusal(() => checkGatewayResponse({ responseType: "DEFAULT_4XX", statusCode: "404" }))).toBeUndefined();
  expect(refusal(() => checkGatewayResponse({ responseType: "FAKE_RESPONSE_TYPE" }))).toBe(
    "400 ValidationException 1 validation error detected: Value 'FAKE_RESPONSE_TYPE' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN]",
  );
});

test("REST APIs: all members at once, then the rules", () => {
  expect(refusal(() => checkRestApi({ endpointTypes: ["wrong"], ipAddressType: "wrong" }))).toBe(
    "400 ValidationException 2 validation errors detected: Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]; Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]",
  );
  expect(refusal(() => checkRestApi({ endpointTypes: ["EDGE", "REGIONAL"] }))).toBe(
    bad("Cannot create an api with multiple Endpoint Types."),
  );
  expect(refusal(() => checkRestApi({ description: "" }))).toBe(bad("Description cannot be an empty string"));
  expect(refusal(() => checkRestApi({ minimumCompressionSize: 10_485_761 }))).toBe(
    bad("Invalid minimum compression size, must be between 0 and 10485760"),
  );
});

test("UpdateStage", () => {
  const of = (op: string, path: string, from?: string, hasCanary = false) =>
    refusal(() => checkStagePatch([{ op, path, from }], { hasCanary }));
  expect(of("replace", "/canarySettings/percentTraffic")).toBeUndefined();
  expect(of("replace", "/~1pets/GET/throttling/burstLimit")).toBeUndefined();
  expect(of("remove", "/canarySettings")).toBeUndefined();
  expect(of("replace", "/tags/tag1")).toMatch(
    /^400 .*Invalid method setting path: \/tags\/tag1\. Must be one of: \[\/de/,
  );
  expect(of("remove", "/canarySettings/badPath")).toBe(
    bad("Cannot remove method setting canarySettings/badPath because there is no method setting for this method "),
  );
  expect(of("add", "/canarySettings/deploymentId")).toBe(
    bad("Invalid add operation with path: /canarySettings/deploymentId"),
  );
  expect(of("copy", "/variables", "/canarySettings/stageVariableOverrides")).toBe(
    bad("Promotion not available. Canary does not exist."),
  );
  expect(of("copy", "/canarySettings/stageVariableOverrides", "/variables", true)).toBe(
    bad(
      "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]",
    ),
  );
  const members = patchMembers("updateMethodResponseInput", [{ op: "wrong_op" }, { op: "add" }, { op: "wrong_op" }]);
  expect(refusal(() => checkMembers(members))).toMatch(
    /^400 ValidationException 2 validation errors detected: Value 'wrong_op' at 'updateMethodResponseInput\.patchOperations\.1\.member\.op' .*patchOperations\.3\.member\.op/,
  );
});

test("UpdateStage: access logs have two settings, and neither is empty", () => {
  const of = (op: string, path: string, value?: string) =>
    refusal(() => checkStagePatch([{ op, path, value }], { hasCanary: false }));
  const twoPaths = bad(
    "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]",
  );
  expect(of("replace", "/accessLogSettings/format", "$context.requestId")).toBeUndefined();
  expect(of("remove", "/accessLogSettings")).toBeUndefined();
  expect(of("add", "/accessLogSettings", "x")).toBe(twoPaths);
  expect(of("replace", "/accessLogSettings/*", "x")).toBe(twoPaths);
  expect(of("replace", "/accessLogSettings/format", "")).toBe(bad("Access Log value must not be empty"));
  expect(of("remove", "/accessLogSettings/destinationArn")).toBe(
    bad(
      "Cannot remove method setting accessLogSettings/destinationArn because there is no method setting for this method ",
    ),
  );
});

describe("UpdateResource", () => {
  const paths = ["/", "/pets", "/pets/sub", "/pets/sub/pets", "/dogs"];
  const tree = new Map(paths.map((path) => [path, path]));
  const of = (path: string, operation: object) =>
    refusal(() => checkResourcePatch([{ op: "replace", ...operation }], { path, tree }));
  const taken = "409 ConflictException Another resource with the same parent already has this name: pets";

  test.each([
    ["a free name", "/pets", { path: "/pathPart", value: "cats" }, undefined],
    ["another parent", "/dogs", { path: "/parentId", value: "/pets" }, undefined],
    ["a name that is taken", "/dogs", { path: "/pathPart", value: "pets" }, taken],
    ["a name that is taken there", "/pets/sub/pets", { path: "/parentId", value: "/" }, taken],
    ["below itself", "/pets", { path: "/parentId", value: "/pets/sub" }, bad("Resources cannot be cyclical.")],
    [
      "below nothing",
      "/pets",
      { path: "/parentId", value: "gone" },
      "404 NotFoundException Invalid Resource identifier specified",
    ],
    ["the root", "/", { path: "/pathPart", value: "x" }, bad("Root resource cannot update its pathPart.")],
    [
      "what it has not",
      "/pets",
      { path: "/invalid", value: "x" },
      bad("Invalid patch path  '/invalid' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"),
    ],
    [
      "what cannot be removed",
      "/pets",
      { op: "remove", path: "/pathPart" },
      bad("Invalid patch path  '/pathPart' specified for op 'remove'. Please choose supported operations"),
    ],
  ])("%s", (_, path, operation, wanted) => expect(of(path, operation)).toBe(wanted));
});

test("UpdateRestApi: media types are added and removed one by one", () => {
  const of = (path: string) =>
    refusal(() => checkRestApiPatch([{ op: "add", path, value: "image/png" }], { endpointType: "EDGE" }));
  expect(of("/binaryMediaTypes/image~1png")).toBeUndefined();
  expect(of("/binaryMediaTypes")).toBe(bad("Invalid patch path /binaryMediaTypes"));
});

test("UpdateMethodResponse: the status too, beside the operations", () => {
  const of = (statusCode: string, op: string, path: string) =>
    refusal(() => checkMethodResponsePatch([{ op, path }], { parameters: [], contentTypes: [], statusCode }));
  expect(of("200", "add", "/responseParameters/method.response.header.a")).toBeUndefined();
  expect(of("wrong", "wrong_op", "/responseParameters/a")).toBe(
    "400 ValidationException 2 validation errors detected: Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]; Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d",
  );
  expect(of("200", "remove", "/wrong/a")).toBe(bad("Invalid patch path /wrong/a"));
});

test("PutMethod knows the methods and the models", () => {
  const of = (request: object) =>
    refusal(() => checkMethod(request, { authorizers: [], validators: [], models: firstModels }));
  expect(of({ httpMethod: "ANY", requestModels: ["Empty"] })).toBeUndefined();
  expect(of({ httpMethod: "WRONG" })).toBe(
    bad("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"),
  );
  expect(of({ requestModels: ["petModel"] })).toBe(bad("Invalid model identifier specified: petModel"));
});

test("templates have media types", () => {
  expect(refusal(() => checkTemplateTypes(["application/json"]))).toBeUndefined();
  expect(refusal(() => checkTemplateTypes(["123"]))).toBe(
    bad("Validation Result: warnings : [], errors : [Invalid content type specified: 123]"),
  );
});

test("a canary's stage is there already", () => {
  const one = [{ hasIntegration: true }];
  expect(refusal(() => checkDeployment({ isCanary: true, stageName: "dev", stages: ["dev"] }, one))).toBeUndefined();
  expect(refusal(() => checkDeployment({ isCanary: true, stageName: "dev", stages: [] }, one))).toBe(
    bad(
      "Invalid deployment content specified.Stage dev must already be created before making a canary release deployment",
    ),
  );
});

test("keys, plans and documentation: what can be patched", () => {
  expect(refusal(() => checkKeyPatch([{ op: "replace", path: "/id", value: "x" }]))).toBe(
    bad(
      "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    ),
  );
  const ofPlan = (value?: string) =>
    refusal(() => checkPlanPatch([{ op: "remove", path: "/apiStages", value }], { planId: "p1", stages: ["abc:dev"] }));
  expect(ofPlan("abc:dev")).toBeUndefined();
  expect(ofPlan()).toBe(bad("Invalid API Stage specified"));
  expect(ofPlan("abc")).toBe(bad("Invalid API Stage specified"));
  expect(ofPlan("abc:test")).toBe(
    "404 NotFoundException Invalid API Stage {api: abc, stage: test} specified for usageplan p1",
  );
  expect(refusal(() => checkDocumentationPartPatch([{ op: "add", path: "/properties", value: "{}" }]))).toBe(
    bad("Invalid patch path  '/properties' specified for op 'add'. Please choose supported operations"),
  );
});
