import { basePathHeader, type CdnBehaviour, type CdnCache, cdnBehaviours } from "../../src/model/cdn.js";
import type { Domain, GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { type JsonObject, jsonObject } from "../emit/stable-json.js";
import type { Cloud } from "./cloud.js";
import { digest, logicalName, sub, type Template } from "./template.js";
import { planCdnFirewall } from "./waf.js";

/** AWS's managed policies: nothing is cached; all of a request goes on but its Host, by which API Gateway finds the API. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const allViewerExceptHostHeader = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const allMethods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];

/** Errors that CloudFront would otherwise keep for ten seconds, one caller's 403 for all of them. */
const keptErrors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** A CloudFront distribution that has a domain's name, in front of the stages' own addresses. */
export function planCdn(domain: Domain, model: GatewayModel, cloud: Cloud, template: Template): void {
  const id = `${logicalName(domain.name)}Cdn`;
  const behaviours = cdnBehaviours(domain, model);
  const stages = [...new Set(domain.paths.map(({ stage }) => stage))];
  const root = domain.paths.find(({ basePath }) => basePath === "")?.stage ?? stages[0] ?? "";
  const functions = planBasePaths(id, domain, template);
  const shared = { Compress: model.minimumCompressionSize !== undefined, functions };
  template.resource(id, "AWS::CloudFront::Distribution", {
    DistributionConfig: jsonObject({
      Enabled: true,
      Comment: `${model.name}: ${domain.name}`.slice(0, 128),
      Aliases: [domain.name],
      HttpVersion: "http2and3",
      IPV6Enabled: true,
      ViewerCertificate: {
        AcmCertificateArn: certificateOf(domain, id, cloud, template),
        SslSupportMethod: "sni-only",
        MinimumProtocolVersion: domain.securityPolicy === "TLS_1_0" ? "TLSv1_2016" : "TLSv1.2_2021",
      },
      WebACLId: model.kind === "rest" && model.waf ? planCdnFirewall(model.name, model.waf, template) : undefined,
      Origins: stages.map(origin),
      DefaultCacheBehavior: behaviour({ stage: root, cache: undefined }, shared, template),
      CacheBehaviors:
        behaviours.length === 0
          ? undefined
          : behaviours.map((each) => ({ PathPattern: each.pattern, ...behaviour(each, shared, template) })),
      CustomErrorResponses: keptErrors.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
    }),
  });
  template.output(`${id}Target`, `Name that ${domain.name} has to be an alias of in the DNS.`, {
    "Fn::GetAtt": [id, "DomainName"],
  });
}

/** In us-east-1, wherever the API is: CloudFront reads no other. */
function certificateOf(domain: Domain, id: string, cloud: Cloud, template: Template): JsonValue {
  if (domain.aws.certificateArn) return cloud.fileText(domain.aws.certificateArn);
  return template.parameter(`${id}CertificateArn`, {
    description: `Certificate of ${domain.name} in ACM, in us-east-1.`,
    preset: undefined,
  });
}

function originId(stage: string): string {
  return stage === "$default" ? "default" : stage;
}

function origin(stage: string): JsonObject {
  return jsonObject({
    Id: originId(stage),
    DomainName: sub("${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"),
    OriginPath: stage === "$default" ? undefined : `/${stage}`,
    CustomOriginConfig: { OriginProtocolPolicy: "https-only", OriginSSLProtocols: ["TLSv1.2"] },
  });
}

function behaviour(
  { stage, cache }: Pick<CdnBehaviour, "stage" | "cache">,
  { Compress, functions }: { readonly Compress: boolean; readonly functions: JsonValue | undefined },
  template: Template,
): JsonObject {
  return jsonObject({
    TargetOriginId: originId(stage),
    ViewerProtocolPolicy: "redirect-to-https",
    AllowedMethods: allMethods,
    CachedMethods: ["GET", "HEAD"],
    Compress,
    CachePolicyId: cache ? planCachePolicy(cache, template) : cachingDisabled,
    OriginRequestPolicyId: allViewerExceptHostHeader,
    FunctionAssociations: functions,
  });
}

/** One for all behaviours that keep alike. What the backend says in Cache-Control may be shorter, never longer. */
function planCachePolicy(cache: CdnCache, template: Template): JsonObject {
  const { ttlSeconds, query, headers } = cache;
  const mark = digest(JSON.stringify(cache)).slice(0, 10);
  return template.resource(`CdnCache${mark}`, "AWS::CloudFront::CachePolicy", {
    CachePolicyConfig: {
      Name: ownName(mark),
      MinTTL: 0,
      DefaultTTL: ttlSeconds,
      MaxTTL: ttlSeconds,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: "none" },
        HeadersConfig: { HeaderBehavior: "whitelist", Headers: headers },
        QueryStringsConfig:
          query.length === 0
            ? { QueryStringBehavior: "none" }
            : { QueryStringBehavior: "whitelist", QueryStrings: query },
        // Answers of several encodings are kept apart, whoever encodes them.
        EnableAcceptEncodingBrotli: true,
        EnableAcceptEncodingGzip: true,
      },
    },
  });
}

/** Names are the account's: that of the stack's id is in them. */
function ownName(mark: string): JsonValue {
  const uuid = { "Fn::Select": [2, { "Fn::Split": ["/", { Ref: "AWS::StackId" }] }] };
  return { "Fn::Join": ["-", ["cdn", uuid, mark]] };
}

/**
 * Base paths are no part of the API's paths: a function of CloudFront's takes them off, and answers as API Gateway does where none
 * fits. Each marks its requests, since the path that is left is what the cache knows. A root alone needs none.
 */
function planBasePaths(id: string, { paths }: Domain, template: Template): JsonValue | undefined {
  const named = paths.flatMap(({ basePath }) => (basePath === "" ? [] : [`/${basePath}`]));
  if (named.length === 0) return undefined;
  const longestFirst = named.sort((a, b) => b.length - a.length);
  const name = `${id}BasePaths`;
  template.resource(name, "AWS::CloudFront::Function", {
    Name: ownName(digest(name).slice(0, 10)),
    AutoPublish: true,
    FunctionConfig: { Comment: "Takes base paths off.", Runtime: "cloudfront-js-2.0" },
    FunctionCode: basePathCode(longestFirst, named.length < paths.length),
  });
  return [{ EventType: "viewer-request", FunctionARN: { "Fn::GetAtt": [name, "FunctionMetadata.FunctionARN"] } }];
}

function basePathCode(basePaths: readonly string[], hasRoot: boolean): string {
  const otherwise = hasRoot
    ? `request.headers["${basePathHeader}"] = { value: "/" };\n  return request;`
    : `return { statusCode: 403, statusDescription: "Forbidden", headers: { "content-type": { value: "application/json" } }, body: { encoding: "text", data: '{"message":"Forbidden"}' } };`;
  return `const basePaths = ${JSON.stringify(basePaths)};
function handler(event) {
  const request = event.request;
  for (const basePath of basePaths) {
    if (request.uri === basePath || request.uri.startsWith(basePath + "/")) {
      request.uri = request.uri.slice(basePath.length) || "/";
      request.headers["${basePathHeader}"] = { value: basePath };
      return request;
    }
  }
  ${otherwise}
}
`;
}
