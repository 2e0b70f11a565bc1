import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import type { WafPattern, WafRules, WafSizes } from "../../src/model/waf.js";
import type { JsonObject } from "../emit/stable-json.js";
import { stageId } from "./stages.js";
import { logicalName, sub, type Template } from "./template.js";

/** Rules of the file as a web ACL, in the order in which the gateway asks them, in front of every stage. */
export function planFirewall({ name, waf, stages, domains }: GatewayModel, template: Template): void {
  if (!waf) return;
  // Behind a CDN all callers have its addresses: they are counted in front of it.
  const counted = domains.some(({ cdn }) => cdn) ? { ...waf, rate: undefined } : waf;
  planWebAcl("", "REGIONAL", name, counted, template);
  for (const stage of stages) {
    const id = stageId("Api", stage.name);
    template.resource(
      `${id}Firewall`,
      "AWS::WAFv2::WebACLAssociation",
      {
        ResourceArn: sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${Api}/stages/${stage.name}`),
        WebACLArn: { "Fn::GetAtt": ["Firewall", "Arn"] },
      },
      { DependsOn: [id] },
    );
  }
}

/**
 * The same rules in front of distributions, where callers' own addresses are seen. AWS makes such a web ACL in us-east-1 only: a stack
 * elsewhere has to be given one.
 */
export function planCdnFirewall(name: string, waf: WafRules, template: Template): JsonObject {
  const parameter = "CdnWebAclArn";
  template.parameter(parameter, {
    description: "ARN of a web ACL of scope CLOUDFRONT with the rules of the file; empty makes it, in us-east-1 only.",
    preset: "",
  });
  const Condition = template.condition("MakesCdnFirewall", { "Fn::Equals": [{ Ref: parameter }, ""] });
  planWebAcl("Cdn", "CLOUDFRONT", name, waf, template, { Condition });
  return { "Fn::If": [Condition, { "Fn::GetAtt": ["CdnFirewall", "Arn"] }, { Ref: parameter }] };
}

type Scope = "REGIONAL" | "CLOUDFRONT";

function planWebAcl(
  prefix: string,
  scope: Scope,
  name: string,
  waf: WafRules,
  template: Template,
  more: JsonObject = {},
): void {
  const addresses = { prefix, scope, more, template };
  const rules = [
    ...addressRules("Allow", waf.allow, { Allow: {} }, addresses),
    ...addressRules("Block", waf.block, { Block: {} }, addresses),
    ...rateRule(waf),
    ...sizeRules(waf.size),
    ...waf.patterns.map(patternRule),
  ];
  const metric = `${name.replaceAll(/[^A-Za-z0-9-]/g, "-")}${prefix === "" ? "" : "-cdn"}-firewall`;
  template.resource(
    `${prefix}Firewall`,
    "AWS::WAFv2::WebACL",
    {
      Scope: scope,
      DefaultAction: { Allow: {} },
      VisibilityConfig: visibility(metric),
      Rules: rules.map((rule, Priority) => ({ ...rule, Priority })),
    },
    more,
  );
}

function visibility(MetricName: string): JsonObject {
  return { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName };
}

function rule(Name: string, Action: JsonObject, Statement: JsonObject): JsonObject {
  return { Name, Action, Statement, VisibilityConfig: visibility(Name) };
}

/** Addresses of both versions are sets of their own. */
function addressRules(
  word: string,
  addresses: readonly string[],
  action: JsonObject,
  {
    prefix,
    scope,
    more,
    template,
  }: { readonly prefix: string; readonly scope: Scope; readonly more: JsonObject; readonly template: Template },
): readonly JsonObject[] {
  return (["IPV4", "IPV6"] as const).flatMap((version) => {
    const own = addresses.filter((address) => address.includes(":") === (version === "IPV6"));
    if (own.length === 0) return [];
    const name = `${word}${version === "IPV4" ? "V4" : "V6"}`;
    const id = `${prefix}${name}`;
    const all = own.map((address) => (address.includes("/") ? address : `${address}/${version === "IPV4" ? 32 : 128}`));
    template.resource(id, "AWS::WAFv2::IPSet", { Scope: scope, IPAddressVersion: version, Addresses: all }, more);
    return [rule(name, action, { IPSetReferenceStatement: { Arn: { "Fn::GetAtt": [id, "Arn"] } } })];
  });
}

const windows = [60, 120, 300, 600];

/** AWS has four windows: the nearest one, with the limit that it makes. */
function rateRule({ rate }: WafRules): readonly JsonObject[] {
  if (!rate) return [];
  const window = windows.reduce((best, each) =>
    Math.abs(each - rate.windowSeconds) < Math.abs(best - rate.windowSeconds) ? each : best,
  );
  const limit = Math.max(10, Math.round((rate.limit * window) / rate.windowSeconds));
  return [
    rule(
      "Rate",
      { Block: {} },
      { RateBasedStatement: { AggregateKeyType: "IP", Limit: limit, EvaluationWindowSec: window } },
    ),
  ];
}

const none = [{ Priority: 0, Type: "NONE" }];

function sizeRules(sizes: WafSizes): readonly JsonObject[] {
  const all: JsonValue = { MatchPattern: { All: {} }, MatchScope: "ALL", OversizeHandling: "MATCH" };
  const fields: readonly (readonly [keyof WafSizes, JsonObject])[] = [
    ["path", { UriPath: {} }],
    ["query", { QueryString: {} }],
    ["headers", { Headers: all }],
    ["cookies", { Cookies: all }],
    ["body", { Body: { OversizeHandling: "MATCH" } }],
  ];
  return fields.flatMap(([part, FieldToMatch]) => {
    const size = sizes[part];
    if (size === undefined) return [];
    const statement = { FieldToMatch, ComparisonOperator: "GT", Size: size, TextTransformations: none };
    return [rule(`Size${logicalName(part)}`, { Block: {} }, { SizeConstraintStatement: statement })];
  });
}

function patternRule(pattern: WafPattern, index: number): JsonObject {
  const headers = { MatchPattern: { All: {} }, MatchScope: "VALUE", OversizeHandling: "MATCH" };
  const field: JsonObject =
    pattern.in === "path"
      ? { UriPath: {} }
      : pattern.in === "query"
        ? { QueryString: {} }
        : pattern.header === undefined
          ? { Headers: headers }
          : { SingleHeader: { Name: pattern.header } };
  const statement = { FieldToMatch: field, RegexString: `(?i)${pattern.match}`, TextTransformations: none };
  return rule(`Pattern${index + 1}`, { Block: {} }, { RegexMatchStatement: statement });
}
