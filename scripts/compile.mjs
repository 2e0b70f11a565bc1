// Compiles the TypeScript of src/, generators/, runtime/ and scripts/ to dist/, file by file. Types are checked by
// `npm run types`; here only syntax is removed, so that `npm ci` stays quick.
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = ["src", "generators", "runtime", "scripts"].filter((room) => existsSync(join(root, room)));

function filesBelow(folder, wanted) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

rmSync(join(root, "dist"), { recursive: true, force: true });
await build({
  entryPoints: rooms.flatMap((room) => filesBelow(room, (name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))),
  outdir: join(root, "dist"),
  outbase: root,
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
});

// See the file: one library in it, and TypeScript required, not imported.
const transform = "generators/sdk-typescript/schema-transform";
await build({
  entryPoints: [join(root, `${transform}.ts`)],
  outfile: join(root, "dist", `${transform}.js`),
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
  plugins: [
    {
      name: "require-typescript",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^typescript$/ }, ({ kind }) =>
          kind === "require-call"
            ? { path: "typescript", external: true }
            : { path: "typescript", namespace: "required" },
        );
        onLoad({ filter: /./, namespace: "required" }, () => ({
          contents: 'import ts = require("typescript"); export default ts;',
          loader: "ts",
        }));
      },
    },
  ],
});

// Files that are data, not code, stay beside the code that reads them: templates, and TypeScript that is written out as it is.
for (const file of rooms.flatMap((room) =>
  filesBelow(room, (name) => /\.(hbs|njk|css|html|template\.(d\.ts|js|ts|py|go|java))$/.test(name)),
)) {
  cpSync(file, file.replace(root, join(root, "dist/")), { recursive: true });
}
