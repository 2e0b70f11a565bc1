import type { Cors } from "../../src/model/gateway-model.js";

/**
 * CORS headers of gateway responses. There is no VTL in them on AWS, so no origin can be picked from a list. Several
 * origins without credentials: any origin may read an error, which holds no secret. With credentials that would tell
 * strangers about the caller: the first origin alone reads errors.
 */
export function errorCorsHeaders(cors: Cors): readonly (readonly [string, string])[] {
  const [first = "*"] = cors.origins;
  const origin = cors.origins.length === 1 && !isPattern(first) ? first : cors.credentials ? firstExact(cors) : "*";
  if (origin === undefined) return [];
  return [
    ["Access-Control-Allow-Origin", origin],
    ...(cors.credentials ? [["Access-Control-Allow-Credentials", "true"] as const] : []),
    ...(cors.exposeHeaders.length > 0
      ? [["Access-Control-Expose-Headers", cors.exposeHeaders.join(",")] as const]
      : []),
  ];
}

function isPattern(origin: string): boolean {
  return origin !== "*" && origin.includes("*");
}

function firstExact(cors: Cors): string | undefined {
  return cors.origins.find((origin) => !isPattern(origin));
}
