import type { Command } from "commander";
import { type Code, catalogue } from "../diagnostics/catalogue.js";
import type { Rule } from "../diagnostics/rule.js";
import { nearest } from "../nearest.js";
import { UsageError } from "./exit-codes.js";
import { explainRoute } from "./explain-route.js";
import type { CommandContext } from "./main.js";

export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command("explain")
    .description("Explains a diagnostic code, or what one route does step by step")
    .argument("[what...]", "a code such as unknown-authorizer, or a route such as GET /orders")
    .option("-f, --file <file>", "the gateway that the route is in", "gateway.yaml")
    .addHelpText("after", "\nExamples:\n  gateway explain unknown-authorizer\n  gateway explain GET /orders/{id}\n")
    .action(async (what: string[], flags: { readonly file: string }) => {
      if (what.length === 0) return listCodes(context);
      const [first = "", second] = what;
      if (second === undefined && !first.includes(" ") && !first.startsWith("$")) return explainCode(first, context);
      return explainRoute(what.join(" "), flags.file, context);
    });
}

function listCodes({ terminal }: CommandContext): void {
  for (const [code, rule] of Object.entries<Rule>(catalogue).sort(([a], [b]) => (a < b ? -1 : 1))) {
    terminal.out(`${code} (${rule.severity})\n`);
  }
}

function explainCode(code: string, { terminal }: CommandContext): void {
  const codes = Object.keys(catalogue);
  if (!codes.includes(code)) {
    const near = nearest(code, codes);
    throw new UsageError(
      `there is no diagnostic "${code}"${near ? `; did you mean "${near}"?` : "; gateway explain lists them"}`,
    );
  }
  const rule: Rule = catalogue[code as Code];
  terminal.out(`${code} (${rule.severity})\n\n${rule.explain.trim()}\n`);
}
