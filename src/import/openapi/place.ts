import type { CloudPlace } from "../intrinsics.js";
import { itemsOf, memberOf, membersOf, type Tree, textOf } from "../tree.js";

/** Region and account that most addresses of functions and services in the document name. */
export function placeOf(document: Tree): CloudPlace {
  const regions = new Map<string, number>();
  const accounts = new Map<string, number>();
  const count = (map: Map<string, number>, value: string | undefined, weight: number) => {
    if (value) map.set(value, (map.get(value) ?? 0) + weight);
  };
  for (const text of addresses(document)) {
    const lambda = /arn:[\w-]+:lambda:([a-z0-9-]+):(\d{12}):/.exec(text);
    count(regions, lambda?.[1], 2);
    count(accounts, lambda?.[2], 2);
    count(regions, /^arn:[\w-]+:apigateway:([a-z]{2}[a-z-]+-\d):/.exec(text)?.[1], 1);
    count(accounts, /^arn:[\w-]+:iam::(\d{12}):role/.exec(text)?.[1], 1);
  }
  return { region: most(regions) ?? "us-east-1", account: most(accounts) ?? "123456789012" };
}

function most(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function addresses(document: Tree): readonly string[] {
  const operations = membersOf(memberOf(document, "paths")).flatMap(({ value }) =>
    membersOf(value).map((each) => each.value),
  );
  const components = memberOf(document, "components");
  const shared = membersOf(
    memberOf(components, "x-amazon-apigateway-integrations") ?? memberOf(document, "x-amazon-apigateway-integrations"),
  );
  const integrations = [
    ...operations.map((operation) => memberOf(operation, "x-amazon-apigateway-integration")),
    ...shared.map(({ value }) => value),
  ];
  const schemes = membersOf(memberOf(components, "securitySchemes") ?? memberOf(document, "securityDefinitions"));
  return [
    ...integrations.flatMap((integration) => [memberOf(integration, "uri"), memberOf(integration, "credentials")]),
    ...schemes.map(({ value }) => memberOf(memberOf(value, "x-amazon-apigateway-authorizer"), "authorizerUri")),
  ].flatMap((tree) => textOf(tree) ?? textOf(memberOf(tree, "Fn::Sub")) ?? []);
}

/** The stage that an export of API Gateway was made of: the base path of its own address. */
export function stageOf(document: Tree): string | undefined {
  const isOurs = (text: string | undefined) => text !== undefined && /\.execute-api\./.test(text);
  const valid = (path: string | undefined) => /^\/?([A-Za-z0-9_-]{1,128})\/?$/.exec(path ?? "")?.[1];
  if (isOurs(textOf(memberOf(document, "host")))) return valid(textOf(memberOf(document, "basePath")));
  for (const server of itemsOf(memberOf(document, "servers"))) {
    const url = textOf(memberOf(server, "url"));
    if (!isOurs(url)) continue;
    const [, path = ""] = /^https?:\/\/[^/]+\/(.*)$/.exec(url ?? "") ?? [];
    const variable = /^\{(\w+)\}\/?$/.exec(path)?.[1];
    return valid(
      variable === undefined ? path : textOf(memberOf(memberOf(memberOf(server, "variables"), variable), "default")),
    );
  }
  return undefined;
}
