import { DraftMap } from "../draft.js";
import { type CloudPlace, logicalId } from "../intrinsics.js";
import { itemsOf, memberOf, type Tree, textOf } from "../tree.js";
import type { Resource, Resources } from "./resources.js";
import { stageOf, text } from "./stages.js";

/** A custom domain of a template, with the base paths that lead to one API or another. */
export interface TemplateDomain {
  readonly name: string;
  readonly certificateArn: string | undefined;
  readonly truststoreUri?: string | undefined;
  /** Clients may speak TLS 1.0. */
  readonly isOld?: boolean;
  /** Base path → stage. */
  readonly paths: readonly (readonly [basePath: string, stage: string])[];
  /** It leads to a WebSocket API, and so to no other. */
  readonly isSocket: boolean;
  /** Whether a distribution of CloudFront has its name. */
  readonly cdn?: boolean;
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
    return [{ name, certificateArn: certificateOf(domain, place), ...tlsOf(domain, place), paths, isSocket }];
  });
}

/** `Domain` of a SAM API: its name, its certificate and its base paths, which lead to its one stage. */
export function ownDomain(
  { type, properties }: Resource,
  stage: string | undefined,
  place: CloudPlace,
): TemplateDomain | undefined {
  const domain = memberOf(properties, "Domain");
  const name = text(memberOf(domain, "DomainName"), place);
  if (!type.startsWith("AWS::Serverless::") || stage === undefined || name === undefined || name.includes("$"))
    return undefined;
  const arn = text(memberOf(domain, "CertificateArn"), place);
  const basePath = memberOf(domain, "BasePath");
  const written = basePath === undefined ? [] : basePath.kind === "list" ? itemsOf(basePath) : [basePath];
  const paths = written.map((each) => [(textOf(each) ?? "").replaceAll(/^\/|\/$/g, ""), stage] as const);
  const tls = {
    truststoreUri: truststoreOf(domain, place),
    isOld: textOf(memberOf(domain, "SecurityPolicy")) === "TLS_1_0",
  };
  const certificateArn = arn?.startsWith("arn:") ? arn : undefined;
  return { name, certificateArn, ...tls, paths: paths.length > 0 ? paths : [["", stage]], isSocket: false };
}

function tlsOf({ properties }: Resource, place: CloudPlace): Pick<TemplateDomain, "truststoreUri" | "isOld"> {
  const [settings] = itemsOf(memberOf(properties, "DomainNameConfigurations"));
  const policy = textOf(memberOf(properties, "SecurityPolicy") ?? memberOf(settings, "SecurityPolicy"));
  return { truststoreUri: truststoreOf(properties, place), isOld: policy === "TLS_1_0" };
}

function truststoreOf(properties: Tree | undefined, place: CloudPlace): string | undefined {
  const uri = text(memberOf(memberOf(properties, "MutualTlsAuthentication"), "TruststoreUri"), place);
  return uri?.startsWith("s3:") ? uri : undefined;
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
export function domainMap(domain: TemplateDomain, stages: DraftMap, map = new DraftMap()): DraftMap {
  const { certificateArn, truststoreUri, isOld, paths, cdn } = domain;
  const aws = new DraftMap().set("certificateArn", certificateArn).set("truststoreUri", truststoreUri);
  const known = new DraftMap();
  for (const [basePath, stage] of paths) if (stages.has(stage)) known.set(basePath, stage);
  return map
    .set("securityPolicy", isOld ? "tls_1_0" : undefined)
    .setFull("aws", aws)
    .set("cdn", cdn ? true : undefined)
    .setFull("paths", known);
}
