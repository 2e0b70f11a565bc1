import type { Exchange } from "../http/exchange.js";
import { decodePercent, parseQuery } from "../mapping/query-text.js";

/** Where a parameter is found; header names in lower case. */
export interface ParameterPlace {
  readonly in: "header" | "path" | "query";
  readonly name: string;
}

const none: readonly string[] = [];

/** Reads declared parameters of one request, decoded; the query is split at most once. */
export class ParameterReader {
  #query: readonly string[] | undefined = undefined;

  constructor(private readonly x: Exchange) {}

  /** All values, in order; empty when the parameter is absent. */
  values({ in: place, name }: ParameterPlace): readonly string[] {
    switch (place) {
      case "header":
        return headerValues(this.x.headers, name);
      case "query":
        this.#query ??= parseQuery(this.x.query, this.x.program.program.api.kind === "rest");
        return exactValues(this.#query, name);
      case "path": {
        const value = pathValue(this.x, name);
        return value === undefined ? none : [decodePercent(value)];
      }
    }
  }
}

function headerValues(headers: readonly string[], lowerName: string): readonly string[] {
  let found: string[] | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== lowerName.length || name.toLowerCase() !== lowerName) continue;
    found ??= [];
    found.push(headers[at + 1] as string);
  }
  return found ?? none;
}

function exactValues(pairs: readonly string[], name: string): readonly string[] {
  let found: string[] | undefined;
  for (let at = 0; at < pairs.length; at += 2) {
    if (pairs[at] !== name) continue;
    found ??= [];
    found.push(pairs[at + 1] as string);
  }
  return found ?? none;
}

function pathValue(x: Exchange, name: string): string | undefined {
  const { pathValues } = x;
  // Gateway responses are rendered also where no route has matched.
  const route = x.route as Exchange["route"] | undefined;
  if (route === undefined) return undefined;
  let index = 0;
  for (const segment of route.segments) {
    if (!segment.startsWith("{")) continue;
    if (segment === `{${name}}` || segment === `{${name}+}`) return pathValues[index];
    index++;
  }
  return undefined;
}
