import { posix } from "node:path";
import ts from "typescript";
import { root } from "./paths.js";

/**
 * Type errors of a set of files held in memory, under the strictest settings that users have. Paths are relative, with
 * `/`; `gatewayc/runtime/…` is found in this project.
 */
export function typeErrors(
  files: ReadonlyMap<string, string>,
  entries = [...files.keys()],
  more: ts.CompilerOptions = {},
): readonly string[] {
  const at = (path: string) => posix.join("/virtual", path);
  const virtual = new Map([...files].map(([path, text]) => [at(path), text]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [`${root}node_modules/@types`],
    baseUrl: root,
    paths: {
      "gatewayc/runtime/*.js": ["runtime/*.ts"],
      "@aws-sdk/*": ["node_modules/@aws-sdk/*/dist-types/index.d.ts"],
    },
    skipLibCheck: true,
    ...more,
  };
  virtual.set(at("package.json"), '{ "type": "module" }');
  const folders = new Set([...virtual.keys()].flatMap(foldersAbove));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  host.directoryExists = (path) => folders.has(path) || directoryExists?.(path) === true;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = virtual.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true);
  };
  const program = ts.createProgram([...entries.map(at), ...(more.types ? [] : [undiciTypes])], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const where = diagnostic.file ? `${diagnostic.file.fileName}:${(place?.line ?? 0) + 1} ` : "";
    return `${where}${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
  });
}

/** Types of the one module of undici that the runtime imports. */
const undiciTypes = posix.join(root, "runtime/integrations/undici-pool.d.ts");

function foldersAbove(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === path ? [folder] : [folder, ...foldersAbove(folder)];
}
