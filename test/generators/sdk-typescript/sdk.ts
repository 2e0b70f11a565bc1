import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { sdkTypescript } from "../../../generators/sdk-typescript/index.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";

/** Files of the SDK by path, as text. */
export async function sdkFiles(model: GatewayModel): Promise<ReadonlyMap<string, string>> {
  const files = await sdkTypescript.generate(model, { projectDir: "/project", outDir: "/project/build" });
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

export interface WrittenSdk {
  readonly folder: string;
  /** Loads `index.js` as any program would. */
  load<T>(): Promise<T>;
  remove(): void;
}

/** The SDK in a temporary folder. */
export async function writeSdk(model: GatewayModel): Promise<WrittenSdk> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-sdk-"));
  for (const [path, text] of await sdkFiles(model)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    load: () => import(/* @vite-ignore */ pathToFileURL(join(folder, "index.js")).href),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
