import { type JsonObject, jsonObject, unlessEmpty } from "../../emit/stable-json.js";
import type { Flavour } from "../flavour.js";
import { eachMember, membersOf } from "./members.js";
import { swaggerOperation } from "./swagger-operation.js";
import { swaggerSchemas } from "./swagger-schema.js";
import { swaggerSchemes } from "./swagger-security.js";

/** Where a Swagger document says that the API is. */
export interface SwaggerAddress {
  readonly host: string;
  /** With its slash. */
  readonly basePath: string;
}

const endpointConfiguration = "x-amazon-apigateway-endpoint-configuration";

/**
 * An OpenAPI 3.0 document of ours as Swagger 2.0. What Swagger has no word for stands under `x-`, but in API Gateway's
 * flavour: API Gateway reads JSON Schema (draft-04) in both and exports it so.
 */
export function toSwagger(document: JsonObject, { host, basePath }: SwaggerAddress, flavour: Flavour): JsonObject {
  const { openapi: _, info, servers, tags, paths, components, ...extensions } = document;
  const { schemas, securitySchemes } = membersOf(components);
  const [server] = Array.isArray(servers) ? servers : [];
  const convert = swaggerSchemas(membersOf(schemas), flavour);
  const schemes = membersOf(securitySchemes);
  return jsonObject({
    swagger: "2.0",
    info,
    host,
    basePath,
    schemes: ["https"],
    tags,
    paths: eachMember(membersOf(paths), (item) =>
      eachMember(membersOf(item), (operation) => swaggerOperation(membersOf(operation), convert, schemes, flavour)),
    ),
    securityDefinitions: unlessEmpty(swaggerSchemes(schemes)),
    definitions: unlessEmpty(eachMember(membersOf(schemas), convert.schema)),
    [endpointConfiguration]: membersOf(server)[endpointConfiguration],
    ...extensions,
  });
}
