import { cdnBehaviours, isCdnText } from "../model/cdn.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { Span } from "../source.js";
import type { DomainSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { jsonOf } from "./json-of.js";

/** CloudFront's default quota of behaviours of a distribution, the default one counted, and of cache policies of an account. */
const mostBehaviours = 75;
const mostPolicies = 20;

type Checked = Pick<GatewayModel, "kind" | "routes" | "stages" | "authorizers" | "policy" | "domains">;

/** `cdn` of domains: what cannot be in front of them, and what CloudFront makes of other settings. */
export function checkCdn(model: Checked, checking: Checking): void {
  const { syntax, report } = checking;
  const behind = syntax.domains.filter((domain) => domain.cdn?.value === true);
  const [first] = behind;
  if (first?.cdn === undefined) return;
  for (const domain of behind) checkDomain(domain, checking);
  for (const other of syntax.domains) {
    if (syntax.endpoint?.value === "edge" && other.cdn?.value !== true)
      report("edge-beside-cdn", other.name.span, { name: other.name.text });
  }
  const addresses = callersAddresses(checking);
  if (addresses) report("cdn-hides-callers", addresses, {});
  if (syntax.waf) report("cdn-firewall", syntax.waf.span, {});
  if (model.routes.some(({ authorization }) => authorization.kind === "iam"))
    report("cdn-signed-requests", first.cdn.span, {});
  for (const domain of model.domains) {
    const behaviours = domain.cdn ? cdnBehaviours(domain, model) : [];
    const policies = new Set(behaviours.flatMap(({ cache }) => (cache ? [JSON.stringify(cache)] : [])));
    const isTooMany = behaviours.length >= mostBehaviours || policies.size > mostPolicies;
    const at = behind.find(({ name }) => name.text.toLowerCase() === domain.name)?.cdn?.span;
    if (isTooMany && at) report("cdn-behaviours", at, { behaviours: behaviours.length + 1, policies: policies.size });
  }
}

function checkDomain(domain: DomainSyntax, { syntax, report }: Checking): void {
  const at = domain.cdn?.span ?? domain.name.span;
  const mutual = domain.tls?.clientCa ?? domain.aws?.truststoreUri;
  if (syntax.endpoint?.value === "private") report("cdn-not-possible", at, { why: "private" });
  if (syntax.disableExecuteApiEndpoint?.value === true) report("cdn-not-possible", at, { why: "closed" });
  if (domain.paths.length === 0) report("cdn-not-possible", at, { why: "empty" });
  if (mutual) report("cdn-not-possible", mutual.span, { why: "mutualTls" });
  for (const { name } of domain.paths) {
    if (!isCdnText(name.text)) report("cdn-base-path", name.span, { path: name.text });
  }
  const arn = domain.aws?.certificateArn;
  const [, service, region] = /^arn:[\w-]+:(acm|iam):([^:$]*):/.exec(arn?.text ?? "") ?? [];
  if (arn && (service === "iam" || (region !== undefined && region !== "us-east-1")))
    report("cdn-certificate", arn.span, { arn: arn.text });
}

/** Where the resource policy looks at the address that a request comes from. */
function callersAddresses({ syntax: { policy } }: Checking): Span | undefined {
  if (policy?.kind === "document")
    return /"aws:sourceip"/i.test(JSON.stringify(jsonOf(policy.document))) ? policy.span : undefined;
  return (policy?.allow?.ips ?? policy?.deny?.ips)?.[0]?.span;
}
