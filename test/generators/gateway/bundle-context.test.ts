import type { BuildContext, BuildOptions, BuildResult } from "esbuild";
import { expect, test } from "vitest";
import { BundleContext } from "../../../generators/gateway/bundle-context.js";

function resolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

/** A context whose making and builds end when the test says so. */
function slowContext() {
  const told: string[] = [];
  const made = resolvers();
  const built = resolvers();
  const context = {
    rebuild: async () => {
      told.push("build");
      await built.promise;
      return {} as BuildResult;
    },
    dispose: async () => void told.push("disposed"),
  } as unknown as BuildContext<BuildOptions>;
  const bundle = new BundleContext(async () => {
    told.push("made");
    await made.promise;
    return context;
  });
  return { bundle, told, made, built };
}

test("a context that is being made when it is closed is disposed of, or its process would never end", async () => {
  const { bundle, told, made, built } = slowContext();
  const build = bundle.rebuild();
  const closed = bundle.close();
  made.resolve();
  built.resolve();
  await Promise.all([build, closed]);
  expect(told).toEqual(["made", "build", "disposed"]);
});

test("a build ends before its context does", async () => {
  const { bundle, told, made, built } = slowContext();
  made.resolve();
  const build = bundle.rebuild();
  await new Promise(setImmediate);
  const closed = bundle.close();
  await new Promise(setImmediate);
  expect(told).toEqual(["made", "build"]);
  built.resolve();
  await Promise.all([build, closed]);
  expect(told.at(-1)).toBe("disposed");
});

test("nothing is built after the end, and nothing was made for it", async () => {
  const { bundle, told } = slowContext();
  await bundle.close();
  await expect(bundle.rebuild()).rejects.toThrow("the command ends");
  expect(told).toEqual([]);
});
