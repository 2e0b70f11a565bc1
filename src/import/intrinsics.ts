import { itemsOf, jsonOf, memberOf, type Tree, textOf } from "./tree.js";
import type { Variables } from "./variables.js";

/** What CloudFormation's pseudo parameters are where the description stands. */
export interface CloudPlace {
  readonly region: string;
  readonly account: string;
}

/**
 * The text of a value that may be an intrinsic function of CloudFormation (`Fn::Sub`, `Ref`, `Fn::GetAtt`, `Fn::Join` …). What
 * is known only in the stack becomes a stage variable, as API Gateway writes it: `${stageVariables.Table}`.
 *
 * @returns undefined when the value is no text at all
 */
export function cloudText(tree: Tree | undefined, place: CloudPlace, variables: Variables): string | undefined {
  if (tree === undefined) return undefined;
  if (tree.kind === "scalar") return textOf(tree);
  const [name, value] = intrinsicOf(tree) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const inner = (part: Tree | undefined) => cloudText(part, place, variables);
  switch (name) {
    case "Ref":
      return known(textOf(value) ?? "", place) ?? variable(textOf(value) ?? "", variables);
    case "Fn::Sub":
      return substituted(value, place, variables);
    case "Fn::Join": {
      const [separator, list] = itemsOf(value);
      const parts = itemsOf(list).map((part) => inner(part) ?? "");
      return list?.kind === "list" ? parts.join(textOf(separator) ?? "") : undefined;
    }
    case "Fn::GetAtt":
      return variable(attributeName(value), variables);
    case "Fn::If":
      return inner(itemsOf(value)[1]);
    default:
      return variable(`${name.replace(/^Fn::/, "")}${JSON.stringify(jsonOf(value))}`.slice(0, 60), variables);
  }
}

/** A map that is one call of an intrinsic function. */
export function intrinsicOf(tree: Tree | undefined): readonly [name: string, value: Tree] | undefined {
  if (tree?.kind !== "map" || tree.members.size !== 1) return undefined;
  const [member] = tree.members.values();
  const isCall = member !== undefined && (member.name === "Ref" || member.name.startsWith("Fn::"));
  return isCall ? [member.name, member.value] : undefined;
}

/** The logical id that a value leads to: `Ref: X`, `Fn::GetAtt: [X, …]`, `Fn::Sub: ${X}` or `${X.Arn}`. */
export function logicalId(tree: Tree | undefined): string | undefined {
  const [name, value] = intrinsicOf(tree) ?? [];
  if (name === "Ref") return textOf(value);
  if (name === "Fn::GetAtt") return attributeName(value).split(".")[0];
  if (name !== "Fn::Sub") return undefined;
  const text = textOf(value?.kind === "list" ? value.items[0] : value);
  return /\$\{(\w+)(?:\.[\w.]+)?\}/.exec((text ?? "").replaceAll(/\$\{AWS::\w+\}/g, ""))?.[1];
}

/** `Function.Arn` of `Fn::GetAtt: [Function, Arn]`. */
export function attributeName(value: Tree | undefined): string {
  return value?.kind === "list" ? value.items.map((item) => textOf(item) ?? "").join(".") : (textOf(value) ?? "");
}

function substituted(value: Tree, place: CloudPlace, variables: Variables): string | undefined {
  const [first, map] = value.kind === "list" ? value.items : [value];
  const template = textOf(first);
  return template?.replaceAll(/\$\{([^{}]*)\}/g, (whole: string, name: string) => {
    if (name.startsWith("!")) return `\${${name.slice(1)}}`;
    if (/^stageVariables\./.test(name)) return whole;
    const given = memberOf(map, name);
    return (given && cloudText(given, place, variables)) ?? known(name, place) ?? variable(name, variables);
  });
}

function known(name: string, { region, account }: CloudPlace): string | undefined {
  switch (name) {
    case "AWS::Region":
      return region;
    case "AWS::AccountId":
      return account;
    case "AWS::Partition":
      return "aws";
    case "AWS::URLSuffix":
      return "amazonaws.com";
    default:
      return undefined;
  }
}

function variable(name: string, variables: Variables): string {
  return `\${stageVariables.${variables.use(name)}}`;
}
