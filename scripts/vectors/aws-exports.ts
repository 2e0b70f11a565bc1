import type { JsonObject } from "../../generators/emit/stable-json.js";
import { toSwagger } from "../../generators/openapi/export/swagger.js";
import type { JsonValue } from "../../src/model/types.js";
import type { Data } from "./aws-data.js";

const address = { host: "<api-id:1>.execute-api.<region>.amazonaws.com", basePath: "/local" };
const steps = ["get-export", "get-export-with-extensions"];

/**
 * Compares AWS's exports of one API in OpenAPI 3.0 and in Swagger 2.0: ours of the one has to be the other.
 *
 * @param other  the recording of the other format
 * @returns undefined when these are no exports
 */
export function compareExports(id: string, content: Data, other: Data | undefined): readonly string[] | undefined {
  if (!id.startsWith("test_export_") || other === undefined) return undefined;
  const [oas30, swagger] = id.includes("oas30") ? [content, other] : [other, content];
  return steps.flatMap((step) => {
    const made = toSwagger(bodyOf(oas30, step), address, "aws");
    const own = withoutIdleTypes(made);
    return own === withoutIdleTypes(bodyOf(swagger, step)) ? [] : [`${step}: Swagger of the export is another one`];
  });
}

/** Name of the recording of the other format. */
export function otherExport(id: string): string {
  return id.includes("oas30") ? id.replace("oas30", "swagger") : id.replace("swagger", "oas30");
}

function bodyOf(content: Data, step: string): JsonObject {
  return ((content[step] as { readonly body?: JsonObject } | undefined)?.body ?? {}) as JsonObject;
}

/** What API Gateway knows of operations without a body and does not write in OpenAPI 3.0. Members by name. */
function withoutIdleTypes(document: JsonValue): string {
  return JSON.stringify(document, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const map = value as Record<string, unknown>;
    const parameters = map["parameters"] as readonly { readonly in?: string }[] | undefined;
    const isIdle = "responses" in map && !parameters?.some((parameter) => parameter.in === "body");
    const names = Object.keys(map).filter((name) => !isIdle || (name !== "consumes" && name !== "produces"));
    return Object.fromEntries(names.sort().map((name) => [name, map[name]]));
  });
}
