import type { JsonValue } from "../model/types.js";
import type { PolicyRuleSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { jsonOf } from "./json-of.js";

/** Longest resource policy (aws-behaviour.md section 33). */
const mostCharacters = 8192;

/** The resource policy as AWS's document; the shorthands are written out. */
export function checkPolicy(checking: Checking): JsonValue | undefined {
  const { policy } = checking.syntax;
  if (policy === undefined) return undefined;
  const document = policy.kind === "document" ? jsonOf(policy.document) : written(policy.allow, policy.deny, checking);
  const length = JSON.stringify(document).length;
  if (length > mostCharacters) checking.report("policy-too-long", policy.span, { length, most: mostCharacters });
  return document;
}

function written(
  allow: PolicyRuleSyntax | undefined,
  deny: PolicyRuleSyntax | undefined,
  checking: Checking,
): JsonValue {
  const allowed = allow ? statementOf("Allow", allow, checking) : statement("Allow", "*", {});
  return { Version: "2012-10-17", Statement: deny ? [statementOf("Deny", deny, checking), allowed] : [allowed] };
}

function statementOf(effect: string, rule: PolicyRuleSyntax, checking: Checking): JsonValue {
  const accounts = rule.accounts?.map((account) => accountArn(account, checking));
  const conditions: Record<string, JsonValue> = {};
  if (rule.ips) conditions["IpAddress"] = { "aws:SourceIp": rule.ips.map((ip) => checkIp(ip, checking)) };
  const strings: Record<string, JsonValue> = {};
  if (rule.vpcs) strings["aws:SourceVpc"] = rule.vpcs.map(({ text }) => text);
  if (rule.vpcEndpoints) strings["aws:SourceVpce"] = rule.vpcEndpoints.map(({ text }) => text);
  if (Object.keys(strings).length > 0) conditions["StringEquals"] = strings;
  return statement(effect, accounts ? { AWS: accounts } : "*", conditions);
}

function statement(effect: string, principal: JsonValue, conditions: Readonly<Record<string, JsonValue>>): JsonValue {
  const base = { Effect: effect, Principal: principal, Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  return Object.keys(conditions).length > 0 ? { ...base, Condition: conditions } : base;
}

function accountArn({ text, span }: TextValue, { report }: Checking): string {
  if (/^\d{12}$/.test(text)) return `arn:aws:iam::${text}:root`;
  if (!/^arn:[^:]+:(iam|sts)::/.test(text)) report("bad-principal", span, { text });
  return text;
}

function checkIp({ text, span }: TextValue, { report }: Checking): string {
  const isV4 =
    /^(\d{1,3}\.){3}\d{1,3}(\/\d{1,2})?$/.test(text) &&
    text.split(/[./]/).every((part, at) => Number(part) <= (at < 4 ? 255 : 32));
  const isV6 = /^[0-9a-fA-F:]+:[0-9a-fA-F:]*(\/\d{1,3})?$/.test(text);
  if (!isV4 && !isV6) report("bad-ip", span, { text });
  return text;
}
