/** Messages of the validator that API Gateway uses, as the inside of template literals over the value `v`. */

/** Messages about the number of elements or members. */
export const countTexts = {
  minItems: (limit: number, found: string) =>
    `array is too short: must have at least ${limit} elements but instance has ${found} elements`,
  maxItems: (limit: number, found: string) =>
    `array is too long: must have at most ${limit} elements but instance has ${found} elements`,
  minProperties: (limit: number, found: string) =>
    `object has too few properties (found ${found} but schema requires at least ${limit})`,
  maxProperties: (limit: number, found: string) =>
    `object has too many properties (found ${found} but schema requires at most ${limit})`,
} as const;

/** Messages about formats. */
export const formatTexts: ReadonlyMap<string, string> = new Map([
  [
    "date-time",
    `string "\${excerpt(v)}" is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]`,
  ],
  ["email", `string "\${excerpt(v)}" is not a valid email address`],
  ["hostname", `string "\${excerpt(v)}" is not a valid hostname`],
  ["ipv4", `string "\${excerpt(v)}" is not a valid IPv4 address`],
  ["ipv6", `string "\${excerpt(v)}" is not a valid IPv6 address`],
  ["regex", `string "\${excerpt(v)}" is not a valid ECMA 262 regular expression`],
  ["uri", `string "\${excerpt(v)}" is not a valid URI`],
  ["uuid", `input string "\${excerpt(v)}" is not a valid UUID`],
]);
