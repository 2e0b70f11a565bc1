import { mappingIdOf } from "../../../host/stable-ids.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { missing } from "../../design/lookup-rules.js";
import type { Members } from "../design.js";
import { type Domain, domainOf, domainsOf } from "../domains.js";
import { v2Page } from "./apis.js";

/** GetDomainNames. */
export function getV2DomainNames(target: AdminTarget, { query }: AdminRequest): AdminAnswer {
  return jsonAnswer(v2Page(domainsOf(target).map(domainView), query));
}

/** GetDomainName. @throws AdminProblem */
export function getV2DomainName(target: AdminTarget, _: AdminRequest, [name = ""]: readonly string[]): AdminAnswer {
  return jsonAnswer(domainView(domainOf(target, name)));
}

/** GetApiMappings: those of the WebSocket API too. @throws AdminProblem */
export function getApiMappings(
  target: AdminTarget,
  { query }: AdminRequest,
  [name = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(v2Page(mappingsOf(domainOf(target, name)), query));
}

/** GetApiMapping. @throws AdminProblem */
export function getApiMapping(
  target: AdminTarget,
  _: AdminRequest,
  [name = "", id = ""]: readonly string[],
): AdminAnswer {
  const found = mappingsOf(domainOf(target, name)).find((mapping) => mapping["apiMappingId"] === id);
  if (found === undefined) throw missing("apiMapping");
  return jsonAnswer(found);
}

function mappingsOf({ entry: { name }, apiMappings }: Domain): readonly Members[] {
  return apiMappings.map(({ key, ...mapping }) => ({
    ...mapping,
    apiMappingKey: key,
    apiMappingId: mappingIdOf(name, key),
  }));
}

function domainView({ entry: { name, tls }, isEdge }: Domain): Members {
  const type = { endpointType: isEdge ? "EDGE" : "REGIONAL", domainNameStatus: "AVAILABLE" };
  return {
    domainName: name,
    apiMappingSelectionExpression: "$request.basepath",
    domainNameConfigurations: [{ ...type, ...(tls && { securityPolicy: tls.securityPolicy }) }],
    tags: {},
  };
}
