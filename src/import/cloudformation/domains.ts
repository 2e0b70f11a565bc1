import { type Draft, DraftMap } from "../draft.js";
import { type CloudPlace, logicalId } from "../intrinsics.js";
import { itemsOf, memberOf, textOf } from "../tree.js";
import type { Resource, Resources } from "./resources.js";
import { stageOf, text } from "./stages.js";

/** A custom domain of a template, with the base paths that lead to one API or another. */
export interface TemplateDomain {
  readonly name: string;
  readonly certificateArn: string | undefined;
  /** Base path → stage. */
  readonly paths: readonly (readonly [basePath: string, stage: string])[];
  /** It leads to a WebSocket API, and so to no other. */
  readonly isSocket: boolean;
}

export function domainsOf(resources: Resources, place: CloudPlace): readonly TemplateDomain[] {
  const domains = [...resources.of("AWS::ApiGateway::DomainName"), ...resources.of("AWS::ApiGatewayV2::DomainName")];
  const mappings = [
    ...resources.of("AWS::ApiGateway::BasePathMapping"),
    ...resources.of("AWS::ApiGatewayV2::ApiMapping"),
  ];
  return domains.flatMap((domain) => {
    const name = text(memberOf(domain.properties, "DomainName"), place);
    if (name === undefined || name.includes("$")) return [];
    const own = mappings.filter(({ properties }) => {
      const owner = memberOf(properties, "DomainName");
      return logicalId(owner) === domain.id || text(owner, place) === name;
    });
    const paths = own.flatMap(({ properties }) => {
      const stage = stageOf(memberOf(properties, "Stage"), resources, place);
      const path = textOf(memberOf(properties, "BasePath") ?? memberOf(properties, "ApiMappingKey")) ?? "";
      return stage === undefined ? [] : [[path === "(none)" ? "" : path, stage] as const];
    });
    const isSocket = own.some((mapping) => leadsToSocket(mapping, resources));
    return [{ name, certificateArn: certificateOf(domain, place), paths, isSocket }];
  });
}

function leadsToSocket({ properties }: Resource, resources: Resources): boolean {
  const api = resources.get(logicalId(memberOf(properties, "ApiId")));
  return textOf(memberOf(api?.properties, "ProtocolType")) === "WEBSOCKET";
}

function certificateOf({ properties }: Resource, place: CloudPlace): string | undefined {
  const [settings] = itemsOf(memberOf(properties, "DomainNameConfigurations"));
  const certificate = [
    memberOf(properties, "RegionalCertificateArn"),
    memberOf(properties, "CertificateArn"),
    memberOf(settings, "CertificateArn"),
  ].find((each) => each !== undefined);
  const arn = text(certificate, place);
  return arn?.startsWith("arn:") ? arn : undefined;
}

/** Its settings but the name. @param stages  those that the file has */
export function domainMap({ certificateArn, paths }: TemplateDomain, stages: DraftMap, map = new DraftMap()): DraftMap {
  const aws: Draft | undefined = certificateArn && new DraftMap().set("certificateArn", certificateArn);
  const known = new DraftMap();
  for (const [basePath, stage] of paths) if (stages.has(stage)) known.set(basePath, stage);
  return map.set("aws", aws).setFull("paths", known);
}
