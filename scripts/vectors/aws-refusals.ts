import { AdminProblem } from "../../runtime/admin/admin-message.js";
import type { JsonValue } from "../../src/model/types.js";
import { checkOf } from "../conformance/design-requests.js";
import { type Data, dataOf } from "./aws-data.js";

const api = (id: string, operation: string): Data => ({ operation, apis: [], restApiId: id });
const patch = (operation: string, op: string, path: string | null, value?: JsonValue, more: Data = {}): Data => ({
  [operation]: { patchOperations: [{ op, path, ...(value === undefined ? {} : { value }) }] },
  ...more,
});
const lambda = "arn:aws:lambda:us-east-1:111111111111:function:test";
const invocation = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${lambda}`;
const integration = (type: string, uri: string, integrationHttpMethod?: string): Data => ({
  putIntegration: { type, uri, ...(integrationHttpMethod === undefined ? {} : { integrationHttpMethod }) },
});
const rest = (types: readonly string[] | undefined, ipAddressType?: string, more: Data = {}): Data => ({
  createRestApi: {
    endpointConfiguration: { ...(types ? { types } : {}), ...(ipAddressType ? { ipAddressType } : {}) },
    ...more,
  },
});
const model = (name: string, schema: string | undefined, contentType = "application/json"): Data => ({
  createModel: { name, contentType, ...(schema === undefined ? {} : { schema }) },
});
const privateApi = { restApi: { endpointConfiguration: { types: ["PRIVATE"], ipAddressType: "dualstack" } } };
const wrongOps = (count: number, ...at: readonly number[]): Data => ({
  updateMethodResponse: {
    patchOperations: Array.from({ length: count }, (_, index) => ({
      op: at.includes(index + 1) ? "wrong_op" : "add",
      path: "/responseParameters/method.response.header.foo",
    })),
  },
});

const header = "/responseParameters/method.response.header.my-header";
const ofResponse = (statusCode: string, op: string, path: string): Data => ({
  updateMethodResponse: { statusCode, patchOperations: [{ op, path }] },
});
const method = (more: Data): Data => ({ putMethod: { httpMethod: "ANY", authorizationType: "NONE", ...more } });
/** The tree of the recording, as far as it stood then; each path is its own id. */
const moved = (path: string, value: string, of = "/pets"): Data =>
  patch("updateResource", "replace", path, value, { path: of, resources: ["/pets", "/pets/subpets"] });
const wrongApiOps = (path: string, count: number): Data => ({
  updateRestApi: { patchOperations: Array.from({ length: count }, () => ({ op: "wrong", path, value: "EDGE" })) },
});
const canaryOf = (stageName: string | null): Data => ({
  createDeployment: { stageName, canarySettings: { percentTraffic: 50 } },
  stages: [],
});
const ofPlan = (value: string | undefined): Data => ({
  updateUsagePlan: { patchOperations: [{ op: "remove", path: "/apiStages", ...(value ? { value } : {}) }] },
  planId: "<id:1>",
  stages: ["<api-id:1>:dev"],
});

/**
 * The requests that AWS refused in the recordings, which hold the answers alone: a request is made of what its step is
 * called. By test, then by step.
 */
const refusedRequests: Readonly<Record<string, Readonly<Record<string, Data>>>> = {
  test_create_rest_api_with_optional_params: {
    "create-empty-desc": { createRestApi: { description: "" } },
    "string-compression-size": { createRestApi: { minimumCompressionSize: -1 } },
  },
  test_update_rest_api_compression: {
    "set-negative-compression": patch("updateRestApi", "replace", "/minimumCompressionSize", "-1"),
    "set-string-compression": patch("updateRestApi", "replace", "/minimumCompressionSize", "test"),
    "unsupported-operation": patch("updateRestApi", "add", "/minimumCompressionSize", "10"),
  },
  test_update_rest_api_invalid_api_id: { "not-found-update-rest-api": api("api_id", "updateRestApi") },
  test_delete_resource: { "delete-subresource": { deleteResource: { resourceId: "gone" } } },
  test_create_resource_parent_invalid: { "wrong-resource-parent-id": { getResource: { resourceId: "fake" } } },
  test_create_proxy_resource_validation: {
    "create-proxy-dynamic-sibling-resource": { existing: ["/{proxy+}"], create: "/{dynamic}" },
    "create-proxy-static-child-resource": { existing: ["/{proxy+}"], create: "/{proxy+}/child" },
    "create-proxy-dynamic-child-resource": { existing: ["/{proxy+}"], create: "/{proxy+}/{child}" },
  },
  test_authorizer_crud_no_api: {
    "wrong-rest-api-id-create-authorizer": api("test-fake-rest-id", "createAuthorizer"),
    "wrong-rest-api-id-get-authorizers": api("test-fake-rest-id", "getAuthorizer"),
  },
  test_method_lifecycle: {
    "get-deleted-method-response": { getMethod: { httpMethod: "ANY" } },
    "delete-deleted-method-response": { deleteMethod: { httpMethod: "ANY" } },
  },
  test_method_request_parameters: {
    "req-params-same-name": {
      putMethod: { requestParameters: { "method.request.querystring.foo": true, "method.request.header.foo": true } },
    },
  },
  test_put_method_model: {
    "delete-model-used": { deleteModel: { name: "<name:1>" }, usedBy: ["ANY /"] },
    "delete-model-used-2": { deleteModel: { name: "<name:1>Two" }, usedBy: ["ANY /"] },
    "delete-model-used-by-2-method": { deleteModel: { name: "<name:1>Two" }, usedBy: ["ANY /test", "ANY /"] },
    "delete-model-used-by-method-1": { deleteModel: { name: "<name:1>Two" }, usedBy: ["ANY /"] },
  },
  test_update_method_validation: {
    "wrong-rest-api": { getResource: {} },
    "wrong-resource-id": { getResource: {} },
    "method-does-not-exist": { getMethod: {} },
    "unsupported-operation": patch("updateMethod", "add", "/operationName", "Updated"),
    "unsupported-operation-2": patch("updateMethod", "add", "/authorizationType", "AWS_IAM"),
    "unsupported-path": patch("updateMethod", "replace", "/httpMethod", "GET"),
    "wrong-path-request-parameters": patch("updateMethod", "add", "/requestParameters", "test"),
    "wrong-path-request-models": patch("updateMethod", "add", "/requestModels/application/json", "Empty"),
    "wrong-auth-type": patch("updateMethod", "replace", "/authorizationType", "CUSTOM"),
    "wrong-auth-id": patch("updateMethod", "replace", "/authorizerId", "wrong", {
      method: { authorizationType: "CUSTOM" },
    }),
    "wrong-req-validator-id": patch("updateMethod", "replace", "/requestValidatorId", "abc123"),
  },
  test_model_validation: {
    "create-model-wrong-id": api("abcde0", "createModel"),
    "get-models-wrong-id": api("abcde0", "getModel"),
    "get-model-wrong-id": { getModel: { name: "MySchema" } },
    "del-model-wrong-id": { deleteModel: { name: "MySchema" } },
    "create-model-already-exists": { ...model("MySchema", "{}"), existingModels: ["MySchema"] },
    "create-model-empty-name": model("", "{}"),
    "create-model-empty-schema": model("MySchema", ""),
    "create-model-no-schema-json": model("MySchema", undefined),
    "create-model-no-schema-xml": model("MySchema", undefined, "application/xml"),
  },
  test_update_model: {
    "update-model-wrong-id": patch("updateModel", "replace", "/schema", "{}", { models: [], name: "mySchema" }),
    "update-model-invalid-op": patch("updateModel", "add", "/wrong-path", "not supported op"),
    "update-model-invalid-path": patch("updateModel", "replace", "/name", "new"),
    "update-model-empty-schema": patch("updateModel", "replace", "/schema", ""),
  },
  test_validators_crud_no_api: {
    "wrong-rest-api-id-create-validator": api("test-fake-rest-id", "createRequestValidator"),
    "wrong-rest-api-id-get-validators": api("test-fake-rest-id", "getRequestValidator"),
  },
  test_invalid_get_request_validator: {
    "get-request-validators-invalid-api-id": { getRequestValidator: {} },
    "get-request-validators-invalid-validator-id": { getRequestValidator: {} },
  },
  test_invalid_get_request_validators: { "get-invalid-request-validators": api("api_id", "getRequestValidator") },
  test_create_request_validator_invalid_api_id: {
    "invalid-create-request-validator": api("api_id", "createRequestValidator"),
  },
  test_invalid_update_request_validator_operations: {
    "update-request-validator-invalid-add-operation": patch(
      "updateRequestValidator",
      "add",
      "/validateRequestBody",
      "true",
    ),
    "update-request-validator-invalid-remove-operation": patch(
      "updateRequestValidator",
      "remove",
      "/validateRequestBody",
      "true",
    ),
    "update-request-validator-invalid-path": patch("updateRequestValidator", "replace", "/invalidPath", "true"),
    "update-request-validator-empty-name-value": patch("updateRequestValidator", "replace", "/name", ""),
  },
  test_gateway_response_validation: {
    "get-gateway-responses-no-api": api("fake-api-id", "getGatewayResponse"),
    "get-gateway-response-no-api": api("fake-api-id", "getGatewayResponse"),
    "delete-gateway-response-no-api": api("fake-api-id", "deleteGatewayResponse"),
    "update-gateway-response-no-api": api("fake-api-id", "updateGatewayResponse"),
    "delete-gateway-response-not-set": { deleteGatewayResponse: { responseType: "MISSING_AUTHENTICATION_TOKEN" } },
    "get-gateway-response-wrong-response-type": { getGatewayResponse: { responseType: "FAKE_RESPONSE_TYPE" } },
    "delete-gateway-response-wrong-response-type": { deleteGatewayResponse: { responseType: "FAKE_RESPONSE_TYPE" } },
    "update-gateway-response-wrong-response-type": {
      updateGatewayResponse: { responseType: "FAKE_RESPONSE_TYPE", patchOperations: [] },
    },
    "put-gateway-response-wrong-response-type": { putGatewayResponse: { responseType: "FAKE_RESPONSE_TYPE" } },
  },
  test_update_gateway_response: {
    "update-gateway-add-status-code": patch("updateGatewayResponse", "add", "/statusCode", "404"),
    "update-gateway-remove-status-code": patch("updateGatewayResponse", "remove", "/statusCode"),
    "update-gateway-replace-invalid-parameter": patch(
      "updateGatewayResponse",
      "replace",
      "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin",
      "'*'",
    ),
    "update-gateway-no-path": patch("updateGatewayResponse", "replace", null, "404"),
    "update-gateway-wrong-op": patch("updateGatewayResponse", "wrong-op", "/statusCode", "404"),
    "update-gateway-wrong-path": patch("updateGatewayResponse", "replace", "/wrongPath", "404"),
    "update-gateway-replace-invalid-parameter-0-none": patch(
      "updateGatewayResponse",
      "replace",
      "/responseTemplates/application~1json",
    ),
    "update-gateway-replace-invalid-parameter-1-none": patch(
      "updateGatewayResponse",
      "replace",
      "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin",
    ),
  },
  test_invoke_test_method: {
    "resource-method-not-found": { testInvokeMethod: {} },
    "resource-id-not-found": { getResource: {} },
    "rest-api-not-found": { getResource: {} },
  },
  test_doc_parts_crud_no_api: {
    "wrong-rest-api-id-create-doc-part": api("test-fake-rest-id", "createDocumentationPart"),
    "wrong-rest-api-id-get-doc-parts": api("test-fake-rest-id", "getDocumentationPart"),
  },
  test_invalid_get_documentation_part: {
    "get-documentation-part-invalid-api-id": { getDocumentationPart: {} },
    "get-documentation-part-invalid-doc-id": { getDocumentationPart: {} },
  },
  test_invalid_get_documentation_parts: { "get-inavlid-documentation-parts": api("api_id", "getDocumentationPart") },
  test_invalid_create_documentation_part_operations: {
    create_documentation_part_invalid_api_id: api("api_id", "createDocumentationPart"),
    create_documentation_part_invalid_location_type: { createDocumentationPart: { location: { type: "INVALID" } } },
  },
  test_invalid_delete_documentation_part: {
    delete_documentation_part_wrong_api_id: api("api_id", "deleteDocumentationPart"),
    delete_already_deleted_documentation_part: { deleteDocumentationPart: {} },
  },
  test_integration_response_wrong_api: {
    "put-integration-response-wrong-api": { getResource: {} },
    "get-integration-response-wrong-api": { getResource: {} },
  },
  test_integration_response_wrong_method: {
    "put-integration-response-wrong-method": { getMethod: {} },
    "get-integration-response-wrong-method": { getMethod: {} },
  },
  test_integration_response_invalid_statuscode: {
    "put-integration-response-invalid-statusCode": { putIntegrationResponse: { statusCode: "wrong" } },
    "get-integration-response-invalid-statusCode": { putIntegrationResponse: { statusCode: "wrong" } },
  },
  test_integration_response_wrong_status_code: {
    "get-integration-response-wrong-status-code": { getIntegrationResponse: { statusCode: "201" } },
  },
  test_update_method_response_wrong_operations: {
    "update-method-response-wrong-operation-1": wrongOps(1, 1),
    "update-method-response-wrong-operation-2": wrongOps(2, 1),
    "update-method-response-wrong-operation-3": wrongOps(2, 1, 2),
    "update-method-response-wrong-operation-4": wrongOps(4, 1, 2, 3, 4),
    "update-method-response-wrong-operation-5": wrongOps(3, 1, 3),
  },
  test_update_method_wrong_param_names: {
    "update-method-response-operation-with-wrong-param-name-1": patch(
      "updateMethodResponse",
      "replace",
      "/responseParameters/x",
    ),
    "update-method-response-operation-with-wrong-param-name-2": patch(
      "updateMethodResponse",
      "remove",
      "/responseParameters/x",
    ),
    "update-method-response-operation-with-wrong-param-name-3": patch(
      "updateMethodResponse",
      "replace",
      "/responseModels/a~1b",
    ),
    "update-method-response-operation-with-wrong-param-name-4": patch(
      "updateMethodResponse",
      "remove",
      "/responseModels/a~1b",
    ),
  },
  test_create_rest_api_with_endpoint_configuration: {
    "create-with-empty-types": rest([]),
    "create-with-invalid-ip-address-type": rest(undefined, "wrong"),
    "create-with-invalid-types": rest(["wrong"]),
    "create-with-invalid-ip-address-type-and-types": rest(["wrong"], "wrong"),
    "create-with-invalid-types-and-ip-address-type": rest(["wrong"], "wrong"),
    "create-with-multiple-errors-1": rest(["wrong"], "wrong", { description: "" }),
    "create-with-multiple-errors-2": rest([], "ipv4", { description: "", minimumCompressionSize: -1 }),
    "create-with-two-types": rest(["EDGE", "REGIONAL"]),
  },
  test_create_rest_api_private_type: {
    "create-with-private-type-and-ipv4-ip-address-type": rest(["PRIVATE"], "ipv4"),
    "create-with-private-type-and-wrong-ip-address-type": rest(["PRIVATE"], "wrong"),
    "create-with-private-type-and-ipv4-ip-address-type-and-empty-description": rest(["PRIVATE"], "ipv4", {
      description: "",
    }),
  },
  test_update_rest_api_ip_address_type: {
    "update-rest-api-replace-to-ipv4-within-private-type": patch(
      "updateRestApi",
      "replace",
      "/endpointConfiguration/ipAddressType",
      "ipv4",
      privateApi,
    ),
    "update-rest-api-wrong-ipAddressType": patch(
      "updateRestApi",
      "replace",
      "/endpointConfiguration/ipAddressType",
      "wrong",
    ),
    "update-rest-api-wrong-type": patch("updateRestApi", "replace", "/endpointConfiguration/types/0", "wrong"),
    "update-rest-api-invalid-operation-on-ipAddressType": patch(
      "updateRestApi",
      "add",
      "/endpointConfiguration/ipAddressType",
      "ipv4",
    ),
    "update-rest-api-invalid-operation-on-type": patch(
      "updateRestApi",
      "copy",
      "/endpointConfiguration/types/0",
      "EDGE",
    ),
  },
  test_update_resource_on_root: {
    "update-root-path-part": patch("updateResource", "replace", "/pathPart", "new", { root: true }),
    "update-root-parent": patch("updateResource", "replace", "/parentId", "new", { root: true }),
  },
  test_import_documentation_parts_bad_file: {
    "import-documentation-parts-bad-yaml-file": { importDocumentationParts: { body: "not: [valid" } },
    "import-documentation-parts-bad-json-file": { importDocumentationParts: { body: '{"wrong": 1}' } },
  },
  test_delete_vpc_link_invalid_id: { delete_vpc_link_invalid_id: { deleteVpcLink: {} } },
  test_update_stage_canary_deployment_validation: {
    "update-stage-canary-settings-remove-overrides": patch(
      "updateStage",
      "remove",
      "/canarySettings/stageVariableOverrides",
    ),
    "update-stage-canary-settings-bad-path": patch("updateStage", "remove", "/canarySettings/badPath"),
    "update-stage-canary-settings-bad-path-2": patch("updateStage", "replace", "/canarySettings", "x"),
    "update-stage-canary-settings-replace-bad-path": patch("updateStage", "replace", "/canarySettings/badPath", "x"),
    "update-stage-add-deployment": patch("updateStage", "add", "/canarySettings/deploymentId", "x"),
    "update-stage-no-deployment": patch("updateStage", "replace", "/canarySettings/deploymentId", "x", {
      deployments: [],
    }),
  },
  test_update_stage_with_copy_ops: {
    "copy-with-bad-statement": {
      updateStage: {
        patchOperations: [{ op: "copy", path: "/canarySettings/stageVariableOverrides", from: "/variables" }],
      },
    },
    "copy-with-no-replace": {
      updateStage: {
        patchOperations: [{ op: "copy", path: "/variables", from: "/canarySettings/stageVariableOverrides" }],
      },
    },
  },
  test_create_update_stages: {
    "error-update-doc-version": patch("updateStage", "replace", "/documentation_version", "x"),
    "error-update-tags": patch("updateStage", "replace", "/tags/tag1", "x"),
  },
  "test_create_delete_deployments[True]": {
    "delete-deployment-error-0": { deleteDeployment: {}, stages: ["a"] },
    "delete-deployment-error-1": { deleteDeployment: {}, stages: ["a"] },
    "delete-deployment-error-2": { deleteDeployment: {}, stages: ["a"] },
  },
  test_create_update_deployments: {
    "delete-deployment-error": { deleteDeployment: {}, stages: ["a"] },
    "delete-deployment-2-error": { deleteDeployment: {}, stages: ["a"] },
  },
  test_create_api_key_with_invalid_name: {
    "create-api-key-name-too-long": { createApiKey: { name: "k".repeat(1025) } },
  },
  test_create_api_key_with_invalid_value: {
    "create-api-key-short-value": { createApiKey: { value: "short" } },
    "create-api-key-invalid-value-too-long": { createApiKey: { value: "k".repeat(129) } },
  },
  test_update_api_key_invalid_description_length: {
    "create-api-key-description-too-long": { createApiKey: { description: "d".repeat(125_001) } },
    "update-api-key-description-too-long": patch("updateApiKey", "replace", "/description", "d".repeat(125_001)),
  },
  "test_import_and_validate_rest_api[swagger-mock-cors.json]": {
    "method-response-product-get": { getMethodResponse: { statusCode: "200" } },
    "integration-response-product-get": { getIntegrationResponse: { statusCode: "200" } },
    "method-response-product/{product_id}-get": { getMethodResponse: { statusCode: "200" } },
    "integration-response-product/{product_id}-get": { getIntegrationResponse: { statusCode: "200" } },
  },
  test_import_with_cognito_auth_identity_source: {
    "integration-response-pets-get": { getIntegrationResponse: { statusCode: "200" } },
  },
  test_import_api_bad_file: {
    "import-api-bad-yaml-file": { importRestApi: { body: "not: [valid" } },
    "import-api-bad-json-file": { importRestApi: { body: '{"wrong": 1}' } },
    "put-rest-api-bad-yaml-file": { putRestApi: { body: "not: [valid" } },
    "put-rest-api-bad-json-file": { putRestApi: { body: '{"wrong": 1}' } },
  },
  test_put_integration_validation: {
    "required-integration-method-HTTP": integration("HTTP", "https://example.com"),
    "required-integration-method-HTTP_PROXY": integration("HTTP_PROXY", "https://example.com"),
    "required-integration-method-AWS": integration("AWS", `${invocation}/invocations`),
    "no-s3-support-AWS_PROXY": integration("AWS_PROXY", "arn:aws:apigateway:us-east-1:s3:path/bucket/key", "POST"),
    "invalid-uri-HTTP": integration("HTTP", "non-valid-http", "POST"),
    "invalid-uri-HTTP_PROXY": integration("HTTP_PROXY", "non-valid-http", "POST"),
    "invalid-uri-not-an-arn": integration("AWS", "non-valid-arn", "POST"),
    "invalid-uri-invalid-arn": integration("AWS", "arn:aws:iam::0000000000:role/service-role/asdf", "POST"),
  },
  test_lambda_aws_integration_with_request_template: { "get-integration-after-delete": { getIntegration: {} } },
  test_put_integration_aws_proxy_uri: {
    "put-integration-lambda-uri": integration("AWS_PROXY", lambda, "POST"),
    "put-integration-wrong-arn": integration("AWS_PROXY", "wrong", "POST"),
    "put-integration-wrong-type": integration("AWS_PROXY", "arn:aws:apigateway:us-east-1:lambda:wrong/x", "POST"),
    "put-integration-wrong-firehose": integration(
      "AWS_PROXY",
      "arn:aws:apigateway:us-east-1:firehose:action/DescribeDeliveryStream",
      "POST",
    ),
    "put-integration-bad-lambda-arn": integration(
      "AWS_PROXY",
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/wrong/invocations",
      "POST",
    ),
  },
  test_update_rest_api_behaviour: {
    "update-rest-api-add-base-path": patch("updateRestApi", "add", "/binaryMediaTypes", "image/gif"),
    "update-rest-api-replace-base-path": patch("updateRestApi", "replace", "/binaryMediaTypes", "image/gif"),
    "update-rest-api-remove-base-path": patch("updateRestApi", "remove", "/binaryMediaTypes"),
  },
  test_update_resource_behaviour: {
    "nonexistent-resource": { getResource: {} },
    "invalid-path-part": moved("/invalid", "dogs"),
    "invalid-parent-id": moved("/parentId", "gone"),
    "existing-future-sibling-path": moved("/parentId", "/", "/pets/subpets/pets"),
    "update-parent-id-to-subresource-id": moved("/parentId", "/pets/subpets"),
    "update-path-already-exists": moved("/pathPart", "pets", "/subpets"),
    "remove-unsupported": patch("updateResource", "remove", "/pathPart"),
    "add-unsupported": patch("updateResource", "add", "/pathPart", "added-pets"),
  },
  test_put_method_validation: {
    "wrong-api": { getResource: {} },
    "wrong-resource": { getResource: {} },
    "wrong-method": method({ httpMethod: "WRONG" }),
    "missing-authorizer-id": method({ authorizationType: "CUSTOM" }),
    "invalid-request-validator": method({ requestValidatorId: "gone" }),
    "invalid-model-name": method({ requestModels: { "application/json": "petModel" } }),
  },
  test_request_validator_lifecycle: { "get-deleted-request-validator": { getRequestValidator: {} } },
  test_invalid_delete_request_validator: {
    "delete-request-validator-invalid-api-id": { deleteRequestValidator: {} },
    "delete-request-validator-invalid-validator-id": { deleteRequestValidator: {} },
  },
  test_put_integration_wrong_type: { "put-integration-wrong-type": integration("HTTPS_PROXY", "https://a.example") },
  test_invalid_update_documentation_part: {
    "update-documentation-part-invalid-api-id": { getDocumentationPart: {} },
    "update-documentation-part-invalid-add-operation": patch("updateDocumentationPart", "add", "/properties", "{}"),
    "update-documentation-part-invalid-path": patch("updateDocumentationPart", "replace", "/invalidPath", "{}"),
  },
  test_put_integration_response_validation: {
    "put-integration-wrong-method": { getMethod: {} },
    "put-integration-wrong-resource": { getResource: {} },
    "put-integration-response-wrong-method": { getMethod: {} },
    "put-integration-response-wrong-resource": { getResource: {} },
  },
  test_put_integration_request_parameter_bool_type: {
    "put-method-request-param-wrong-type": method({
      requestParameters: { "method.request.path.testPath": true, true: true },
    }),
  },
  test_integration_response_wrong_resource: {
    "put-integration-response-wrong-resource": { getResource: {} },
    "get-integration-response-wrong-resource": { getResource: {} },
  },
  test_integration_response_invalid_responsetemplates: {
    "put-integration-response-invalid-responseTemplates-2": {
      putIntegrationResponse: { statusCode: "200", responseTemplates: { 123: "{}" } },
    },
  },
  test_integration_response_invalid_integration: {
    "get-integration-response-without-integration": { getIntegration: {} },
  },
  test_update_method_response_negative_tests: {
    "update-method-response-wrong-statuscode": { getMethodResponse: { statusCode: "201" } },
    "update-method-response-invalid-statuscode": ofResponse("wrong", "replace", header),
    "update-method-response-invalid-statuscode-and-wrong-op": ofResponse("wrong", "wrong_op", header),
    "update-method-response-wrong-resource": { getResource: {} },
    "update-method-response-wrong-method": { getMethod: {} },
  },
  test_update_method_lack_response_parameters_and_models: {
    "update-method-response-operation-without-response-parameters": ofResponse("200", "remove", header),
    "update-method-response-operation-without-response-models": ofResponse(
      "200",
      "remove",
      "/responseModels/application~1json",
    ),
    "update-method-response-operation-with-wrong-path": ofResponse(
      "200",
      "remove",
      "/wrong/method.response.header.my-header",
    ),
  },
  test_create_rest_api_verify_defaults: { "create-with-empty-ip-address-type-and-wrong-type": rest(["wrong"], "") },
  test_update_rest_api_concatenation_of_errors: {
    "update-rest-api-wrong-operations-on-ipAddressType": wrongApiOps("/endpointConfiguration/ipAddressType", 2),
    "update-rest-api-wrong-operations-on-type": wrongApiOps("/endpointConfiguration/types/0", 2),
    "update-rest-api-wrong-operations-on-type-and-on-ip-address-type": wrongApiOps("/binaryMediaTypes", 3),
  },
  test_delete_integration_response_errors: {
    "non-existent-resource": { getResource: {} },
    "non-existent-api-id": { getResource: {} },
    "non-existent-method": { getIntegration: {} },
    "non-existent-status-code": { deleteIntegrationResponse: { statusCode: "201" } },
    "bad-method": { getIntegration: {} },
  },
  test_get_integration_non_existent: {
    "get-integration-no-api": { getResource: {} },
    "get-integration-no-resource": { getResource: {} },
    "get-integration-no-method": { getMethod: {} },
    "get-integration-no-integration": { getIntegration: {} },
  },
  test_get_vpc_link_invalid_id: { get_vpc_link_invalid_id: { getVpcLink: {} } },
  test_update_vpc_link_invalid_id: { update_vpc_link_invalid_id: { getVpcLink: {} } },
  test_stage_access_log_settings_validation: {
    "invalid-path-add": patch("updateStage", "add", "/accessLogSettings/randomValue", "updated"),
    "invalid-path-remove": patch("updateStage", "remove", "/accessLogSettings/randomValue", "updated"),
    "invalid-path-replace": patch("updateStage", "replace", "/accessLogSettings/randomValue", "updated"),
    "star-and-add": patch("updateStage", "add", "/accessLogSettings/*", "updated"),
    "star-and-remove": patch("updateStage", "remove", "/accessLogSettings/*", "updated"),
    "star-and-replace": patch("updateStage", "replace", "/accessLogSettings/*", "updated"),
    "root-and-add": patch("updateStage", "add", "/accessLogSettings", "test"),
    "root-and-replace": patch("updateStage", "replace", "/accessLogSettings", "test"),
    "update-stage-access-log-destinationArn-empty": patch(
      "updateStage",
      "replace",
      "/accessLogSettings/destinationArn",
      "",
    ),
    "update-stage-access-log-format-empty": patch("updateStage", "replace", "/accessLogSettings/format", ""),
    "update-stage-access-log-dest-remove": patch("updateStage", "remove", "/accessLogSettings/destinationArn"),
  },
  test_create_canary_deployment: {
    "bad-canary-deployment-id": patch("updateStage", "replace", "/canarySettings/deploymentId", "deploy", {
      deployments: [],
    }),
  },
  test_create_canary_deployment_validation: {
    "create-canary-deployment-no-stage": canaryOf(null),
    "create-canary-deployment-empty-stage": canaryOf(""),
    "create-canary-deployment-non-existing-stage": canaryOf("non-existing"),
  },
  test_usage_plan_crud: {
    "update-wrong-id": { updateUsagePlan: { planId: "gone" }, plans: [] },
    "update-wrong-api-stages-no-value": ofPlan(undefined),
    "update-wrong-api-stages-wrong-api": ofPlan("<api-id:1>b:dev"),
    "update-wrong-api-stages-wrong-stage": ofPlan("<api-id:1>:fakestagename"),
    "update-wrong-api-stages-wrong-value": ofPlan("fakevalue"),
  },
  "test_create_delete_deployments[False]": {
    "delete-deployment-error-0": { deleteDeployment: {}, stages: ["a"] },
    "delete-deployment-error-1": { deleteDeployment: {}, stages: ["a"] },
    "delete-deployment-error-2": { deleteDeployment: {}, stages: ["a"] },
  },
  test_error_aws_proxy_not_supported: {
    "create-integration-error": integration("AWS_PROXY", "arn:aws:apigateway:us-east-1:dynamodb:action/Query", "POST"),
  },
  test_update_api_key_immutable_field: {
    "update-api-key-immutable-field": patch("updateApiKey", "replace", "/id", "new"),
  },
};

/** Refusals of a recording: steps that hold an error of the control plane. */
function refusalsIn(content: Data): readonly (readonly [step: string, error: Data, status: JsonValue | undefined])[] {
  return Object.entries(content).flatMap(([step, value]) => {
    const answer = dataOf(value);
    const error = dataOf(answer["Error"]);
    const code = String(error["Code"] ?? "");
    if (!/(?:BadRequest|NotFound|Conflict|Validation)Exception$/.test(code)) return [];
    return [[step, error, dataOf(answer["ResponseMetadata"])["HTTPStatusCode"]] as const];
  });
}

/**
 * Compares what AWS refused with what the rules refuse.
 *
 * @returns undefined when the recording has no refusals; those that differ, and those whose request nobody has written down
 */
export function compareRefusals(
  id: string,
  content: Data,
): { readonly compared: number; readonly failed: readonly string[]; readonly unknown: readonly string[] } | undefined {
  const refusals = refusalsIn(content);
  if (refusals.length === 0) return undefined;
  const requests = refusedRequests[id] ?? {};
  const failed: string[] = [];
  const unknown: string[] = [];
  for (const [step, error, status] of refusals) {
    const given = requests[step];
    if (given === undefined) {
      unknown.push(step);
      continue;
    }
    const own = answerOf(given);
    const recorded = `${String(status)} ${String(error["Code"])}: ${String(error["Message"])}`;
    if (own !== recorded) failed.push(`${step}: AWS says ${recorded}, the rules say ${own}`);
  }
  return { compared: refusals.length - unknown.length, failed, unknown };
}

function answerOf(given: Data): string {
  const check = checkOf(given);
  if (check === undefined) return "nothing: no rule";
  try {
    check();
    return "nothing";
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    return `${error.status} ${error.type}: ${error.message}`;
  }
}
