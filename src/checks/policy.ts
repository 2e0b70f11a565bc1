import { compilePolicy, PolicyError } from "../../runtime/auth/policy/index.js";
import type { JsonValue } from "../model/types.js";
import type { MapNode, Node, PolicyRuleSyntax, TextValue } from "../syntax/gateway-syntax.js";
import { entryOf } from "../syntax/tree.js";
import { isAddressBlock } from "./address-blocks.js";
import type { Checking } from "./checking.js";
import { jsonOf } from "./json-of.js";

/** Longest resource policy (aws-behaviour.md section 33). */
const mostCharacters = 8192;

/** The resource policy as AWS's document; the shorthands are written out. */
export function checkPolicy(checking: Checking): JsonValue | undefined {
  const { syntax, report } = checking;
  const { policy, endpoint } = syntax;
  if (policy === undefined) {
    if (endpoint?.value === "private") report("private-without-policy", endpoint.span, {});
    return undefined;
  }
  if (policy.kind === "document") checkDocument(policy.document, checking);
  const document = policy.kind === "document" ? jsonOf(policy.document) : written(policy.allow, policy.deny, checking);
  const { length } = JSON.stringify(document);
  if (length > mostCharacters) report("policy-too-long", policy.span, { length, most: mostCharacters });
  return document;
}

/**
 * The document as the generated gateway reads it, which understands all of IAM's language: what it refuses, AWS refuses
 * too, or would never match. Each statement is reported by itself.
 */
function checkDocument(document: MapNode, { report }: Checking): void {
  const statements = entryOf(document, "Statement")?.value;
  const list: readonly Node[] = statements?.kind === "list" ? statements.items : statements ? [statements] : [];
  const others = document.entries.filter(({ name }) => name.text !== "Statement");
  const base = Object.fromEntries(others.map(({ name, value }) => [name.text, jsonOf(value)]));
  const whole = problemOf({ ...base, Statement: [] });
  if (whole !== undefined) report("bad-policy", document.span, { problem: whole });
  for (const statement of list) {
    const problem = problemOf({ Version: base["Version"] ?? "2012-10-17", Statement: [jsonOf(statement)] });
    if (problem !== undefined && whole === undefined) report("bad-policy", statement.span, { problem });
  }
}

function problemOf(document: unknown): string | undefined {
  try {
    compilePolicy(document, { kind: "resource" });
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}

/** Who is neither allowed nor denied is denied, so a policy that only denies allows the rest (section 23). */
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
  if (!/^arn:aws[\w-]*:(?:iam|sts)::\d{12}:/.test(text)) report("bad-principal", span, { text });
  return text;
}

function checkIp({ text, span }: TextValue, { report }: Checking): string {
  if (!isAddressBlock(text)) report("bad-ip", span, { text });
  return text;
}
