import type { Cors } from "../model/gateway-model.js";
import type { CorsSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isInRange } from "./limits.js";

/** What a route without a word of its own inherits, or its own. `cors: false` switches it off. */
export function inheritCors(
  own: CorsSyntax | undefined,
  inherited: Cors | undefined,
  checking: Checking,
): Cors | undefined {
  return own === undefined ? inherited : checkCors(own, checking);
}

export function checkCors(cors: CorsSyntax | undefined, checking: Checking): Cors | undefined {
  if (cors === undefined || cors.enabled?.value === false) return undefined;
  const origins = (cors.origins ?? []).filter((origin) => isOrigin(origin, checking));
  const credentials = cors.credentials?.value ?? false;
  for (const list of [cors.origins, cors.methods, cors.headers]) {
    const star = credentials ? list?.find(({ text }) => text === "*") : undefined;
    if (star) checking.report("cors-star-with-credentials", star.span, {});
  }
  const methods = cors.methods?.filter((method) => isToken(method, "method", checking)).map(({ text }) => text);
  const tokens = (list: readonly TextValue[] | undefined) =>
    (list ?? []).filter((name) => isToken(name, "header", checking)).map(({ text }) => text);
  if (cors.maxAge) isInRange(cors.maxAge, { least: -1, most: 86_400, what: "maxAge, in seconds" }, checking.report);
  return {
    origins: origins.length > 0 ? origins.map(({ text }) => text) : ["*"],
    methods,
    headers: tokens(cors.headers),
    exposeHeaders: tokens(cors.exposeHeaders),
    credentials,
    maxAgeSeconds: cors.maxAge?.value,
  };
}

function isOrigin({ text, span }: TextValue, { report }: Checking): boolean {
  if (text === "*" || /^https?:\/\/(\*|[A-Za-z0-9.*-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?$/.test(text)) return true;
  const isUrl = /^https?:\/\/[^/]+\//.test(text);
  report("bad-origin", span, { origin: text }, isUrl ? { fix: { span, text: new URL(text).origin } } : {});
  return false;
}

function isToken({ text, span }: TextValue, what: string, { report }: Checking): boolean {
  if (text === "*" || /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text)) return true;
  report("bad-token", span, { what, text });
  return false;
}
