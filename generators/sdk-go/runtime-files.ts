import { readFileSync } from "node:fs";

/** Files of the runtime, in every SDK alike. */
const always = ["call", "errors", "gateway_response", "json", "optional", "options", "request", "sigv4"] as const;
const ofSockets = ["frames", "socket", "socket_options"] as const;

/** What an SDK needs besides calls. */
export interface RuntimeNeeds {
  readonly hasCognito: boolean;
  readonly hasEvents: boolean;
  readonly hasSocket: boolean;
}

function names({ hasCognito, hasEvents, hasSocket }: RuntimeNeeds): readonly string[] {
  return [
    ...always,
    ...(hasCognito ? ["cognito"] : []),
    ...(hasEvents ? ["events"] : []),
    ...(hasSocket ? ofSockets : []),
  ];
}

/** The files by their names, in the package that the SDK is. */
export function runtimeFiles(packageName: string, needs: RuntimeNeeds): readonly (readonly [string, string])[] {
  return names(needs).map((name) => [
    `${name}.go`,
    runtimeText(name).replace("package sdk\n", `package ${packageName}\n`),
  ]);
}

/** What the runtime exports: names that nothing else in the package may have. */
export function runtimeNames(needs: RuntimeNeeds): readonly string[] {
  return names(needs).flatMap((name) =>
    [...runtimeText(name).matchAll(/^(?:(?:func|type|const|var) ([A-Z]\w*)|\t([A-Z]\w*) \w+ = )/gm)].map(
      ([, found, inBlock = ""]) => found ?? inBlock,
    ),
  );
}

/** Methods of the connection that are there for every API. */
export function socketMethods(): readonly string[] {
  return [...runtimeText("socket").matchAll(/^func \(s \*Socket\) ([A-Z]\w*)/gm)].map(([, found = ""]) => found);
}

function runtimeText(name: string): string {
  return readFileSync(new URL(`package/${name}.template.go`, import.meta.url), "utf8");
}
