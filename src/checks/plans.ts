import { constantText } from "../model/expressions.js";
import type { ApiKey, Domain, Stage, UsagePlan } from "../model/gateway-model.js";
import type { Route } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { DomainSyntax, KeySyntax, Name, PlanSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isInRange } from "./limits.js";
import { checkConfigText } from "./mapping-values.js";
import { checkThrottle } from "./routes.js";

/** Usage plans, their stages and routes resolved. A plan without stages is for all of them. */
export function checkPlans(
  stages: readonly Stage[],
  routes: readonly Route[],
  checking: Checking,
): readonly UsagePlan[] {
  const keys = routes.map((route) => route.key);
  return checking.syntax.plans.map((plan) => ({
    name: plan.name.text,
    description: plan.description?.text,
    throttle: checkThrottle(plan.throttle, checking),
    quota: checkQuota(plan, checking),
    stages:
      plan.stages?.filter((stage) => isStage(stage, stages, checking)).map(({ text }) => text) ??
      stages.map(({ name }) => name),
    routes: plan.routes.flatMap(({ name, throttle }) => {
      if (!keys.includes(name.text))
        checking.report("unknown-route", name.span, { name: name.text, near: nearest(name.text, keys) });
      const checked = checkThrottle(throttle, checking);
      return checked ? [{ routeKey: name.text, throttle: checked }] : [];
    }),
  }));
}

const periods = { day: "DAY", week: "WEEK", month: "MONTH" } as const;
const longestOffset = { day: 0, week: 6, month: 27 } as const;

function checkQuota({ quota }: PlanSyntax, { report }: Checking): UsagePlan["quota"] {
  if (quota?.limit === undefined) return undefined;
  const period = quota.period?.value ?? "day";
  isInRange(quota.limit, { least: 0, most: 2_147_483_647, what: "the quota's limit" }, report);
  if (quota.offset)
    isInRange(
      quota.offset,
      { least: 0, most: longestOffset[period], what: `the offset of a ${period}'s quota` },
      report,
    );
  return { limit: quota.limit.value, offset: quota.offset?.value ?? 0, period: periods[period] };
}

export function checkKeys(checking: Checking): readonly ApiKey[] {
  const plans = checking.syntax.plans.map(({ name }) => name.text);
  return checking.syntax.keys.map((key) => ({
    name: key.name.text,
    plans: (key.plans ?? []).filter((plan) => isPlan(plan, plans, checking)).map(({ text }) => text),
    value: checkKeyValue(key, checking),
    enabled: key.enabled?.value ?? true,
  }));
}

function isPlan(plan: Name, plans: readonly string[], { report }: Checking): boolean {
  if (plans.includes(plan.text)) return true;
  report("unknown-plan", plan.span, { name: plan.text, near: nearest(plan.text, plans) });
  return false;
}

/** 20 to 128 characters (aws-behaviour.md section 17); a key in the file would be a secret in its history. */
function checkKeyValue({ value }: KeySyntax, checking: Checking): ApiKey["value"] {
  const text = value && checkConfigText(value, checking);
  if (value === undefined || text === undefined) return undefined;
  const constant = constantText(text);
  if (constant === undefined) return text;
  if (constant.length < 20 || constant.length > 128)
    checking.report("bad-key-length", value.span, { length: constant.length });
  checking.report("key-in-file", value.span, {});
  return text;
}

/** Whether a stage is declared; `stages` of plans, and base paths of domains. */
function isStage(stage: Name, stages: readonly Stage[], { report }: Checking): boolean {
  const names = stages.map(({ name }) => name);
  if (names.includes(stage.text)) return true;
  report("unknown-stage", stage.span, { name: stage.text, near: nearest(stage.text, names) });
  return false;
}

export function checkDomains(stages: readonly Stage[], checking: Checking): readonly Domain[] {
  return checking.syntax.domains.map((domain) => {
    if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/i.test(domain.name.text)) {
      checking.report("bad-domain", domain.name.span, { name: domain.name.text });
    }
    return {
      name: domain.name.text,
      tls: checkTls(domain, checking),
      aws: {
        certificateArn: domain.aws?.certificateArn && checkConfigText(domain.aws.certificateArn, checking),
        truststoreUri: domain.aws?.truststoreUri && checkConfigText(domain.aws.truststoreUri, checking),
      },
      paths: checkBasePaths(domain, stages, checking),
    };
  });
}

function checkTls({ tls }: DomainSyntax, checking: Checking): Domain["tls"] {
  const certificate = tls?.certificate && checkConfigText(tls.certificate, checking);
  const key = tls?.key && checkConfigText(tls.key, checking);
  return certificate && key ? { certificate, key, clientCa: tls?.clientCa?.text } : undefined;
}

function checkBasePaths({ paths }: DomainSyntax, stages: readonly Stage[], checking: Checking): Domain["paths"] {
  return paths.flatMap(({ name, value }) => {
    const basePath = name.text.replace(/^\/+|\/+$/g, "");
    if (!/^[A-Za-z0-9$_.+!*'()/-]*$/.test(basePath)) checking.report("bad-base-path", name.span, { path: name.text });
    return isStage(value, stages, checking) ? [{ basePath, stage: value.text }] : [];
  });
}
