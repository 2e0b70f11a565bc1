// The modules that processes and threads start with, bundled with what they import into few files: to find, read and link
// three hundred small ones takes a command longer than its work. The runtime stays outside, as gateways load it by its files.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { build, transform } from "esbuild";
import { moduleOptions, root } from "./options.mjs";

const entries = [
  "src/cli/main",
  "src/cli/compare-process",
  "src/cli/freeze-process",
  "src/dev/dev-worker",
  "src/serve/serve-worker",
  "src/threads/generator-worker",
  // Read as it is published, openapi-typescript loads all of TypeScript as an ES module.
  "generators/sdk-typescript/schema-transform",
];

/** From each file that is made here to dist/: all lie in a room of a first folder. */
const toDist = "../../";

/** @returns what esbuild says of what it made */
export async function compileCommands() {
  const { metafile } = await build({
    ...moduleOptions,
    entryPoints: entries.map((entry) => join(root, `${entry}.ts`)),
    bundle: true,
    splitting: true,
    chunkNames: "src/chunks/[name]-[hash]",
    metafile: true,
    plugins: [packagesOutside, runtimeOutside, placesKept, oneTypeScript],
  });
  const misplaced = Object.keys(metafile.outputs).filter((path) => relative("dist", path).split("/").length !== 3);
  if (misplaced.length > 0) throw new Error(`not two folders below dist: ${misplaced.join(", ")}`);
  return metafile;
}

/** Packages that every command loads, and one that would load all of TypeScript. Others are imported from node_modules. */
const inside = /^(commander|openapi-typescript\/.*|typescript)$/;

const packagesOutside = {
  name: "packages-outside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[\w@]/ }, ({ path, importer, kind }) => {
      if (isBuiltin(path)) return kind === "require-call" ? { path, namespace: "builtin" } : undefined;
      return inside.test(path) || importer.includes("node_modules") ? undefined : { path, external: true };
    });
    // CommonJS requires Node's modules, and there is no `require` in an ES module.
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

const runtimeOutside = {
  name: "runtime-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const file = relative(root, join(resolveDir, path)).replaceAll("\\", "/");
      return file.startsWith("runtime/") ? { path: toDist + file, external: true } : undefined;
    });
  },
};

/** A module that asks where it is is told where it would be by itself: its templates and workers lie there. */
const placesKept = {
  name: "places-kept",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const define = { "import.meta.url": "placeOfModule" };
      const { code } = await transform(text, { loader: "ts", target: moduleOptions.target, define });
      const place = toDist + relative(root, path).replaceAll("\\", "/").replace(/ts$/, "js");
      return {
        contents: `const placeOfModule = new URL(${JSON.stringify(place)}, import.meta.url).href;\n${code}`,
        loader: "js",
      };
    });
  },
};

/** openapi-typescript works with the TypeScript that the rest of a build has loaded. */
const oneTypeScript = {
  name: "one-typescript",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^typescript$/ }, ({ path }) => ({ path, namespace: "loaded" }));
    onLoad({ filter: /./, namespace: "loaded" }, () => ({
      contents: 'import { loadTypeScript } from "./src/typescript/load.ts";\nexport default loadTypeScript();',
      resolveDir: root,
    }));
    // Of this module it uses two small functions, in the company of a YAML parser and an HTTP proxy.
    onResolve({ filter: /^\.\/utils$/ }, ({ path, importer }) =>
      importer.endsWith("openapi-core/lib/ref-utils.js") ? { path, namespace: "ref-utils" } : undefined,
    );
    onLoad({ filter: /./, namespace: "ref-utils" }, () => ({
      contents:
        'export const isTruthy = Boolean;\nexport const isPlainObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);',
    }));
  },
};
