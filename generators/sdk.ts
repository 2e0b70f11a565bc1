import type { Generator, OutputFile } from "../src/model/output.js";
import type { SdkLanguage } from "../src/model/sdk.js";
import { printChangelog } from "./sdk-shared/changelog.js";
import { withTemplates } from "./sdk-shared/templates.js";

/** The SDKs, one folder a language; each language's code is loaded when the file wants it. */
export const sdk: Generator = {
  name: "sdk",
  generate: async (model, options) => {
    const changelog: OutputFile = {
      path: "CHANGELOG.md",
      content: printChangelog(model, options.history ?? []),
      kind: "generated",
    };
    const packages = await Promise.all(
      model.sdk.languages.map(async (language): Promise<readonly OutputFile[]> => {
        const generator = await generators[language]();
        const made = [...(await generator.generate(model, options)), changelog];
        const files = await withTemplates(made, language, model, options);
        return files.map((file) => ({ ...file, path: `${language}/${file.path}` }));
      }),
    );
    return packages.flat();
  },
};

const generators: Readonly<Record<SdkLanguage, () => Promise<Generator>>> = {
  typescript: async () => (await import("./sdk-typescript/index.js")).sdkTypescript,
  python: async () => (await import("./sdk-python/index.js")).sdkPython,
  go: async () => (await import("./sdk-go/index.js")).sdkGo,
  java: async () => (await import("./sdk-java/index.js")).sdkJava,
};
