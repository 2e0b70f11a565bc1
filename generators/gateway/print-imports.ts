import type { GatewayPlan } from "./plan.js";
import { usedNames } from "./runtime-names.js";

/** Import lines for what a module of route entries takes from the other generated modules. */
export function printModuleImports(entries: string, plan: GatewayPlan): string {
  const used = (names: readonly string[]) => usedNames(entries, names);
  const isTyped = used(["BodyTemplate"]).length > 0;
  return [
    importFrom("authorizers", used(plan.authorizers.map(({ constant }) => constant))),
    importFrom("functions", used(plan.functions.map((fn) => fn.constant))),
    importFrom("pipelines", used(plan.pipelines.map(({ name }) => name)).toSorted(byNumber)),
    importFrom("templates", used(plan.templates.all().map(({ name }) => name))),
    isTyped ? 'import type { BodyTemplate } from "gatewayc/runtime/integrations/http-target.js";\n' : "",
    importFrom("validators", used(plan.validators.names)),
  ].join("");
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

export function importFrom(module: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const flat = `import { ${names.join(", ")} } from "./${module}.js";\n`;
  return flat.length <= 121
    ? flat
    : `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "./${module}.js";\n`;
}
