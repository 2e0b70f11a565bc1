import { extensionOf, isMembers, listOf, type Members, membersOf, said } from "./design.js";

/**
 * What API Gateway stores of a method when it imports an operation (developer guide, "OpenAPI extensions"), as GetMethod,
 * GetIntegration and the like tell it. Pure.
 */

/** Parameters that a method declares, with whether they are required. */
export function requestParameters(operation: Members): Members {
  const declared = listOf(operation["parameters"])
    .map(membersOf)
    .filter((each) => places.has(String(each["in"])));
  return Object.fromEntries(
    declared.map((each) => [
      `method.request.${places.get(String(each["in"]))}.${String(each["name"])}`,
      each["required"] === true,
    ]),
  );
}

const places = new Map([
  ["query", "querystring"],
  ["header", "header"],
  ["path", "path"],
]);

/** Model of the body by media type. */
export function requestModels(operation: Members): Members {
  const body = listOf(operation["parameters"])
    .map(membersOf)
    .find((each) => each["in"] === "body");
  return modelsBy(operation["consumes"], body?.["schema"]);
}

/** Responses that the method declares, by status. */
export function methodResponses(operation: Members): Readonly<Record<string, Members>> {
  const statuses = Object.entries(membersOf(operation["responses"])).filter(([status]) => /^\d{3}$/.test(status));
  return Object.fromEntries(
    statuses.map(([statusCode, response]) => {
      const { headers, schema } = membersOf(response);
      const names = Object.keys(membersOf(headers)).map((name) => [`method.response.header.${name}`, false] as const);
      const responseParameters = Object.fromEntries(names);
      return [
        statusCode,
        { statusCode, ...said({ responseParameters, responseModels: modelsBy(operation["produces"], schema) }) },
      ];
    }),
  );
}

/** A schema that is no model of the document has no name. */
function modelsBy(types: unknown, schema: unknown): Members {
  const reference = membersOf(schema)["$ref"];
  if (typeof reference !== "string") return {};
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  const media = listOf(types).length === 0 ? ["application/json"] : listOf(types);
  return Object.fromEntries(media.map((type) => [String(type), name]));
}

/** The integration as GetIntegration tells it, without what the runtime knows better; undefined: the operation has none. */
export function integration(operation: Members): Members | undefined {
  const extension = extensionOf(operation, "integration");
  if (!isMembers(extension)) return undefined;
  const { type, passthroughBehavior, responses, httpMethod, uri, connectionType, connectionId, ...rest } = extension;
  const kind = String(type).toUpperCase();
  const isMock = kind === "MOCK";
  const { credentials, contentHandling, tlsConfig, requestParameters: mapped, requestTemplates } = rest;
  const { cacheKeyParameters, integrationTarget, responseTransferMode } = rest;
  const integrationResponses = integrationResponsesOf(responses);
  return {
    type: kind,
    ...(!isMock && said({ httpMethod, uri, connectionType: connectionType ?? "INTERNET", connectionId })),
    ...said({ credentials, requestParameters: mapped, requestTemplates, contentHandling, tlsConfig }),
    ...said({ integrationTarget, responseTransferMode }),
    passthroughBehavior: String(passthroughBehavior ?? "WHEN_NO_MATCH").toUpperCase(),
    cacheKeyParameters: listOf(cacheKeyParameters),
    ...said({ integrationResponses }),
  };
}

/** By status, as they are stored: the selection patterns, which a document has as keys, are members of them. */
function integrationResponsesOf(responses: unknown): Readonly<Record<string, Members>> {
  return Object.fromEntries(
    Object.entries(membersOf(responses)).map(([pattern, response]) => {
      const { statusCode, responseParameters, responseTemplates, contentHandling } = membersOf(response);
      const selectionPattern = pattern === "default" ? undefined : pattern;
      return [
        String(statusCode),
        {
          statusCode: String(statusCode),
          ...said({ selectionPattern, responseParameters, responseTemplates, contentHandling }),
        },
      ];
    }),
  );
}

/** Name of the method's request validator. */
export function validatorOf(operation: Members, design: { extension(name: string): unknown }): string | undefined {
  const name = extensionOf(operation, "request-validator") ?? design.extension("request-validator");
  return typeof name === "string" ? name : undefined;
}
