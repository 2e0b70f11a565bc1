import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The strictest settings that users have, declaration files included. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  declaration: true,
  noEmit: true,
  skipLibCheck: false,
  types: [],
};

/** What programs can import. */
const allEntries: readonly string[] = [
  "index.d.ts",
  "api.d.ts",
  "groups.d.ts",
  "apig-client.d.ts",
  "apig-client.d.cts",
  "testing.d.ts",
  "validator.d.ts",
  "socket.d.ts",
  "index.d.cts",
  "testing.d.cts",
];

export interface Checked {
  /** `name:line message`, name being the file's in the folder. */
  readonly errors: readonly string[];
  /** tsc's counters: deterministic, unlike times. */
  readonly instantiations: number;
  readonly types: number;
}

/** Type-checks the SDK in a folder with programs that use it (name → text); the library itself is not looked at. */
export function check(
  folder: string,
  programs: Readonly<Record<string, string>>,
  more: ts.CompilerOptions = {},
  entries: readonly string[] = allEntries,
): Checked {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  const own = entries.filter((name) => existsSync(join(folder, name)));
  const roots = [...Object.keys(programs), ...own].map((name) => join(folder, name));
  const program = ts.createProgram(roots, { ...options, ...more });
  const files = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  const errors = diagnostics.map(({ file, start, messageText }) => {
    const place = file
      ? `${file.fileName.slice(folder.length + 1)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}`
      : "";
    return `${place} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
  return { errors, instantiations: program.getInstantiationCount(), types: program.getTypeCount() };
}
