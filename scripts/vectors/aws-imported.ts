import type { JsonValue } from "../../src/model/types.js";
import { type Data, dataOf } from "./aws-data.js";

/** What AWS stored beside the methods of an import, as far as recordings and documents both have it; undefined: not recorded. */
export interface StoredApi {
  /** By name; names that a test drew by lot are `*`. */
  readonly authorizers: JsonValue | undefined;
  /** Names of models, and of their properties. */
  readonly models: JsonValue | undefined;
}

export function recordedApi(content: Data): StoredApi {
  const items = (step: string) => (content[step] === undefined ? undefined : itemsOf(content[step]));
  return {
    authorizers: items("get-authorizers")?.map(storedAuthorizer).sort(byText),
    models: items("get-models")
      ?.filter(({ name }) => name !== "Empty" && name !== "Error" && !String(name).startsWith("<"))
      .map(({ name, schema }) => storedModel(String(name), dataOf(schema)))
      .sort(byText),
  };
}

/** The same of a document for AWS, as its import would store it. */
export function documentApi(document: Data): StoredApi {
  const components = dataOf(document["components"]);
  const schemes = Object.values(dataOf(components["securitySchemes"])).map(dataOf);
  return {
    authorizers: schemes
      .filter((scheme) => scheme["x-amazon-apigateway-authorizer"] !== undefined)
      .map((scheme) => storedAuthorizer(dataOf(scheme["x-amazon-apigateway-authorizer"])))
      .sort(byText),
    models: Object.entries(dataOf(components["schemas"]))
      .filter(([name]) => name !== "Empty" && name !== "Error")
      .map(([name, schema]) => storedModel(name, dataOf(schema)))
      .sort(byText),
  };
}

/** Members that both have and that differ. */
export function apiDifferences(recorded: StoredApi, own: StoredApi): readonly string[] {
  return (["authorizers", "models"] as const).flatMap((name) => {
    const wanted = recorded[name];
    if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(own[name])) return [];
    return [`${name}: AWS has ${JSON.stringify(wanted)}, the import ${JSON.stringify(own[name])}`];
  });
}

function storedAuthorizer(authorizer: Data): JsonValue {
  const { type, identitySource, authorizerResultTtlInSeconds, identityValidationExpression, providerARNs } = authorizer;
  const isPool = String(type).toLowerCase() === "cognito_user_pools";
  return {
    type: String(type).toUpperCase(),
    identitySource: identitySource ?? null,
    // What stands for AWS's default is not recorded; of user pools API Gateway shows none.
    ttl: isPool ? null : (authorizerResultTtlInSeconds ?? 300),
    validation: identityValidationExpression ?? null,
    pools: Array.isArray(providerARNs) ? providerARNs.length : 0,
  };
}

/** A model and its properties; where a schema stands, a reference of one API is none of another. */
function storedModel(name: string, schema: Data): JsonValue {
  return { name, properties: Object.keys(dataOf(schema["properties"])).sort() };
}

function itemsOf(value: JsonValue): readonly Data[] {
  const items = Array.isArray(value) ? value : dataOf(value)["items"];
  return Array.isArray(items) ? items.map(dataOf) : [];
}

function byText(a: JsonValue, b: JsonValue): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
