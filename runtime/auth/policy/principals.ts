import { membersOf, textsOf } from "./conditions.js";
import { PolicyError, type PolicyPrincipal } from "./policy.js";

/** `none`, the whole `account`, or the caller's own ARN or everybody: `caller`. */
export type PrincipalMatch = "none" | "account" | "caller";

export type PrincipalTest = (principal: PolicyPrincipal | undefined) => PrincipalMatch;

/**
 * Compiles `Principal` (or `NotPrincipal`, whose meaning is the statement's affair). Services and federated users never
 * call here as such, so naming them matches nobody.
 *
 * @throws PolicyError
 * @see IAM user guide, "AWS JSON policy elements: Principal"
 */
export function compilePrincipal(element: unknown): PrincipalTest {
  if (element === "*") return everybody;
  const names = new Set<string>();
  const accounts = new Set<string>();
  for (const [type, value] of membersOf(element, "Principal")) {
    if (!principalTypes.has(type)) throw new PolicyError(`there is no kind of principal "${type}"`);
    const texts = textsOf(value, `Principal ${type}`);
    if (type !== "AWS") continue;
    if (texts.includes("*")) return everybody;
    for (const text of texts) {
      const account = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
      if (account !== undefined) accounts.add(account);
      names.add(text);
      if (/[*?]/.test(text)) throw new PolicyError(`a principal has no wildcards: "${text}"`);
    }
  }
  return (principal) => {
    if (principal === undefined) return "none";
    if (principal.arns.some((arn) => names.has(arn))) return "caller";
    return accounts.has(principal.accountId) ? "account" : "none";
  };
}

const principalTypes: ReadonlySet<string> = new Set(["AWS", "Service", "Federated", "CanonicalUser"]);

const everybody: PrincipalTest = () => "caller";
