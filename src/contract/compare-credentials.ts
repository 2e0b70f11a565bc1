import type { Changes } from "./change.js";

type Places = readonly string[] | undefined;

/** Where clients put what an authorizer looks at. Each place is required, so one less is compatible. */
export function compareCredentials(older: Places, newer: Places, where: string, changes: Changes): void {
  if (older === undefined || newer === undefined) return;
  const added = newer.filter((place) => !older.includes(place));
  const removed = older.filter((place) => !newer.includes(place));
  if (added.length > 0)
    changes.add("breaking", "credentials-changed", where, "", `looks for its credentials in ${added.join(", ")} now`);
  else if (removed.length > 0)
    changes.add("compatible", "credentials-changed", where, "", `no longer wants ${removed.join(", ")}`);
}
