import { patternParts, wildcardMatcher } from "../../runtime/auth/policy/wildcards.js";
import type { JsonValue } from "../model/types.js";
import { isInside } from "./address-ranges.js";

/** A statement of a policy, with its lists as lists. */
export interface Statement {
  readonly effect: string;
  /** `Principal`, `NotPrincipal` and so on → texts; principals with their kind: `AWS 123456789012`, everybody is `*`. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
  /** `IpAddress aws:sourceip` → values. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
}

export function statementsOf(policy: JsonValue): readonly Statement[] {
  const list = membersOf(policy).get("Statement");
  const all = Array.isArray(list) ? (list as readonly JsonValue[]) : list === undefined ? [] : [list];
  return all.map((statement) => {
    const members = membersOf(statement);
    const elements = new Map<string, readonly string[]>();
    for (const name of ["Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"]) {
      const value = members.get(name);
      if (value !== undefined) elements.set(name, name.endsWith("Principal") ? principalsOf(value) : textsOf(value));
    }
    const conditions = new Map<string, readonly string[]>();
    for (const [operator, keys] of membersOf(members.get("Condition") ?? {}))
      for (const [key, values] of membersOf(keys)) conditions.set(`${operator} ${key.toLowerCase()}`, textsOf(values));
    return { effect: String(members.get("Effect")), elements, conditions };
  });
}

/**
 * Whether a statement holds for every request that another one holds for. Only what is certain counts: a condition that is written
 * in another way is taken as another one.
 */
export function covers(wide: Statement, narrow: Statement): boolean {
  if (wide.effect !== narrow.effect) return false;
  for (const [name, texts] of wide.elements) {
    const others = narrow.elements.get(name);
    if (others === undefined || !(name.startsWith("Not") ? isSame(texts, others) : isCovered(others, texts, like)))
      return false;
  }
  for (const [condition, values] of wide.conditions) {
    const others = narrow.conditions.get(condition);
    if (others === undefined || !holdsWherever(condition.split(" ")[0] ?? "", values, others)) return false;
  }
  return true;
}

/** A condition of the wide statement holds wherever that of the narrow one does. */
function holdsWherever(operator: string, wide: readonly string[], narrow: readonly string[]): boolean {
  const base = operator.replace(/^For(?:Any|All)Values?:/, "").replace(/IfExists$/, "");
  const compare = base.endsWith("IpAddress")
    ? isInside
    : base.endsWith("Like") || base.startsWith("Arn")
      ? like
      : equal;
  if (/^(?:Null|Bool|Numeric|Date)/.test(base)) return isSame(wide, narrow);
  return base.includes("Not") ? isCovered(wide, narrow, compare) : isCovered(narrow, wide, compare);
}

const equal = (text: string, other: string) => text === other;

/** Whether a pattern matches all that another one does; one with `?` only its like. */
function like(text: string, pattern: string): boolean {
  return text === pattern || (!pattern.includes("?") && wildcardMatcher(patternParts(pattern))(text));
}

const isCovered = (
  texts: readonly string[],
  by: readonly string[],
  compare: (text: string, other: string) => boolean,
) => texts.every((text) => by.some((other) => compare(text, other)));

const isSame = (texts: readonly string[], others: readonly string[]) =>
  isCovered(texts, others, equal) && isCovered(others, texts, equal);

function principalsOf(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  const all = [...membersOf(value)].flatMap(([kind, texts]) =>
    textsOf(texts).map((text) => (kind === "AWS" && text === "*" ? "*" : `${kind} ${accountOf(text)}`)),
  );
  return all.includes("*") ? ["*"] : all;
}

/** An account and its root are the same. */
const accountOf = (text: string) => /^arn:aws[\w-]*:iam::(\d{12}):root$/.exec(text)?.[1] ?? text;

function textsOf(value: JsonValue): readonly string[] {
  return (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).map(String);
}

function membersOf(value: JsonValue): ReadonlyMap<string, JsonValue> {
  return new Map(typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
}

/** In words: `everybody, IpAddress aws:sourceip 192.0.2.0/24`. */
export function statementWords({ elements, conditions }: Statement): string {
  const usual: Readonly<Record<string, string>> = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const parts = [...elements].flatMap(([name, texts]) => {
    const text = texts.join(", ");
    if (usual[name] === text) return [];
    if (name === "Principal") return [text === "*" ? "everybody" : text.replace(/\bAWS /g, "")];
    return [`${name} ${text}`];
  });
  return [...parts, ...[...conditions].map(([name, values]) => `${name} ${values.join(", ")}`)].join("; ");
}
