import { places } from "../mapping/expressions/index.js";
import type { Text } from "../model/expressions.js";
import type { RoutePath } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { HttpSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readEndpoint } from "./expressions.js";

/**
 * The address of a backend: `http://` or `https://`, a host, and `{name}` that are path parameters of the route or given by
 * `request.path`. A stage variable may be the whole address or any part of it (aws-behaviour.md section 6.7). A caller must
 * never choose the host, so path parameters come behind it.
 */
export function checkEndpoint(
  { uri }: HttpSyntax,
  path: RoutePath,
  mapped: ReadonlySet<string>,
  checking: Checking,
): Text | undefined {
  const own = path.segments.flatMap((segment) => (segment.kind === "static" ? [] : [segment.name]));
  const text = readEndpoint(uri, places.endpoint, checking, (reference, at) => {
    if (reference.kind !== "path" || own.includes(reference.name) || mapped.has(reference.name)) return undefined;
    const near = nearest(reference.name, [...own, ...mapped]);
    checking.report("unknown-uri-parameter", at.span, { name: reference.name, near });
    return undefined;
  });
  if (text === undefined) return undefined;
  const problem = problemOf(text);
  if (problem === undefined) return text;
  checking.report("bad-uri", uri.span, { uri: uri.text, problem });
  return undefined;
}

function problemOf({ parts }: Text): string | undefined {
  const [first] = parts;
  if (first === undefined) return "it is empty";
  if (typeof first === "string" && !/^https?:\/\//i.test(first)) {
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(first)
      ? "only http and https are called"
      : "it begins with http:// or https://";
  }
  if (typeof first === "object" && first.kind === "path") return "a caller must not choose the host";
  // A stage variable stands for text without a slash here; one that begins the address may hold all of the host.
  const seen = parts.map((part) => (typeof part === "string" ? part : part.kind === "path" ? "\0" : "v")).join("");
  const beginsWithVariable = typeof first === "object";
  const authority = beginsWithVariable ? /^(v+[^/?#]*)/.exec(seen)?.[1] : /^https?:\/\/([^/?#]*)/i.exec(seen)?.[1];
  if (!authority) return "the host is missing";
  if (authority.includes("\0")) return "a caller must not choose the host";
  if (authority.includes("@")) return "user names and passwords do not belong into an address";
  if (!beginsWithVariable && !/^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::(?:\d{1,5}|\d*v[\dv]*))?$/.test(authority)) {
    return `"${authority}" is no host`;
  }
  if (/[\s"<>\\^`|]/.test(seen)) return "it has characters that an address cannot hold";
  return seen.includes("#") ? "what follows # is never sent" : undefined;
}
