import type { DomainEntry } from "../../program.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer, notFound } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf, page, programOf } from "./served.js";

interface Mapping {
  /** `(none)` for the root. */
  readonly basePath: string;
  readonly restApiId: string;
  readonly stage: string;
}

export interface Domain {
  readonly entry: DomainEntry;
  readonly isEdge: boolean;
  readonly mappings: readonly Mapping[];
  /** The same as API Gateway's second version has them, with those of the WebSocket API; `key` is empty for the root. */
  readonly apiMappings: readonly { readonly apiId: string; readonly stage: string; readonly key: string }[];
}

type Growing = Omit<Domain, "mappings" | "apiMappings"> & {
  readonly mappings: Mapping[];
  readonly apiMappings: Domain["apiMappings"][number][];
};

/** GetDomainNames. */
export function getDomainNames(target: AdminTarget, { query }: AdminRequest): AdminAnswer {
  return jsonAnswer(page(domainsOf(target).map(domainView), query));
}

/** GetDomainName. @throws AdminProblem */
export function getDomainName(target: AdminTarget, _: AdminRequest, [name = ""]: readonly string[]): AdminAnswer {
  return jsonAnswer(domainView(domainOf(target, name)));
}

/** GetBasePathMappings. @throws AdminProblem */
export function getBasePathMappings(
  target: AdminTarget,
  { query }: AdminRequest,
  [name = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(page(domainOf(target, name).mappings, query));
}

/** GetBasePathMapping. @throws AdminProblem */
export function getBasePathMapping(
  target: AdminTarget,
  _: AdminRequest,
  [name = "", basePath = ""]: readonly string[],
): AdminAnswer {
  const found = domainOf(target, name).mappings.find((mapping) => mapping.basePath === basePath);
  if (found === undefined) throw notFound("Invalid base path mapping identifier specified");
  return jsonAnswer(found);
}

/** Those of all stages that are served, by name. Where two stages claim one base path, the first has it. */
export function domainsOf(target: AdminTarget): readonly Domain[] {
  const domains = new Map<string, Growing>();
  for (const api of gatewayOf(target).apis) {
    const isEdge = programOf(api).api.endpoint === "edge";
    for (const { live, domains: entries } of api.slots) {
      for (const entry of entries) {
        const domain = domains.get(entry.name) ?? { entry, isEdge, mappings: [], apiMappings: [] };
        domains.set(entry.name, domain);
        const socketId = live.program.program.websocket?.api.apiId;
        const apiId = entry.isSocket && socketId !== undefined ? socketId : api.apiId;
        for (const { basePath, stage } of entry.paths) {
          const isNew = stage === live.name && !domain.apiMappings.some(({ key }) => key === basePath);
          if (isNew) domain.apiMappings.push({ apiId, stage, key: basePath });
          // A domain of the WebSocket API has mappings of API Gateway's second version, which are no base paths.
          if (entry.isSocket) continue;
          const path = basePath === "" ? "(none)" : basePath;
          if (stage !== live.name || domain.mappings.some((mapping) => mapping.basePath === path)) continue;
          domain.mappings.push({ basePath: path, restApiId: api.apiId, stage });
        }
      }
    }
  }
  return [...domains.values()].sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
}

/** @throws AdminProblem */
export function domainOf(target: AdminTarget, name: string): Domain {
  const found = domainsOf(target).find(({ entry }) => entry.name === name.toLowerCase());
  if (found === undefined) throw notFound("Invalid domain name identifier specified");
  return found;
}

function domainView({ entry: { name, tls }, isEdge }: Domain): object {
  return {
    domainName: name,
    endpointConfiguration: { types: [isEdge ? "EDGE" : "REGIONAL"] },
    domainNameStatus: "AVAILABLE",
    ...(tls && { securityPolicy: tls.securityPolicy }),
  };
}
