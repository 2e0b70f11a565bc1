import { BlockList, isIP } from "node:net";
import type { PolicyRequest, PolicyResult } from "../../../runtime/auth/policy/index.js";

/** Policies as the property test draws them: AWS's JSON with every element in its list form. */
export interface PlainPolicy {
  readonly Version: "2012-10-17" | "2008-10-17";
  readonly Statement: readonly PlainStatement[];
}

export interface PlainStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly AWS: readonly string[] };
  readonly NotPrincipal?: "*" | { readonly AWS: readonly string[] };
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The documentation read aloud: nothing prepared, regular expressions for wildcards, Node's own lists for addresses. */
export function slowEvaluate(policy: PlainPolicy, request: PolicyRequest, account: string): PolicyResult {
  const applying = policy.Statement.filter((statement) => applies(statement, policy.Version, request, account));
  if (applying.some(({ Effect }) => Effect === "Deny")) return "deny";
  return applying.length > 0 ? "allow" : "silent";
}

function applies(s: PlainStatement, version: string, request: PolicyRequest, account: string): boolean {
  const fill = (text: string) => (version === "2012-10-17" ? filled(text, request) : escaped(text));
  if (s.Principal !== undefined) {
    const match = principalMatch(s.Principal, request);
    if (match === "none") return false;
    if (match === "account" && s.Effect === "Allow" && request.principal?.accountId === account) return false;
  }
  if (s.NotPrincipal !== undefined && principalMatch(s.NotPrincipal, request) !== "none") return false;
  const action = (list: readonly string[]) => list.some((text) => glob(escaped(text), "i").test(request.action));
  if (s.Action !== undefined && !action(s.Action)) return false;
  if (s.NotAction !== undefined && action(s.NotAction)) return false;
  const resource = (list: readonly string[]) =>
    list.some((text) => {
      const pattern = fill(text);
      return pattern !== undefined && glob(pattern).test(request.resource);
    });
  if (s.Resource !== undefined && !resource(s.Resource)) return false;
  if (s.NotResource !== undefined && resource(s.NotResource)) return false;
  return Object.entries(s.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, key, values, request, fill)),
  );
}

function principalMatch(element: "*" | { readonly AWS: readonly string[] }, { principal }: PolicyRequest) {
  const list = element === "*" ? ["*"] : element.AWS;
  if (list.includes("*")) return "caller";
  if (principal === undefined) return "none";
  if (list.some((text) => principal.arns.includes(text))) return "caller";
  const { accountId } = principal;
  return list.includes(accountId) || list.includes(`arn:aws:iam::${accountId}:root`) ? "account" : "none";
}

function holds(
  name: string,
  key: string,
  wanted: readonly string[],
  request: PolicyRequest,
  fill: (text: string) => string | undefined,
): boolean {
  const given = request.context.get(key.toLowerCase());
  if (name === "Null") return wanted.includes(String(given === undefined));
  const isOptional = name.endsWith("IfExists");
  const set = /^(ForAllValues|ForAnyValue):/.exec(name)?.[1];
  const base = name.replace(/^For\w+:/, "").replace(/IfExists$/, "");
  const isNegated = base.includes("Not");
  const positive = base.replace("Not", "");
  if (given === undefined) {
    if (isOptional || set === "ForAllValues") return true;
    return set === undefined && isNegated;
  }
  const values = [given].flat();
  const one = (value: string) => wanted.some((text) => same(positive, value, fill(text))) !== isNegated;
  if (set === "ForAllValues") return values.every(one);
  if (set === "ForAnyValue") return values.some(one);
  return isNegated ? values.every(one) : values.some(one);
}

/** @param pattern  source of a regular expression; undefined when a variable has no value */
function same(operator: string, given: string, pattern: string | undefined): boolean {
  const literal = pattern === undefined ? undefined : plain(pattern);
  switch (operator) {
    case "StringEquals":
      return given === literal;
    case "StringEqualsIgnoreCase":
      return given.toLowerCase() === literal?.toLowerCase();
    case "StringLike":
      return pattern !== undefined && glob(pattern).test(given);
    case "NumericEquals":
      return Number(given) === Number(literal);
    case "NumericLessThan":
      return Number(given) < Number(literal);
    case "NumericGreaterThanEquals":
      return Number(given) >= Number(literal);
    case "DateLessThan":
      return Date.parse(given) < Date.parse(literal ?? "");
    case "IpAddress":
      return isListed(given, literal ?? "");
    case "Bool":
      return given.toLowerCase() === literal?.toLowerCase();
    default:
      throw new Error(`the slow evaluator has no ${operator}`);
  }
}

function isListed(given: string, block: string): boolean {
  const [address = "", bits] = block.split("/");
  if (isIP(given) === 0 || isIP(given) !== isIP(address)) return false;
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
  return list.check(given, family);
}

/** Source of a regular expression in which wildcards of the text are U+0001 and U+0002, so that filled-in ones are not. */
function filled(text: string, request: PolicyRequest): string | undefined {
  let isMissing = false;
  const source = text
    .split(/(\$\{[^}]*\})/)
    .map((piece) => {
      const name = /^\$\{(.*)\}$/.exec(piece)?.[1];
      if (name === undefined) return escaped(piece);
      if (name === "*" || name === "?" || name === "$") return name;
      const [key = "", otherwise] = name.split(/\s*,\s*/);
      const value = request.context.get(key.toLowerCase()) ?? otherwise?.slice(1, -1);
      if (typeof value !== "string") isMissing = true;
      return String(value);
    })
    .join("");
  return isMissing ? undefined : source;
}

function escaped(text: string): string {
  return text.replaceAll("*", "\u0001").replaceAll("?", "\u0002");
}

function plain(source: string): string {
  return source.replaceAll("\u0001", "*").replaceAll("\u0002", "?");
}

function glob(source: string, flags = ""): RegExp {
  const pattern = source
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("\u0001", "[^]*")
    .replaceAll("\u0002", "[^]");
  return new RegExp(`^${pattern}$`, flags);
}
