import { AdminProblem } from "../admin-message.js";

/** A member of a request whose value its type does not have; `path` as AWS names it (`createRestApiInput.name`). */
export interface MemberViolation {
  readonly path: string;
  /** Undefined: the member is not there, and has to be. */
  readonly value: string | undefined;
  readonly constraint: string;
}

/**
 * The check of members that goes before all rules: every violation at once, in the order of the request's members
 * (aws-behaviour 16, recorded).
 *
 * @throws AdminProblem ValidationException, 400
 */
export function checkMembers(found: readonly (MemberViolation | undefined)[]): void {
  const violations = found.filter((violation) => violation !== undefined);
  if (violations.length === 0) return;
  const texts = violations.map(({ path, value, constraint }) => {
    const at = value === undefined ? "Value null" : `Value '${value}'`;
    return `${at} at '${path}' failed to satisfy constraint: Member must ${constraint}`;
  });
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  throw new AdminProblem(400, "ValidationException", `${count}: ${texts.join("; ")}`);
}

/** A member that has to be there. */
export function requiredMember(path: string, value: string | undefined): MemberViolation | undefined {
  return value === undefined ? { path, value, constraint: "not be null" } : undefined;
}

/** A member with a fixed set of values, told in AWS's order. */
export function enumMember(
  path: string,
  value: string | undefined,
  allowed: readonly string[],
): MemberViolation | undefined {
  if (value === undefined || allowed.includes(value)) return undefined;
  return { path, value, constraint: `satisfy enum value set: [${allowed.join(", ")}]` };
}

/** A list whose items have a fixed set of values. */
export function enumListMember(
  path: string,
  values: readonly string[] | undefined,
  allowed: readonly string[],
): MemberViolation | undefined {
  if (values === undefined || values.every((value) => allowed.includes(value))) return undefined;
  const constraint = `satisfy constraint: [Member must satisfy enum value set: [${allowed.join(", ")}]]`;
  return { path, value: `[${values.join(", ")}]`, constraint };
}

/** The status of a method's, an integration's or a gateway response. */
export function statusMember(value: string | undefined): MemberViolation | undefined {
  if (value === undefined || /^[1-5]\d\d$/.test(value)) return undefined;
  return { path: "statusCode", value, constraint: "satisfy regular expression pattern: [1-5]\\d\\d" };
}

const patchOps = ["add", "remove", "move", "test", "replace", "copy"];

/** The operations of a patch; `input` is AWS's name of the request (`updateStageInput`). Counted from 1. */
export function patchMembers(
  input: string,
  operations: readonly { readonly op: string }[],
): readonly (MemberViolation | undefined)[] {
  return operations.map(({ op }, at) => enumMember(`${input}.patchOperations.${at + 1}.member.op`, op, patchOps));
}
