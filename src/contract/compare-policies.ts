import type { JsonValue } from "../model/types.js";
import type { Changes } from "./change.js";
import { covers, type Statement, statementsOf, statementWords } from "./policy-cover.js";

type Policy = JsonValue | undefined;

const code = "policy-changed";
const path = "resource policy";

/**
 * Resource policies, statement by statement: an Allow that nothing covers any more, and a Deny that nothing covered before, break.
 *
 * @param signed  whether clients sign, so that callers of other accounts need the policy's Allow
 */
export function comparePolicies(older: Policy, newer: Policy, signed: boolean, changes: Changes): void {
  if (JSON.stringify(older) === JSON.stringify(newer)) return;
  if (older === undefined || newer === undefined) {
    compareWithNone(older ?? newer ?? null, newer !== undefined, signed, changes);
    return;
  }
  const [before, now] = [statementsOf(older), statementsOf(newer)];
  const isDeny = ({ effect }: Statement) => effect === "Deny";
  const without = (list: readonly Statement[], others: readonly Statement[], denies: boolean) =>
    list.filter((statement) => isDeny(statement) === denies && !others.some((other) => covers(other, statement)));
  for (const statement of without(before, now, false))
    changes.add("breaking", code, "api", path, `no longer allows ${statementWords(statement)}`);
  for (const statement of without(now, before, true))
    changes.add("breaking", code, "api", path, `denies ${statementWords(statement)} now`);
  for (const statement of without(now, before, false))
    changes.add("compatible", code, "api", path, `allows ${statementWords(statement)} now`);
  for (const statement of without(before, now, true))
    changes.add("compatible", code, "api", path, `denies ${statementWords(statement)} no more`);
}

/** Without a policy everybody may call routes that nothing else protects; callers of other accounts that sign may not. */
function compareWithNone(policy: JsonValue, isNew: boolean, signed: boolean, changes: Changes): void {
  const statements = statementsOf(policy);
  if (isNew) {
    const open = statementsOf({
      Statement: { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" },
    });
    const isOpen =
      statements.every(({ effect }) => effect === "Allow") &&
      statements.some((statement) => open.every((wanted) => covers(statement, wanted)));
    changes.add(
      isOpen ? "compatible" : "breaking",
      code,
      "api",
      path,
      isOpen
        ? "is new, and lets everybody in"
        : `is new: ${statements.map((statement) => `${statement.effect} ${statementWords(statement)}`).join(" | ")}`,
    );
    return;
  }
  const needed = signed && statements.some(({ effect }) => effect === "Allow");
  changes.add(
    needed ? "breaking" : "compatible",
    code,
    "api",
    path,
    needed ? "is gone; callers of other accounts who sign need it" : "is gone, and everybody may call",
  );
}
