import { type ExtensionLevel, withExtensions } from "../../../runtime/admin/extension-level.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { executeApiDomain } from "../../emit/aws-names.js";
import { isJsonObject, type JsonObject, jsonObject, merged } from "../../emit/stable-json.js";
import { planAwsDocument } from "../plan-aws.js";
import { planCleanDocument } from "../plan-clean.js";
import { planCollection } from "./postman.js";
import { type SwaggerAddress, toSwagger } from "./swagger.js";

/** What is asked of an export; a collection of Postman has no extensions. */
export interface ExportWish {
  readonly stage: string;
  readonly format: "oas30" | "swagger" | "postman";
  /** Empty: the document for consumers. */
  readonly levels: ReadonlySet<ExtensionLevel>;
  /** The API's id on AWS, when it is known. */
  readonly apiId: string | undefined;
}

/**
 * The gateway's document as API Gateway exports it from one stage.
 *
 * @see API reference, "GetExport"; recorded exports show the order of members and the form of addresses
 */
export function exportDocument(model: GatewayModel, wish: ExportWish): JsonObject {
  if (wish.format === "postman") return planCollection(model, wish);
  const isClean = wish.levels.size === 0;
  const whole = isClean ? planCleanDocument(model) : planAwsDocument(model);
  const basePath = wish.stage === "$default" ? "" : wish.stage;
  const domain = executeApiDomain(model.aws.region);
  if (wish.format === "oas30") {
    const document = withServer(whole, planServer(domain, basePath, wish.apiId));
    return isClean ? document : withExtensions(document, wish.levels);
  }
  const address: SwaggerAddress = { host: `${wish.apiId ?? "api-id"}.${domain}`, basePath: `/${basePath}` };
  const document = toSwagger(whole, address, isClean ? "clean" : "aws");
  return isClean ? document : withExtensions(document, wish.levels);
}

function planServer(domain: string, basePath: string, apiId: string | undefined): JsonObject {
  const id = apiId === undefined ? { apiId: { default: "api-id", description: "The API's id on AWS" } } : {};
  return {
    url: `https://${apiId ?? "{apiId}"}.${domain}/{basePath}`,
    variables: { ...id, basePath: { default: basePath } },
  };
}

/** In the place of all servers; the endpoint's configuration, which lies in a server, stays. */
function withServer(document: JsonObject, server: JsonObject): JsonObject {
  const { openapi, info, servers, ...rest } = document;
  const [old] = Array.isArray(servers) ? servers : [];
  const kept = isJsonObject(old)
    ? Object.fromEntries(Object.entries(old).filter(([name]) => name.startsWith("x-")))
    : {};
  return jsonObject({ openapi, info, servers: [merged(server, kept)], ...rest });
}
