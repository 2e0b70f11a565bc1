/** Formats of JSON Schema draft-04 (validation, section 7.3), and uuid. Every check takes linear time. */

const date = /^(\d{4})-(\d\d)-(\d\d)$/;
const time = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;

/** RFC 3339 `full-date`. */
export function isDate(text: string): boolean {
  const parts = date.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** RFC 3339 `date-time`, leap seconds included (they fall on 23:59:60 UTC). */
export function isDateTime(text: string): boolean {
  if (text.length > 64 || !/^[t]$/i.test(text.charAt(10))) return false;
  const parts = time.exec(text.slice(11));
  if (!parts || !isDate(text.slice(0, 10))) return false;
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [offsetHour, offsetMinute] = [Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second < 60) return true;
  const offset = (offsetHour * 60 + offsetMinute) * (parts[4] === "-" ? -1 : 1);
  return (((hour * 60 + minute - offset) % 1440) + 1440) % 1440 === 1439;
}

/** RFC 5322 `addr-spec` as it is in use: dot-atom or quoted local part, host name or address literal. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 320) return false;
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  const isLocal = /^"(?:[^"\\\r\n]|\\[^\r\n])*"$/.test(local) || isDotAtom(local);
  if (!isLocal) return false;
  if (!domain.startsWith("[")) return isHostname(domain);
  if (!domain.endsWith("]")) return false;
  const address = domain.slice(1, -1);
  return /^ipv6:/i.test(address) ? isIpv6(address.slice(5)) : isIpv4(address);
}

function isDotAtom(text: string): boolean {
  return text.split(".").every((atom) => /^[\w!#$%&'*+/=?^`{|}~-]+$/.test(atom));
}

/** RFC 1123 host name: labels of letters, digits and inner hyphens. */
export function isHostname(text: string): boolean {
  if (text.length === 0 || text.length > 253) return false;
  return text.split(".").every((label) => label.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label));
}

/** Four decimal numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  if (text.length > 15) return false;
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

/** RFC 4291, section 2.2; no zone. */
export function isIpv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const all = groups.flat();
  const last = all.at(-1);
  const hasIpv4 = last?.includes(".") === true;
  if (hasIpv4 && (!isIpv4(last) || groups.at(-1)?.length === 0)) return false;
  const hex = hasIpv4 ? all.slice(0, -1) : all;
  if (!hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  const size = hex.length + (hasIpv4 ? 2 : 0);
  return halves.length === 2 ? size < 8 : size === 8;
}

/** RFC 3986 URI: with a scheme, only allowed characters, complete escapes. */
export function isUri(text: string): boolean {
  const parts = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(text);
  if (!parts) return false;
  const [, , authority, path = "", query = "", fragment = ""] = parts;
  if (!/^(?:[a-z0-9._~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*$/i.test(path)) return false;
  if (!/^(?:[a-z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*$/i.test(query.slice(1) + fragment.slice(1))) return false;
  return authority === undefined || isAuthority(authority);
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at >= 0 && !/^(?:[a-z0-9._~!$&'()*+,;=:-]|%[0-9a-f]{2})*$/i.test(text.slice(0, at))) return false;
  const place = text.slice(at + 1);
  const literal = /^\[([^\]]*)\](?::\d*)?$/.exec(place);
  if (literal) return isIpv6(literal[1] ?? "") || /^v[0-9a-f]+\.[a-z0-9._~!$&'()*+,;=:-]+$/i.test(literal[1] ?? "");
  return /^(?:[a-z0-9._~!$&'()*+,;=-]|%[0-9a-f]{2})*(?::\d*)?$/i.test(place);
}

/** RFC 4122 in its text form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

/** ECMA 262 regular expression. It is only read, never run. */
export function isRegex(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    return false;
  }
}
