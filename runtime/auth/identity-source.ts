import { contextValue } from "../http/context-value.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import type { IdentitySource } from "./authorizer-entry.js";

/** Value of one identity source, the last where there are several; undefined when it is missing or empty. */
export function identityValue(x: Exchange, source: IdentitySource): string | undefined {
  const value = sourceValue(x, source);
  return value === "" ? undefined : value;
}

/** Whether a header that identifies the caller is there more than once: gateway and backend could read different ones. */
export function isAmbiguous(x: Exchange, { in: place, name }: IdentitySource): boolean {
  if (place !== "header") return false;
  const { headers } = x;
  let isThere = false;
  for (let at = 0; at < headers.length; at += 2) {
    const candidate = headers[at] as string;
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    if (isThere) return true;
    isThere = true;
  }
  return false;
}

function sourceValue(x: Exchange, { in: place, name }: IdentitySource): string | undefined {
  switch (place) {
    case "header":
      return x.header(name);
    case "query":
      return valuesOf(x, place, name).at(-1);
    case "stageVariable":
      return x.stage.variables.get(name);
    case "context":
      return contextValue(x, name);
  }
}

/**
 * The identity of a request as one text that no other identity has: each value with its length before it. All values of a
 * name take part, since the function sees all of them.
 *
 * @returns undefined when a source is missing or empty
 */
export function identityKey(x: Exchange, sources: readonly IdentitySource[]): string | undefined {
  const [only, second] = sources;
  if (only?.in === "header" && second === undefined) return headerKey(x, only);
  let key = "";
  for (const source of sources) {
    if (identityValue(x, source) === undefined) return undefined;
    const values = source.in === "header" || source.in === "query" ? valuesOf(x, source.in, source.name) : undefined;
    if (values === undefined) key += part(identityValue(x, source) ?? "");
    else key += `${values.length};${values.map(part).join("")}`;
  }
  return key;
}

/** The header itself, so that nothing has to be put together; several are told apart by a character that no header has. */
function headerKey(x: Exchange, source: IdentitySource): string | undefined {
  const values = valuesOf(x, "header", source.name);
  const last = values.at(-1);
  if (last === undefined || last === "") return undefined;
  return values.length === 1 ? last : `\0${values.length};${values.map(part).join("")}`;
}

function part(value: string): string {
  return `${value.length}:${value}`;
}

function valuesOf(x: Exchange, place: "header" | "query", name: string): readonly string[] {
  const pairs = place === "header" ? x.headers : parseQuery(x.query, x.program.program.api.kind === "rest");
  const values: string[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const candidate = pairs[at] as string;
    const isSame =
      place === "query" ? candidate === name : candidate.length === name.length && candidate.toLowerCase() === name;
    if (isSame) values.push(pairs[at + 1] as string);
  }
  return values;
}
