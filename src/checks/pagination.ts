import { places } from "../mapping/expressions/index.js";
import type { PathStep } from "../model/expressions.js";
import type { Parameter, Response } from "../model/routes.js";
import type { Pagination } from "../model/sdk.js";
import { jsonKinds, memberOf, membersOf, resolved } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { PaginateSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readExpression } from "./expressions.js";

/** What a route's own declarations say that paging leans on. */
interface Paged {
  readonly parameters: readonly Parameter[];
  readonly responses: readonly Response[];
}

/** How a route is paged: its cursor is a query parameter, its list and next cursor are in the answer that it declares. */
export function checkPagination(
  syntax: PaginateSyntax | undefined,
  { parameters, responses }: Paged,
  checking: Checking,
): Pagination | undefined {
  if (syntax?.cursor === undefined) return undefined;
  const cursor = syntax.cursor;
  const query = parameters.filter((parameter) => parameter.in === "query");
  const found = query.find(({ name }) => name === cursor.text);
  if (found === undefined) {
    const near = nearest(
      cursor.text,
      query.map(({ name }) => name),
    );
    checking.report("paginate-unknown-cursor", cursor.span, { name: cursor.text, near });
    return undefined;
  }
  if (found.required) checking.report("paginate-cursor-required", cursor.span, { name: cursor.text });
  const body = responses.find(({ status }) => status >= 200 && status < 300)?.body?.type;
  if (body === undefined) {
    checking.report("paginate-without-answer", cursor.span, {});
    return undefined;
  }
  const next = syntax.next ? nextOf(syntax.next, body, checking) : { in: "body" as const, path: [cursor.text] };
  const items = syntax.items ? itemsOf(syntax.items, body, checking) : onlyList(body, cursor, checking);
  if (next === undefined || items === undefined) return undefined;
  if (syntax.next === undefined && !memberOf(body, cursor.text, checking.types.lookup))
    checking.report("paginate-no-member", cursor.span, { path: cursor.text });
  return { cursor: cursor.text, next, items };
}

const place = { ...places.responseHeader, where: "paginate", reads: ["responseBody", "responseHeader"] as const };

function nextOf(text: TextValue, body: Type, checking: Checking): Pagination["next"] | undefined {
  const reference = readExpression(text, place, checking);
  if (reference?.kind === "responseHeader") return { in: "header", name: reference.name };
  if (reference?.kind !== "responseBody") return undefined;
  const path = membersIn(reference.path, text, checking);
  return path && typeAt(body, path, text, checking) ? { in: "body", path } : undefined;
}

function itemsOf(text: TextValue, body: Type, checking: Checking): readonly string[] | undefined {
  const reference = readExpression(text, { ...place, reads: ["responseBody"] }, checking);
  if (reference?.kind !== "responseBody") return undefined;
  const path = membersIn(reference.path, text, checking);
  const type = path && typeAt(body, path, text, checking);
  if (type === undefined) return undefined;
  if (isList(type, checking)) return path;
  checking.report("paginate-no-list", text.span, { path: text.text });
  return undefined;
}

function membersIn(path: readonly PathStep[], text: TextValue, checking: Checking): readonly string[] | undefined {
  const names = path.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  if (names.length === path.length) return names;
  checking.report("paginate-no-member", text.span, { path: text.text });
  return undefined;
}

/** The type at a path; undefined when there is none, which is reported. */
function typeAt(body: Type, path: readonly string[], text: TextValue, checking: Checking): Type | undefined {
  let type: Type | undefined = body;
  for (const name of path) type = type && memberOf(type, name, checking.types.lookup)?.type;
  if (type === undefined) checking.report("paginate-no-member", text.span, { path: text.text });
  return type;
}

/** The one list that a body has: itself, or a member. */
function onlyList(body: Type, cursor: TextValue, checking: Checking): readonly string[] | undefined {
  if (isList(body, checking)) return [];
  const { lookup } = checking.types;
  const members = [...(membersOf(body, lookup)?.properties.values() ?? [])];
  const lists = members.filter(({ type }) => isList(type, checking));
  const [only] = lists;
  if (lists.length === 1 && only) return [only.name];
  checking.report("paginate-which-list", cursor.span, { lists: lists.map(({ name }) => name) });
  return undefined;
}

function isList(type: Type, { types }: Checking): boolean {
  const target = resolved(type, types.lookup);
  if (target.kind === "primitive" && target.name === "any") return false;
  const kinds = [...jsonKinds(target, types.lookup)].filter((kind) => kind !== "null");
  return kinds.length === 1 && kinds[0] === "array";
}
