import type { Importing } from "../importing.js";
import { type CloudPlace, intrinsicOf, logicalId } from "../intrinsics.js";
import { itemsOf, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import type { TemplateDomain } from "./domains.js";
import type { Resource, Resources } from "./resources.js";
import { text } from "./stages.js";

/** CloudFront's policy that keeps nothing. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/** What `cdn: true` makes by itself. */
const made = new Set(
  "Enabled Comment Aliases HttpVersion IPV6Enabled ViewerCertificate WebACLId Origins DefaultCacheBehavior CacheBehaviors CustomErrorResponses".split(
    " ",
  ),
);

/**
 * The domains of CloudFront distributions whose root is a stage of an API: `cdn: true`. Base paths are those that a function takes
 * off, which have a behaviour for themselves and one for all below. What else a distribution says is told.
 */
export function distributionsOf(
  api: string,
  resources: Resources,
  importing: Importing,
  place: CloudPlace,
): readonly TemplateDomain[] {
  return resources.of("AWS::CloudFront::Distribution").flatMap((resource) => {
    const config = memberOf(resource.properties, "DistributionConfig");
    const stages = new Map(
      itemsOf(memberOf(config, "Origins")).flatMap((origin) => {
        const stage = stageBehind(origin, api, place);
        return stage === undefined ? [] : [[textOf(memberOf(origin, "Id")) ?? "", stage] as const];
      }),
    );
    if (stages.size === 0) return [];
    const root = stages.get(targetOf(memberOf(config, "DefaultCacheBehavior")) ?? "");
    const names = itemsOf(memberOf(config, "Aliases")).flatMap((alias) => text(alias, place) ?? []);
    const fixed = names.filter((name) => !name.includes("$"));
    if (root === undefined || fixed.length === 0) {
      importing.leftOut(resource.tree, "a distribution whose root is not the API, or that has no name of its own");
      return [];
    }
    noteRest(config, stages, resources, importing);
    const paths = pathsOf(config, root, stages, resources);
    const viewer = memberOf(config, "ViewerCertificate");
    const arn = text(memberOf(viewer, "AcmCertificateArn"), place);
    const isOld = /^(?:SSLv3|TLSv1(?:_2016|\.1_2016)?)$/.test(textOf(memberOf(viewer, "MinimumProtocolVersion")) ?? "");
    const certificateArn = arn?.startsWith("arn:") ? arn : undefined;
    return fixed.map((name) => ({ name, certificateArn, isOld, paths, isSocket: false, cdn: true }));
  });
}

/** The stage that an origin is: by its path, below the API's own address. */
function stageBehind(origin: Tree, api: string, place: CloudPlace): string | undefined {
  const address = memberOf(origin, "DomainName");
  const [name, value] = intrinsicOf(address) ?? [];
  const parts = name === "Fn::Join" ? itemsOf(itemsOf(value)[1]) : [address];
  if (!parts.some((part) => logicalId(part) === api)) return undefined;
  const path = text(memberOf(origin, "OriginPath"), place)?.replaceAll("/", "") ?? "";
  return path === "" ? "$default" : path;
}

function targetOf(behaviour: Tree | undefined): string | undefined {
  return textOf(memberOf(behaviour, "TargetOriginId"));
}

function pathsOf(
  config: Tree | undefined,
  root: string,
  stages: ReadonlyMap<string, string>,
  resources: Resources,
): TemplateDomain["paths"] {
  const behaviours = new Map(
    itemsOf(memberOf(config, "CacheBehaviors")).map((each) => [textOf(memberOf(each, "PathPattern")) ?? "", each]),
  );
  const code = functionCode(memberOf(config, "DefaultCacheBehavior"), resources);
  const named = [...behaviours].flatMap(([pattern, behaviour]) => {
    const basePath = /^\/([^*?]+)$/.exec(pattern)?.[1];
    const stage = stages.get(targetOf(behaviour) ?? "");
    const takesOff = functionCode(behaviour, resources) !== undefined;
    if (basePath === undefined || stage === undefined || !takesOff || !behaviours.has(`${pattern}/*`)) return [];
    return [[basePath, stage] as const];
  });
  // Ours answers 403 where no base path fits and there is no root.
  const hasRoot = named.length === 0 || code === undefined || !code.includes("statusCode: 403");
  return [...named, ...(hasRoot ? [["", root] as const] : [])];
}

/** Of the function that sees a behaviour's requests first. */
function functionCode(behaviour: Tree | undefined, resources: Resources): string | undefined {
  const association = itemsOf(memberOf(behaviour, "FunctionAssociations")).find(
    (each) => textOf(memberOf(each, "EventType")) === "viewer-request",
  );
  const found = resources.get(logicalId(memberOf(association, "FunctionARN")));
  return found && (textOf(memberOf(found.properties, "FunctionCode")) ?? "");
}

function noteRest(
  config: Tree | undefined,
  stages: ReadonlyMap<string, string>,
  resources: Resources,
  importing: Importing,
): void {
  for (const { name, value, nameSpan } of membersOf(config)) {
    if (!made.has(name)) importing.leftOut({ ...value, span: nameSpan }, `"${name}" of distributions`);
  }
  const behaviours = [memberOf(config, "DefaultCacheBehavior"), ...itemsOf(memberOf(config, "CacheBehaviors"))];
  for (const behaviour of behaviours) {
    if (!behaviour) continue;
    if (!stages.has(targetOf(behaviour) ?? ""))
      importing.leftOut(behaviour, "behaviours of distributions that lead elsewhere");
    const policy = memberOf(behaviour, "CachePolicyId");
    const keeps = policy !== undefined && textOf(policy) !== cachingDisabled;
    if (keeps && !isOurs(resources.get(logicalId(policy))))
      importing.leftOut(policy, "cache policies of distributions: answers are kept as the stage's `cache` says");
  }
}

/** A policy that a build made of a stage's cache. */
function isOurs(policy: Resource | undefined): boolean {
  return policy !== undefined && /^CdnCache[0-9A-F]{10}$/.test(policy.id);
}
