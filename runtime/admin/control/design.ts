import type { ServedApi } from "../../host/host-table.js";
import { AdminProblem } from "../admin-message.js";
import type { AdminTarget, ExportWish } from "../admin-target.js";

/** Members of a JSON object that nobody has looked at yet. */
export type Members = Readonly<Record<string, unknown>>;

const prefix = "x-amazon-apigateway-";

/**
 * How an API is designed: the document of its build that API Gateway would import. A gateway keeps none of it in its Program, as
 * it has become code there; what lies beside says it.
 */
export class Design {
  constructor(readonly document: Members) {}

  /** An extension of the document. */
  extension(name: string): unknown {
    return this.document[prefix + name];
  }

  /** The operation of a route: `ANY` stands in an extension. */
  operation(path: string, method: string): Members | undefined {
    const item = membersOf(membersOf(this.document["paths"])[path]);
    const operation = item[method === "ANY" ? `${prefix}any-method` : method.toLowerCase()];
    return isMembers(operation) ? operation : undefined;
  }

  /** Security schemes by name, of Swagger 2.0 and of OpenAPI 3.0. */
  get schemes(): Members {
    const { securityDefinitions, components } = this.document;
    return membersOf(securityDefinitions ?? membersOf(components)["securitySchemes"]);
  }
}

/** @returns undefined where nothing was built for API Gateway beside the gateway */
export function designOf(
  target: AdminTarget,
  { name: apiName, slots }: ServedApi,
  format: ExportWish["format"] = "swagger",
): Design | undefined {
  const { name: stage = "", deploymentId: deployment = "" } = slots[0]?.live ?? {};
  try {
    const wish = { apiName, stage, deployment, format, notation: "json", extensions: ["apigateway"] } as const;
    const exported = target.exportApi?.(wish);
    return exported && new Design(JSON.parse(Buffer.from(exported.body).toString("utf8")) as Members);
  } catch (error) {
    // The file was not built for API Gateway.
    if (error instanceof AdminProblem) return undefined;
    throw error;
  }
}

export function extensionOf(object: Members, name: string): unknown {
  return object[prefix + name];
}

/** The object, or one without members where there is none. */
export function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without members that say nothing: undefined ones, empty lists and maps. */
export function said(members: Members): Members {
  const entries = Object.entries(members).filter(([, value]) => {
    return value !== undefined && (typeof value !== "object" || value === null || Object.keys(value).length > 0);
  });
  return Object.fromEntries(entries);
}
