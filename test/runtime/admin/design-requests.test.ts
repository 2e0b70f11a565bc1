import { describe, expect, test } from "vitest";
import { AdminProblem } from "../../../runtime/admin/admin-message.js";
import { checkOf } from "../../../scripts/conformance/design-requests.js";

/** What the rules answer to a request as cases write it: `status message`, `taken`, or `no rule`. */
function answer(given: Readonly<Record<string, unknown>>): string {
  const check = checkOf(given);
  if (check === undefined) return "no rule";
  try {
    check();
    return "taken";
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    return `${error.status} ${error.message}`;
  }
}

const sibling = "400 A sibling ({proxy+}) of this resource already has a variable path part -- only one is allowed";
const unserved =
  "400 Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.";

describe("one request, in the spellings that it may have", () => {
  test.each([
    [{ existing: ["/{proxy+}"], create: "/{other}" }],
    [{ existing: ["/{proxy+}"], createResource: "/{other}" }],
    [{ resources: [{ path: "/{proxy+}" }], createResource: { parentPath: "/", pathPart: "{other}" } }],
    [{ operation: "CreateResource", request: { pathPart: "{other}" }, existing: ["/{proxy+}"] }],
  ])("%j", (given) => expect(answer(given)).toBe(sibling));

  const request = { type: "AWS_PROXY", uri: "arn:aws:apigateway:eu-west-1:s3:path/bucket/key" };
  test.each([
    [{ integration: { ...request, integrationHttpMethod: "POST" } }],
    [{ putIntegration: { ...request, httpMethod: "POST" } }],
    [{ integration: { Type: "AWS_PROXY", Uri: request.uri, IntegrationHttpMethod: "POST" } }],
    [{ operation: "PutIntegration", input: { ...request, integrationHttpMethod: "POST" } }],
  ])("%j", (given) => expect(answer(given)).toBe(unserved));
});

describe("answers that others have seen", () => {
  test.each([
    [{ createStage: { stageName: "$default" } }, "400 Stage name only allows a-zA-Z0-9_"],
    [{ createStage: { stageName: "prod" }, stages: ["prod"] }, "409 Stage already exists"],
    [
      { createAuthorizer: { type: "TOKEN" } },
      "400 1 validation error detected: Value null at 'createAuthorizerInput.name' failed to satisfy constraint: Member must not be null",
    ],
    [
      { createAuthorizer: { name: "a", type: "TOKEN", identitySource: "method.request.querystring.key" } },
      "400 Invalid token source expression: method.request.querystring.key. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.",
    ],
    [
      {
        product: "http",
        createAuthorizer: { name: "a", authorizerType: "REQUEST", authorizerResultTtlInSeconds: 300 },
      },
      "400 Identity source must be set if authorizer caching is enabled (TTL is greater than 0)",
    ],
    [
      { createIntegration: { integrationType: "AWS" } },
      "400 Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)",
    ],
    [
      { createRoute: { routeKey: "GET /a" }, existing: ["GET /a"] },
      "409 Route with key GET /a already exists for this API",
    ],
    [
      { createBasePathMapping: { basePath: "v1" }, existing: ["v1"] },
      "409 Base path already exists for this domain name",
    ],
    [
      { createBasePathMapping: { basePath: "v1" }, existing: ["(none)"] },
      "409 Only one base path mapping is allowed if the base path is empty.",
    ],
    [
      { createBasePathMapping: { basePath: "v1", stage: "x" }, stages: ["a"] },
      "400 Invalid stage identifier specified",
    ],
    [{ getDomainName: { domainName: "a.example" } }, "404 Invalid domain name identifier specified"],
    [
      { createDomainName: { domainName: "a.example" }, existing: ["a.example"] },
      "400 The domain name you provided already exists.",
    ],
  ])("%j", (given, wanted) => expect(answer(given)).toBe(wanted));
});

test("what AWS takes is taken", () => {
  expect(answer({ createStage: { stageName: "prod" } })).toBe("taken");
  expect(answer({ createAuthorizer: { name: "a", type: "TOKEN", identitySource: "method.request.header.A" } })).toBe(
    "taken",
  );
  expect(answer({ createRoute: { routeKey: "$default" } })).toBe("taken");
  expect(answer({ createBasePathMapping: { basePath: "v2" }, existing: ["v1"] })).toBe("taken");
  expect(
    answer({ updateMethod: { patchOperations: [{ op: "replace", path: "/apiKeyRequired", value: "true" }] } }),
  ).toBe("taken");
  expect(answer({ somethingElse: {} })).toBe("no rule");
});
