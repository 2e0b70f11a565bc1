import { storedKey } from "../../limits/new-key.js";
import { parseKeyFile } from "../../limits/parse-key-file.js";
import { type AdminRequest, badRequest } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { plansOf } from "./plans.js";
import { gatewayOf } from "./served.js";

/**
 * ImportApiKeys: API Gateway's CSV, plans by their ids or their names here. Keys that can be read are imported; what cannot is
 * a warning, and with `failonwarnings` nothing is imported then.
 *
 * @throws AdminProblem
 */
export async function importKeys(target: AdminTarget, { query, body }: AdminRequest): Promise<object> {
  if (query.get("format") !== "csv") throw badRequest("Invalid format: csv");
  const { keys: read, problems } = parseKeyFile(body.toString("utf8"));
  const warnings = problems.map(({ line, message }) => `line ${line}: ${message}`);
  const plans = plansOf(target);
  const { keys } = gatewayOf(target).state;
  const wanted = read.map((input) => {
    const found = input.plans.map((plan) => plans.find(({ id, entry }) => id === plan || entry.name === plan));
    const unknown = input.plans.filter((_, at) => found[at] === undefined);
    for (const plan of unknown) warnings.push(`no usage plan is named ${plan}`);
    return { ...input, plans: found.flatMap((plan) => plan?.entry.name ?? []) };
  });
  if (warnings.length > 0 && query.get("failonwarnings") === "true") throw badRequest(warnings.join("; "));
  if (read.length === 0) throw badRequest(warnings[0] ?? "the file has no keys");
  const ids: string[] = [];
  for (const input of wanted) {
    const key = storedKey(input, keys.all(), Date.now());
    await keys.put(key);
    ids.push(key.id);
  }
  return { ids, warnings };
}
