import type { Command } from "commander";
import { daysBetween, isDay, thisMonth, type UsageLine, usageReport } from "../../runtime/limits/usage-report.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import { type KeyAccess, type KeyAccessFlags, namedKeys, openKeyAccess } from "./key-access.js";
import type { CommandContext } from "./main.js";

interface UsageFlags extends KeyAccessFlags {
  readonly key?: string;
  readonly plan?: string;
  readonly from?: string;
  readonly to?: string;
  readonly format: string;
}

export function addUsageCommand(program: Command, context: CommandContext): void {
  program
    .command("usage")
    .description("Shows how many requests each key has made, by day, and what is left of its quota")
    .option("-k, --key <name>", "one key, by name or id (default: all)")
    .option("-p, --plan <name>", "one plan (default: all)")
    .option("--from <day>", "first day, YYYY-MM-DD, UTC (default: the first of this month)")
    .option("--to <day>", "last day (default: today)")
    .option("--format <format>", "text, csv or json", "text")
    .option("-f, --file <path>", "gateway.yaml, or the folder that it is in", "gateway.yaml")
    .option("--state <folder>", "where the gateway keeps its state (default: .gateway/state beside the file)")
    .addHelpText("after", "\nExample:\n  gateway usage --key acme --from 2026-01-01 --to 2026-01-31\n")
    .action((flags: UsageFlags) => showUsage(flags, context));
}

async function showUsage(flags: UsageFlags, context: CommandContext): Promise<void> {
  if (!["text", "csv", "json"].includes(flags.format)) throw new UsageError("--format is text, csv or json");
  const range = rangeOf(flags);
  const access = await openKeyAccess(flags, context);
  if (access === undefined) return context.finish(exitCode.diagnostics);
  try {
    const keyId = flags.key === undefined ? undefined : idOf(flags.key, access);
    const names = access.model.plans.map(({ name }) => name);
    if (flags.plan !== undefined && !names.includes(flags.plan)) {
      const near = nearest(flags.plan, names);
      throw new UsageError(`no plan is named "${flags.plan}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
    }
    const quotas = new Map(access.model.plans.flatMap(({ name, quota }) => (quota ? [[name, quota] as const] : [])));
    const lines = await usageReport(access, { ...range, plan: flags.plan, keyId }, quotas);
    const keyNames = new Map(namedKeys(access).map(({ id, name }) => [id, name]));
    context.terminal.out(rendered(lines, keyNames, flags.format));
  } finally {
    await access.close();
  }
}

/** @throws UsageError */
function rangeOf(flags: UsageFlags): { readonly from: string; readonly to: string } {
  const month = thisMonth(Date.now());
  const [from, to] = [flags.from ?? month.from, flags.to ?? month.to];
  for (const day of [from, to]) if (!isDay(day)) throw new UsageError(`"${day}" is no day: YYYY-MM-DD`);
  const days = daysBetween(from, to);
  if (days < 1) throw new UsageError(`${from} is later than ${to}`);
  if (days > 366) throw new UsageError("at most a year is shown at once");
  return { from, to };
}

/** @throws UsageError when no key has this name */
function idOf(name: string, access: KeyAccess): string {
  const found = namedKeys(access).find((key) => key.id === name || key.name === name);
  if (found === undefined) throw new UsageError(`there is no key "${name}"; gateway keys list shows them`);
  return found.id;
}

function rendered(lines: readonly UsageLine[], names: ReadonlyMap<string, string>, format: string): string {
  const rows = lines.map(({ day, plan, keyId, requests, remaining }) => ({
    day,
    plan,
    keyId,
    key: names.get(keyId) ?? keyId,
    requests,
    remaining: remaining ?? null,
  }));
  if (format === "json") return `${JSON.stringify({ usage: rows }, undefined, 2)}\n`;
  if (format === "csv") {
    const cells = rows.map((row) => [
      row.day,
      row.plan,
      row.keyId,
      csvText(row.key),
      row.requests,
      row.remaining ?? "",
    ]);
    return ["day,plan,keyId,key,requests,remaining", ...cells.map((row) => row.join(","))]
      .map((row) => `${row}\n`)
      .join("");
  }
  if (rows.length === 0) return "no requests were counted\n";
  const width = Math.min(40, Math.max(...rows.map(({ key, plan }) => key.length + plan.length + 3)));
  return rows
    .map(({ day, plan, key, requests, remaining }) => {
      const left = remaining === null ? "" : `  ${remaining} left`;
      return `${day}  ${`${key} (${plan})`.padEnd(width)}  ${String(requests).padStart(8)}${left}\n`;
    })
    .join("");
}

/** A text that a spreadsheet would take for a formula is quoted as one that is not. */
function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
