import { AdminProblem } from "../../runtime/admin/admin-message.js";
import type { AreaRunner } from "./case.js";
import { show } from "./compare.js";
import { checkOf } from "./design-requests.js";

/** Errors of the control plane when an API is designed: the rules of `runtime/admin/design`, with AWS's status and text. */
export const run: AreaRunner = ({ given, expect }) => {
  const check = checkOf(given);
  if (check === undefined) return `no rule for a request with ${Object.keys(given).join(", ")}`;
  const answer = answerOf(check);
  for (const [name, actual] of Object.entries(answer)) {
    const wanted = expect[name];
    if (wanted !== undefined && wanted !== actual) return `${name} ${show(actual)}, wanted ${show(wanted)}`;
  }
  return undefined;
};

interface DesignAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Other names for the code. */
  readonly type: string | undefined;
  readonly error: string | undefined;
}

function answerOf(check: () => void): DesignAnswer {
  try {
    check();
    return { status: 201, code: undefined, message: undefined, type: undefined, error: undefined };
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    const { status, type, message } = error;
    return { status, code: type, message, type, error: type };
  }
}
