import type { Cors } from "../model/gateway-model.js";
import { httpMethods } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { CorsSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isFixed } from "./expressions.js";
import { isToken } from "./names.js";

/** What a route without a word of its own inherits, or its own. `cors: false` switches it off. */
export function inheritCors(
  own: CorsSyntax | undefined,
  inherited: Cors | undefined,
  checking: Checking,
): Cors | undefined {
  if (own === undefined) return inherited;
  return own.enabled?.value === true ? (inherited ?? checkCors(own, checking)) : checkCors(own, checking);
}

/** CORS settings; `cors: true` allows every origin (aws-behaviour.md section 25). */
export function checkCors(cors: CorsSyntax | undefined, checking: Checking): Cors | undefined {
  if (cors === undefined || cors.enabled?.value === false) return undefined;
  const credentials = cors.credentials?.value ?? false;
  if (credentials) refuseStars(cors, checking);
  const headers = (list: readonly TextValue[] | undefined) =>
    (list ?? []).filter((name) => isToken(name, "header", checking)).map(({ text }) => text);
  return {
    origins: cors.origins?.filter((origin) => isOrigin(origin, checking)).map(({ text }) => text) ?? ["*"],
    methods: cors.methods?.filter((method) => isMethod(method, checking)).map(({ text }) => text),
    headers: headers(cors.headers),
    exposeHeaders: headers(cors.exposeHeaders),
    credentials,
    maxAgeSeconds: cors.maxAge?.value,
  };
}

/** With credentials browsers take a star for a name (Fetch standard, section 3.3); AWS refuses it. */
function refuseStars(cors: CorsSyntax, { report }: Checking): void {
  for (const list of [cors.origins, cors.methods, cors.headers, cors.exposeHeaders]) {
    const star = list?.find(({ text }) => text === "*");
    if (star) report("cors-star-with-credentials", star.span, {});
  }
  if (cors.origins === undefined && cors.credentials) {
    report("cors-star-with-credentials", cors.credentials.span, {});
  }
}

/** Scheme, host and port as browsers send them, `*`, or `https://*` of HTTP APIs. */
function isOrigin(origin: TextValue, checking: Checking): boolean {
  const { text, span } = origin;
  if (!isFixed(origin, "an origin", checking)) return false;
  if (text === "*" || (checking.kind === "http" && /^https?:\/\/\*$/.test(text))) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/.test(text)) return true;
  const meant = originIn(text);
  checking.report("bad-origin", span, { origin: text, meant }, meant ? { fix: { span, text: meant } } : {});
  return false;
}

/** The origin of a URL, or of a host with its scheme left out. */
function originIn(text: string): string | undefined {
  for (const url of [text, `https://${text}`]) {
    const { origin } = URL.canParse(url) ? new URL(url) : { origin: "null" };
    if (origin !== "null" && !origin.includes("*")) return origin;
  }
  return undefined;
}

function isMethod(method: TextValue, checking: Checking): boolean {
  const { text, span } = method;
  if (text === "*" || (httpMethods as readonly string[]).includes(text)) return true;
  const near = nearest(text.toUpperCase(), httpMethods);
  checking.report("unknown-method", span, { method: text, near });
  return false;
}
