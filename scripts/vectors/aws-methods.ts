import type { JsonValue } from "../../src/model/types.js";
import { type Data, dataOf } from "./aws-data.js";

/** What API Gateway stores of a method, as far as recordings and documents both have it; `undefined` members are absent. */
export interface StoredMethod {
  readonly apiKeyRequired: boolean;
  readonly authorizationType: string;
  readonly authorizationScopes: JsonValue;
  readonly requestParameters: JsonValue;
  readonly requestModels: JsonValue;
  readonly responses: JsonValue;
  readonly type: JsonValue;
  readonly uri: JsonValue;
  readonly httpMethod: JsonValue;
  readonly passthroughBehavior: JsonValue;
  readonly contentHandling: JsonValue;
  readonly timeoutInMillis: JsonValue;
  readonly mappings: JsonValue;
  readonly requestTemplates: JsonValue;
  readonly integrationResponses: JsonValue;
}

/** The methods of a recording: steps that hold a whole method, by path and method of the resource. */
export function recordedMethods(content: Data): ReadonlyMap<string, StoredMethod> {
  const methods = new Map<string, StoredMethod>();
  for (const [step, value] of Object.entries(content)) {
    const name = /(?:^|-)method-((?!response).*)-(\w+)$/.exec(step);
    const method = dataOf(value);
    if (!name || !method["methodIntegration"]) continue;
    const path = name[1] === "root" ? "/" : `/${name[1]}`;
    methods.set(`${String(method["httpMethod"])} ${path}`, storedMethod(method, dataOf(method["methodIntegration"])));
  }
  return methods;
}

function storedMethod(method: Data, integration: Data): StoredMethod {
  return {
    apiKeyRequired: method["apiKeyRequired"] === true,
    authorizationType: String(method["authorizationType"]),
    authorizationScopes: sortedList(method["authorizationScopes"]),
    requestParameters: sorted(method["requestParameters"]),
    requestModels: typesOf(method["requestModels"]),
    responses: sorted(
      Object.fromEntries(
        Object.entries(dataOf(method["methodResponses"])).map(([status, response]) => [
          status,
          {
            headers: Object.keys(dataOf(dataOf(response)["responseParameters"]))
              .map(headerName)
              .sort(),
          },
        ]),
      ),
    ),
    ...storedIntegration(integration, integration["integrationResponses"]),
  };
}

/** What is stored of an integration, in one form for recordings and documents. */
export function storedIntegration(integration: Data, responses: JsonValue | undefined) {
  const type = String(integration["type"] ?? "").toUpperCase();
  const isMock = type === "MOCK";
  return {
    type,
    uri: isMock
      ? null
      : String(integration["uri"] ?? "")
          .replaceAll("<partition>", "aws")
          .replaceAll(/<[\w-]+(?::\d+)?>/g, "*"),
    httpMethod: isMock ? null : (integration["httpMethod"] ?? null),
    // Proxies have no templates to pass by.
    passthroughBehavior: type.endsWith("_PROXY")
      ? null
      : String(integration["passthroughBehavior"] ?? "WHEN_NO_MATCH").toUpperCase(),
    contentHandling: integration["contentHandling"] ?? null,
    timeoutInMillis: isMock ? null : (integration["timeoutInMillis"] ?? 29_000),
    mappings: sorted(integration["requestParameters"]),
    requestTemplates: sorted(parsed(integration["requestTemplates"])),
    integrationResponses: sorted(
      Object.fromEntries(
        Object.values(dataOf(responses)).map((each) => {
          const { statusCode, selectionPattern, responseParameters, responseTemplates } = dataOf(each);
          return [
            String(statusCode),
            sorted({
              pattern: selectionPattern ?? null,
              headers: sorted(responseParameters),
              templates: sorted(parsed(responseTemplates)),
            }),
          ];
        }),
      ),
    ),
  };
}

/** The methods of an OpenAPI document for AWS, as its import would store them. */
export function documentMethods(document: Data): ReadonlyMap<string, StoredMethod> {
  const methods = new Map<string, StoredMethod>();
  const schemes = dataOf(dataOf(document["components"])["securitySchemes"]);
  for (const [path, item] of Object.entries(dataOf(document["paths"]))) {
    for (const [word, value] of Object.entries(dataOf(item))) {
      const operation = dataOf(value);
      const method = word.startsWith("x-") ? "ANY" : word.toUpperCase();
      methods.set(`${method} ${path}`, documentMethod(operation, schemes));
    }
  }
  return methods;
}

function documentMethod(operation: Data, schemes: Data): StoredMethod {
  const integration = dataOf(operation["x-amazon-apigateway-integration"]);
  const responses = Object.fromEntries(
    Object.entries(dataOf(integration["responses"])).map(([key, value]) => [
      key,
      { ...dataOf(value), ...(key === "default" ? {} : { selectionPattern: key }) },
    ]),
  );
  return {
    ...securityOf(operation, schemes),
    requestParameters: parametersOf(operation),
    requestModels: typesOf(dataOf(operation["requestBody"])["content"] ?? null),
    responses: sorted(
      Object.fromEntries(
        Object.entries(dataOf(operation["responses"]))
          .filter(([status]) => status !== "default")
          .map(([status, response]) => [status, { headers: Object.keys(dataOf(dataOf(response)["headers"])).sort() }]),
      ),
    ),
    ...storedIntegration(integration, responses),
  };
}

function securityOf(operation: Data, schemes: Data) {
  const requirements = Array.isArray(operation["security"]) ? (operation["security"] as readonly JsonValue[]) : [];
  let authorizationType = "NONE";
  let scopes: JsonValue = null;
  let apiKeyRequired = false;
  for (const [name, asked] of requirements.flatMap((each) => Object.entries(dataOf(each)))) {
    const authtype = String(dataOf(schemes[name])["x-amazon-apigateway-authtype"] ?? "");
    if (authtype === "") apiKeyRequired = true;
    else authorizationType = authtype === "awsSigv4" ? "AWS_IAM" : authtype.toUpperCase();
    if (authtype !== "" && Array.isArray(asked) && asked.length > 0) scopes = sortedList(asked as JsonValue);
  }
  return { apiKeyRequired, authorizationType, authorizationScopes: scopes };
}

const places: Readonly<Record<string, string>> = { query: "querystring", header: "header", path: "path" };

function parametersOf(operation: Data): JsonValue {
  const list = Array.isArray(operation["parameters"]) ? (operation["parameters"] as readonly JsonValue[]) : [];
  return sorted(
    Object.fromEntries(
      list
        .map(dataOf)
        .map((each) => [
          `method.request.${places[String(each["in"])]}.${String(each["name"])}`,
          each["required"] === true,
        ]),
    ),
  );
}

/** Which media types there are; names of models are the account's. */
function typesOf(models: JsonValue | undefined): JsonValue {
  const types = Object.keys(dataOf(models)).sort();
  return types.length > 0 ? types : null;
}

function headerName(parameter: string): string {
  return parameter.replace("method.response.header.", "");
}

/** Templates that are JSON are recorded parsed. */
function parsed(templates: JsonValue | undefined): JsonValue {
  return Object.fromEntries(
    Object.entries(dataOf(templates)).map(([type, text]) => [
      type,
      typeof text === "string" ? jsonOrText(text) : sorted(text),
    ]),
  );
}

function jsonOrText(text: string): JsonValue {
  try {
    return sorted(JSON.parse(text) as JsonValue);
  } catch {
    return text.trim();
  }
}

function sortedList(value: JsonValue | undefined): JsonValue {
  return Array.isArray(value) ? [...(value as readonly JsonValue[])].sort() : null;
}

/** Members by name; an empty or missing map is null. */
export function sorted(value: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) return value as JsonValue;
  if (typeof value !== "object" || value === null) return value ?? null;
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member as JsonValue)] as const);
  if (entries.length === 0) return null;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
