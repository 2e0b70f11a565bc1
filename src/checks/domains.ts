import { places } from "../mapping/expressions/index.js";
import type { Text } from "../model/expressions.js";
import type { Domain } from "../model/gateway-model.js";
import type { DomainSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isFixed, readText } from "./expressions.js";
import { isStage } from "./plans.js";

/** Custom domains: certificates, and base paths that lead to stages (aws-behaviour.md section 24). */
export function checkDomains(checking: Checking): readonly Domain[] {
  const seen = new Map<string, DomainSyntax>();
  return checking.syntax.domains.map((domain) => {
    const name = domain.name.text.toLowerCase();
    const first = seen.get(name);
    if (first === undefined) seen.set(name, domain);
    else {
      const notes = [{ span: first.name.span, message: "first declared here" }];
      checking.report("domain-twice", domain.name.span, { name: domain.name.text }, { notes });
    }
    checkPlace(domain, checking);
    return checkDomain(domain, checking);
  });
}

/** The domain of the WebSocket API, which is no other API's; by default the first stage is at its root, others are below their names. */
export function checkSocketDomain(domain: DomainSyntax, stages: readonly string[], checking: Checking): Domain {
  const { syntax, report } = checking;
  const shared = syntax.domains.find(({ name }) => name.text.toLowerCase() === domain.name.text.toLowerCase());
  if (shared !== undefined) {
    const notes = [{ span: shared.name.span, message: "the other API has it here" }];
    report("websocket-domain-shared", domain.name.span, { name: domain.name.text }, { notes });
  }
  const checked = checkDomain(domain, checking);
  if (domain.paths.length > 0) return checked;
  return { ...checked, paths: stages.map((stage, at) => ({ basePath: at === 0 ? "" : stage, stage })) };
}

function checkDomain(domain: DomainSyntax, checking: Checking): Domain {
  if (!/^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i.test(domain.name.text)) {
    checking.report("bad-domain", domain.name.span, { name: domain.name.text });
  }
  const { aws } = domain;
  return {
    name: domain.name.text.toLowerCase(),
    tls: checkTls(domain, checking),
    securityPolicy: domain.securityPolicy?.value ?? "TLS_1_2",
    aws: {
      certificateArn: aws?.certificateArn && arn(aws.certificateArn, "acm", checking),
      truststoreUri: aws?.truststoreUri && truststore(aws.truststoreUri, checking),
    },
    cdn: domain.cdn?.value ?? false,
    paths: checkBasePaths(domain, checking),
  };
}

/** What AWS has in one place only: regional endpoints, TLS 1.2 (aws-behaviour.md section 24). */
function checkPlace(domain: DomainSyntax, { syntax, report }: Checking): void {
  if (domain.cdn?.value === true) return; // it has no domain of API Gateway: checkCdn
  const mutual = domain.tls?.clientCa ?? domain.aws?.truststoreUri;
  if (mutual !== undefined && syntax.endpoint?.value === "edge") report("mutual-tls-on-edge", mutual.span, {});
  if (mutual !== undefined && syntax.disableExecuteApiEndpoint?.value !== true) {
    report("default-endpoint-open", mutual.span, { name: domain.name.text });
  }
  const long = domain.paths.find(({ name }) => name.text.replace(/^\/|\/$/g, "").includes("/"));
  const isOld = domain.securityPolicy?.value === "TLS_1_0";
  if (long !== undefined && (isOld || syntax.endpoint?.value === "edge")) {
    report("multi-level-base-path", long.name.span, { path: long.name.text, isOld });
  }
}

function checkTls({ tls }: DomainSyntax, checking: Checking): Domain["tls"] {
  const certificate = tls?.certificate && readText(tls.certificate, places.secret, checking);
  const key = tls?.key && readText(tls.key, places.secret, checking);
  if (!certificate || !key) return undefined;
  const isPath = tls?.clientCa === undefined || isFixed(tls.clientCa, "a file", checking);
  return { certificate, key, clientCa: isPath ? tls?.clientCa?.text : undefined };
}

function arn(value: TextValue, service: string, checking: Checking): Text | undefined {
  const text = readText(value, places.secret, checking);
  const [first] = text?.parts ?? [];
  const isArn = typeof first !== "string" || new RegExp(`^arn:aws[\\w-]*:(?:${service}|iam):`).test(first);
  if (isArn) return text;
  checking.report("bad-certificate-arn", value.span, { arn: value.text });
  return undefined;
}

function truststore(value: TextValue, checking: Checking): Text | undefined {
  const text = readText(value, places.secret, checking);
  const [first] = text?.parts ?? [];
  if (typeof first !== "string" || first.startsWith("s3://")) return text;
  checking.report("bad-truststore", value.span, { uri: value.text });
  return undefined;
}

/** Base paths without slashes around them; `/` and the empty name are the root. */
function checkBasePaths({ paths }: DomainSyntax, checking: Checking): Domain["paths"] {
  const stages = checking.syntax.stages.map(({ name }) => name.text);
  const seen = new Set<string>();
  return paths.flatMap(({ name, value }) => {
    const basePath = name.text.replace(/^\/|\/$/g, "");
    const isGood = /^(?:[A-Za-z0-9$_.+!*'()-]+(?:\/[A-Za-z0-9$_.+!*'()-]+)*)?$/.test(basePath);
    if (!isGood || seen.has(basePath))
      checking.report("bad-base-path", name.span, { path: name.text, isTwice: isGood });
    seen.add(basePath);
    return isStage(value, stages, checking) && isGood ? [{ basePath, stage: value.text }] : [];
  });
}
