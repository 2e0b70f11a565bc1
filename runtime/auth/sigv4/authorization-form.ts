const algorithm = "AWS4-HMAC-SHA256";
const required = ["Credential", "Signature", "SignedHeaders"];

/**
 * What is wrong with the form of an Authorization header where SigV4 is expected; undefined when it has all its parts.
 *
 * @see aws-behaviour.md section 21; the order of complaints as reported from the field
 */
export function authorizationComplaint(authorization: string): string | undefined {
  const text = authorization.trim();
  const blank = text.indexOf(" ");
  const scheme = blank === -1 ? text : text.slice(0, blank);
  const pairs = (blank === -1 ? (text === algorithm ? "" : text) : text.slice(blank + 1)).split(",");
  const names = new Set<string>();
  for (const pair of pairs.map((part) => part.trim()).filter((part) => part !== "")) {
    const equals = pair.indexOf("=");
    if (equals === -1) {
      return `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${text}'.`;
    }
    names.add(pair.slice(0, equals).trim());
  }
  const missing = required.filter((part) => !names.has(part));
  if (missing.length > 0) {
    const complaints = missing.map((part) => `Authorization header requires '${part}' parameter. `).join("");
    return `${complaints}Authorization=${scheme}`;
  }
  return scheme === algorithm ? undefined : `Unsupported AWS 'algorithm': '${scheme}'.`;
}
