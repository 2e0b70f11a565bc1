import { DraftMap } from "../draft.js";
import type { Importing } from "../importing.js";
import { attributeName, intrinsicOf, logicalId } from "../intrinsics.js";
import { itemsOf, jsonOf, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import type { Resource, Resources } from "./resources.js";

/**
 * `waf:` of the web ACLs in front of an API: of those that stand before its stages, and before its distributions. What the
 * language has no rule for is told.
 */
export function readFirewall(api: string, resources: Resources, importing: Importing): DraftMap | undefined {
  const acls = new Set([...associated(api, resources), ...beforeDistributions(api, resources)]);
  if (acls.size === 0) return undefined;
  const rules = new Rules(resources, importing);
  for (const acl of acls) {
    const action = memberOf(acl.properties, "DefaultAction");
    if (memberOf(action, "Block"))
      importing.leftOut(action ?? acl.tree, "a web ACL that refuses whatever no rule allows: a `policy` says that");
    for (const rule of itemsOf(memberOf(acl.properties, "Rules"))) rules.add(rule);
  }
  return rules.draft();
}

function associated(api: string, resources: Resources): readonly Resource[] {
  return resources.of("AWS::WAFv2::WebACLAssociation").flatMap(({ properties }) => {
    const stage = memberOf(properties, "ResourceArn");
    const isOurs = mentions(stage, api) || mentions(resources.get(logicalId(stage))?.properties, api);
    const acl = resources.get(logicalId(memberOf(properties, "WebACLArn")));
    return isOurs && acl ? [acl] : [];
  });
}

function beforeDistributions(api: string, resources: Resources): readonly Resource[] {
  return resources.of("AWS::CloudFront::Distribution").flatMap(({ properties }) => {
    const config = memberOf(properties, "DistributionConfig");
    const origins = memberOf(config, "Origins");
    const written = memberOf(config, "WebACLId");
    const chosen = itemsOf(memberOf(written, "Fn::If"));
    const acl = [written, ...chosen].map((each) => resources.get(logicalId(each))).find((each) => each !== undefined);
    return mentions(origins, api) && acl ? [acl] : [];
  });
}

/** Whether a value of the template names a resource. */
function mentions(tree: Tree | undefined, id: string): boolean {
  if (tree === undefined || tree.kind === "scalar") return false;
  if (tree.kind === "list") return tree.items.some((item) => mentions(item, id));
  const [name, value] = intrinsicOf(tree) ?? [];
  if (name === "Ref") return textOf(value) === id;
  if (name === "Fn::GetAtt") return attributeName(value).split(".")[0] === id;
  if (name === "Fn::Sub") {
    const text = textOf(value?.kind === "list" ? value.items[0] : value) ?? "";
    if (text.includes(`\${${id}}`) || text.includes(`\${${id}.`)) return true;
  }
  return membersOf(tree).some((member) => mentions(member.value, id));
}

const patternFields: ReadonlyMap<string, string> = new Map([
  ["UriPath", "path"],
  ["QueryString", "query"],
  ["AllQueryArguments", "query"],
  ["Headers", "header"],
  ["SingleHeader", "header"],
]);

const sizeFields: ReadonlyMap<string, string> = new Map([
  ["UriPath", "path"],
  ["QueryString", "query"],
  ["Headers", "headers"],
  ["Cookies", "cookies"],
  ["Body", "body"],
]);

class Rules {
  readonly #addresses = { allow: new Set<string>(), block: new Set<string>() };
  readonly #size = new DraftMap();
  readonly #patterns = new Map<string, DraftMap>();
  #rate: DraftMap | undefined;

  constructor(
    private readonly resources: Resources,
    private readonly importing: Importing,
  ) {}

  add(rule: Tree): void {
    const action = memberOf(rule, "Action");
    const word = memberOf(action, "Allow") ? "allow" : memberOf(action, "Block") ? "block" : undefined;
    const [statement] = membersOf(memberOf(rule, "Statement"));
    const isCarried =
      word !== undefined && statement !== undefined && this.#read(statement.name, statement.value, word);
    if (isCarried) return;
    const kind = statement?.name.replace(/Statement$/, "") ?? "no statement";
    this.importing.leftOut(rule, `rules of web ACLs that are not in the language (${kind})`);
  }

  draft(): DraftMap {
    const { allow, block } = this.#addresses;
    const map = new DraftMap();
    if (allow.size > 0) map.set("allow", new DraftMap().set("ips", [...allow]));
    if (block.size > 0) map.set("block", new DraftMap().set("ips", [...block]));
    map.set("rate", this.#rate).setFull("size", this.#size);
    return map.setFull("patterns", [...this.#patterns.values()]);
  }

  #read(name: string, statement: Tree, word: "allow" | "block"): boolean {
    if (name === "IPSetReferenceStatement") return this.#ips(statement, word);
    if (word === "allow") return false;
    switch (name) {
      case "RateBasedStatement":
        return this.#rateOf(statement);
      case "SizeConstraintStatement":
        return this.#sizeOf(statement);
      case "RegexMatchStatement":
        return this.#pattern(statement, textOf(memberOf(statement, "RegexString")));
      case "ByteMatchStatement":
        return this.#pattern(statement, searched(statement));
      default:
        return false;
    }
  }

  #ips(statement: Tree, word: "allow" | "block"): boolean {
    const set = this.resources.get(logicalId(memberOf(statement, "Arn")));
    const list = itemsOf(memberOf(set?.properties, "Addresses")).flatMap((each) => textOf(each) ?? []);
    for (const address of list) this.#addresses[word].add(address);
    return set !== undefined;
  }

  #rateOf(statement: Tree): boolean {
    const limit = numberOf(memberOf(statement, "Limit"));
    const isByAddress = (textOf(memberOf(statement, "AggregateKeyType")) ?? "IP") === "IP";
    if (limit === undefined || !isByAddress || memberOf(statement, "ScopeDownStatement")) return false;
    const window = numberOf(memberOf(statement, "EvaluationWindowSec")) ?? 300;
    this.#rate = new DraftMap().set("limit", limit).set("window", window === 300 ? undefined : `${window}s`);
    return true;
  }

  #sizeOf(statement: Tree): boolean {
    const field = fieldOf(statement, sizeFields);
    const size = numberOf(memberOf(statement, "Size"));
    const operator = textOf(memberOf(statement, "ComparisonOperator"));
    if (field === undefined || size === undefined || (operator !== "GT" && operator !== "GE")) return false;
    this.#size.set(field, operator === "GT" ? size : Math.max(0, size - 1));
    return true;
  }

  #pattern(statement: Tree, regex: string | undefined): boolean {
    const field = fieldOf(statement, patternFields);
    if (field === undefined || regex === undefined) return false;
    const header = textOf(memberOf(memberOf(memberOf(statement, "FieldToMatch"), "SingleHeader"), "Name"));
    const pattern = new DraftMap()
      .set("in", field)
      .set("name", header)
      .set("match", regex.replace(/^\(\?i\)/, ""));
    this.#patterns.set(JSON.stringify(pattern.entries), pattern);
    return true;
  }
}

function fieldOf(statement: Tree, fields: ReadonlyMap<string, string>): string | undefined {
  const [field] = membersOf(memberOf(statement, "FieldToMatch"));
  return field && fields.get(field.name);
}

/** What a byte match looks for, as a pattern. */
function searched(statement: Tree): string | undefined {
  const value = memberOf(statement, "SearchString");
  const text = textOf(value)?.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  if (text === undefined || value === undefined || typeof jsonOf(value) !== "string") return undefined;
  switch (textOf(memberOf(statement, "PositionalConstraint"))) {
    case "CONTAINS":
      return text;
    case "STARTS_WITH":
      return `^${text}`;
    case "ENDS_WITH":
      return `${text}$`;
    case "EXACTLY":
      return `^${text}$`;
    default:
      return undefined;
  }
}
