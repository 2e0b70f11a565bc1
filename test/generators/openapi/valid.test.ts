import fc from "fast-check";
import { expect, test } from "vitest";
import { openapi } from "../../../generators/openapi/index.js";
import { anyModel } from "./any-model.js";
import { validFiles } from "./support.js";

test("whatever a gateway holds, its documents are valid OpenAPI, and the same data in JSON and YAML", async () => {
  await fc.assert(
    fc.asyncProperty(anyModel, async (model) => {
      const files = await validFiles(model);
      expect(files["openapi.clean.json"]).not.toMatch(/"x-amazon-/);
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 40) },
  );
}, 120_000);

test("the same bytes each time", async () => {
  const [model] = fc.sample(anyModel, { numRuns: 1, seed: 7 });
  const places = [
    { projectDir: "/a", outDir: "/b" },
    { projectDir: "/c", outDir: "/d" },
  ];
  const [one, other] = await Promise.all(places.map((place) => openapi.generate(model as never, place)));
  expect(one).toEqual(other);
});
