import { type Draft, draftOf } from "./draft.js";

/** A statement that refuses everybody, whatever stands beside it. */
export const nobody = {
  Effect: "Deny",
  Principal: "*",
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*",
} as const;

/** A policy that serves nobody: what stands where another could not be read, so that no API is open that was not. */
export function closedPolicy(): Draft {
  return draftOf({ Version: "2012-10-17", Statement: [nobody] });
}
