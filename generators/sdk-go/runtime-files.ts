import { readFileSync } from "node:fs";

/** Files of the runtime, in every SDK alike. */
const names = ["call", "errors", "json", "optional", "options", "request", "sigv4"] as const;

/** The files by their names, in the package that the SDK is. */
export function runtimeFiles(packageName: string): readonly (readonly [string, string])[] {
  return names.map((name) => [`${name}.go`, runtimeText(name).replace("package sdk\n", `package ${packageName}\n`)]);
}

/** What the runtime exports: names that nothing else in the package may have. */
export function runtimeNames(): readonly string[] {
  return names.flatMap((name) =>
    [...runtimeText(name).matchAll(/^(?:func|type|const|var) ([A-Z]\w*)/gm)].map(([, found = ""]) => found),
  );
}

function runtimeText(name: string): string {
  return readFileSync(new URL(`package/${name}.template.go`, import.meta.url), "utf8");
}
