// Compiles the TypeScript of src/, generators/, runtime/ and scripts/ to dist/. Types are checked by `npm run types`; here
// only syntax is removed, so that `npm ci` stays quick. A file becomes a file: that is what gateways are bundled of, and
// what scripts import. The modules that a process starts with are then made once more, of few files (compile/commands.mjs).
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { compileCommands } from "./compile/commands.mjs";
import { writeLicenses } from "./compile/licenses.mjs";
import { moduleOptions, root } from "./compile/options.mjs";
import { typeScriptInParts } from "./compile/typescript-parts.mjs";

const rooms = ["src", "generators", "runtime", "scripts"].filter((room) => existsSync(join(root, room)));

function filesBelow(folder, wanted) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

rmSync(join(root, "dist"), { recursive: true, force: true });
await build({
  ...moduleOptions,
  entryPoints: rooms.flatMap((room) => filesBelow(room, (name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))),
});
const { metafile } = await build({
  ...moduleOptions,
  entryPoints: [join(root, "src/typescript/parts.ts")],
  bundle: true,
  metafile: true,
  format: "cjs",
  minify: true,
  sourcemap: false,
  outExtension: { ".js": ".cjs" },
  plugins: [typeScriptInParts],
});
writeLicenses([metafile, await compileCommands()]);

// Files that are data, not code, stay beside the code that reads them: templates, and TypeScript that is written out as it is.
for (const file of rooms.flatMap((room) =>
  filesBelow(room, (name) => /\.(hbs|njk|css|html|template\.(d\.ts|js|ts|py|go|java))$/.test(name)),
)) {
  cpSync(file, file.replace(root, join(root, "dist/")), { recursive: true });
}
