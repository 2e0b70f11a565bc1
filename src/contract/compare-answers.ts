import type { ContractAnswer } from "../model/contract-guards.js";
import { builtInStatus } from "../model/gateway-answers.js";
import { type GatewayResponseType, gatewayResponseTypes } from "../model/gateway-model.js";
import { jsonSkeleton, templateShape } from "../model/template-shape.js";
import type { JsonValue } from "../model/types.js";
import type { Changes } from "./change.js";
import type { TypeComparison } from "./compare-types.js";

type Answers = readonly ContractAnswer[];

/** Answers of the gateway itself: what each failure looks like, be it told of by its own entry, by that of its class, or by none. */
export function compareAnswers(older: Answers, newer: Answers, types: TypeComparison): void {
  for (const type of gatewayResponseTypes) {
    const [before, now] = [entryOf(type, older), entryOf(type, newer)];
    if (before === undefined && now === undefined) continue;
    // What comes of a class is told of the class.
    const own = [...older, ...newer].some((entry) => entry.type === type);
    const path = `answer ${own ? type : (now?.type ?? before?.type)}`;
    compareStatuses(type, before, now, path, types.changes);
    if ((before && before.headers === undefined) || (now && now.headers === undefined)) continue;
    compareHeaders(before?.headers ?? {}, now?.headers ?? {}, path, types.changes);
    if (type !== "REQUEST_TOO_LARGE") compareBodies(bodiesOf(type, before), bodiesOf(type, now), path, types);
  }
}

function entryOf(type: GatewayResponseType, answers: Answers): ContractAnswer | undefined {
  const find = (wanted: GatewayResponseType) => answers.find((answer) => answer.type === wanted);
  return find(type) ?? find(builtInStatus(type) < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
}

function compareStatuses(
  type: GatewayResponseType,
  before: ContractAnswer | undefined,
  now: ContractAnswer | undefined,
  path: string,
  changes: Changes,
): void {
  const status = (entry: ContractAnswer | undefined) => entry?.status ?? builtInStatus(type);
  if (status(before) === status(now)) return;
  const words = (entry: ContractAnswer | undefined) => entry?.status ?? "API Gateway's own";
  changes.add(
    "breaking",
    "gateway-response-changed",
    "api",
    path,
    `has the status ${words(now)} now (was ${words(before)})`,
  );
}

type Texts = Readonly<Record<string, string>>;

function compareHeaders(before: Texts, now: Texts, path: string, changes: Changes): void {
  const code = "gateway-response-changed";
  for (const [name, value] of Object.entries(before)) {
    const other = now[name];
    if (other === undefined) changes.add("breaking", code, "api", path, `has no header ${name} any more`);
    else if (other !== value) {
      // Browsers obey these; of others the file promises that they are there.
      const kind = name.startsWith("access-control-") && other !== "*" ? "breaking" : "compatible";
      changes.add(kind, code, "api", path, `has the header ${name}: ${other} now (was ${value})`);
    }
  }
  for (const name of Object.keys(now)) {
    if (before[name] === undefined) changes.add("compatible", code, "api", path, `has the header ${name} now`);
  }
}

/** What API Gateway writes where the file has no body. */
function bodiesOf(type: GatewayResponseType, entry: ContractAnswer | undefined): Texts {
  if (entry?.bodies && Object.keys(entry.bodies).length > 0) return entry.bodies;
  const name = type === "ACCESS_DENIED" ? "Message" : "message";
  return { "application/json": `{"${name}":$context.error.messageString}` };
}

function compareBodies(before: Texts, now: Texts, path: string, types: TypeComparison): void {
  const { changes } = types;
  const code = "gateway-response-changed";
  for (const [mediaType, template] of Object.entries(before)) {
    const other = now[mediaType];
    if (other === undefined) changes.add("breaking", code, "api", path, `is no longer answered as ${mediaType}`);
    else if (other !== template) compareTemplates(template, other, `${path} body`, types);
  }
  for (const mediaType of Object.keys(now)) {
    if (before[mediaType] === undefined)
      changes.add("compatible", code, "api", path, `may be asked for as ${mediaType}`);
  }
}

function compareTemplates(before: string, now: string, path: string, types: TypeComparison): void {
  const code = "gateway-response-changed";
  const [shape, other] = [templateShape(before), templateShape(now)];
  if (shape === undefined || other === undefined) {
    types.changes.add("breaking", code, "api", path, "is another text now");
    return;
  }
  types.compare(shape, other, "response", { where: "api", path });
  for (const { at, from, to } of changedTexts(jsonSkeleton(before), jsonSkeleton(now), path)) {
    // Programs compare codes; sentences are for people.
    const isCode = [from, to].every((text) => typeof text !== "string" || !/\s/.test(text));
    const message = `says ${JSON.stringify(to)} now (was ${JSON.stringify(from)})`;
    types.changes.add(isCode ? "breaking" : "compatible", code, "api", at, message);
  }
}

interface ChangedText {
  readonly at: string;
  readonly from: JsonValue;
  readonly to: JsonValue;
}

/** Constants that stand at the same place in both; null is what is known when a request comes. */
function changedTexts(before: JsonValue | undefined, now: JsonValue | undefined, at: string): readonly ChangedText[] {
  if (before === undefined || now === undefined || before === null || now === null) return [];
  if (typeof before === "object" || typeof now === "object") {
    if (typeof before !== "object" || typeof now !== "object") return [];
    const others = new Map(Object.entries(now));
    return Object.entries(before).flatMap(([name, value]) =>
      changedTexts(value as JsonValue, others.get(name) as JsonValue | undefined, `${at}.${name}`),
    );
  }
  const isKnown = [before, now].every((value) => value !== "" && !String(value).includes("$"));
  return before === now || typeof before !== typeof now || !isKnown ? [] : [{ at, from: before, to: now }];
}
