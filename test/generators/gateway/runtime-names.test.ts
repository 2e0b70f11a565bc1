import { join } from "node:path";
import { expect, test } from "vitest";
import { calledNames, printRuntimeImports, runtimeNames } from "../../../generators/gateway/runtime-names.js";
import { root } from "../../support/paths.js";

test.each(Object.entries(runtimeNames))("%s is exported by runtime/%s.ts", async (name, module) => {
  const exported: Readonly<Record<string, unknown>> = await import(join(root, `runtime/${module}.ts`));
  expect(exported[name]).toBeDefined();
});

test("imports are made of the names that are called", () => {
  const code = `run(x => substitution([fromContext("path"), fromStatic("mock( \\" main(")]))`;
  expect([...calledNames(code)].sort()).toEqual(["fromContext", "fromStatic", "substitution"]);
  expect(printRuntimeImports(["substitution", "fromContext", "fromStatic", "substitution"])).toBe(
    'import { fromContext, fromStatic } from "gatewayc/runtime/mapping/parameters.js";\n' +
      'import { substitution } from "gatewayc/runtime/mapping/substitution.js";\n',
  );
});
