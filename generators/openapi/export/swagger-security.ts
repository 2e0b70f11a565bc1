import type { JsonValue } from "../../../src/model/types.js";
import { type JsonObject, jsonObject } from "../../emit/stable-json.js";
import { eachMember, membersOf } from "./members.js";

/** Security Definitions: bearer tokens and OpenID Connect, unknown to Swagger 2.0, are the header that they come in. */
export function swaggerSchemes(schemes: JsonObject): JsonObject {
  return eachMember(schemes, (value) => {
    const scheme = membersOf(value);
    if (scheme.type === "apiKey") return scheme;
    const {
      type: _,
      scheme: __,
      bearerFormat: ___,
      flows: ____,
      openIdConnectUrl,
      description,
      ...extensions
    } = scheme;
    const note = typeof openIdConnectUrl === "string" ? `A bearer token, see ${openIdConnectUrl}` : "A bearer token";
    return jsonObject({
      type: "apiKey",
      name: "Authorization",
      in: "header",
      description: description ?? note,
      ...extensions,
    });
  });
}

/** Requirements: only OAuth 2 has scopes in Swagger 2.0, and API Gateway's authorizers have them. */
export function swaggerRequirements(security: JsonValue | undefined, schemes: JsonObject): JsonValue | undefined {
  if (!Array.isArray(security)) return undefined;
  return security.map((requirement: JsonValue) =>
    jsonObject(
      Object.fromEntries(
        Object.entries(membersOf(requirement)).map(([name, scopes]) => [
          name,
          takesScopes(schemes[name]) ? scopes : [],
        ]),
      ),
    ),
  );
}

function takesScopes(scheme: JsonValue | undefined): boolean {
  return "x-amazon-apigateway-authorizer" in membersOf(scheme);
}
