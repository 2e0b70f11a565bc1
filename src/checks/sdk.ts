import { type SdkSettings, sdkLanguages } from "../model/sdk.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** Settings of the SDK packages: names that their registries take, versions that they compare, paths below the project. */
export function checkSdk({ syntax, report }: Checking): SdkSettings {
  const { sdk } = syntax;
  const packageName = (name: TextValue | undefined, pattern: RegExp, registry: "npm" | "PyPI") => {
    if (name && !pattern.test(name.text)) report("bad-package-name", name.span, { name: name.text, registry });
    return name?.text;
  };
  const path = (value: TextValue) => {
    const isBelow = !/^(?:[/\\]|[A-Za-z]:)|\\/.test(value.text) && !value.text.split("/").includes("..");
    if (!isBelow) report("sdk-path", value.span, { path: value.text });
    return value.text;
  };
  if (sdk?.version && !semantic.test(sdk.version.text))
    report("bad-package-version", sdk.version.span, { version: sdk.version.text });
  const languages = sdk?.languages?.map(({ value }) => value) ?? sdkLanguages;
  return {
    languages: sdkLanguages.filter((language) => languages.includes(language)),
    version: sdk?.version?.text ?? syntax.version?.text ?? "1.0.0",
    license: sdk?.license?.text ?? syntax.license?.text,
    templates: sdk?.templates && path(sdk.templates),
    history: sdk?.history?.map(path) ?? [],
    validate: sdk?.validate?.value ?? false,
    typescript: { packageName: packageName(sdk?.typescript?.name, npmName, "npm") },
    python: {
      packageName: packageName(sdk?.python?.name, pythonName, "PyPI"),
      models: sdk?.python?.models?.value ?? "typed-dict",
    },
  };
}

/** `1.4.1`, `2.0.0-beta.1`; without a build label, which registries drop (semver.org 2.0.0). */
const semantic =
  /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[A-Za-z][0-9A-Za-z-]*(?:\.(?:0|[1-9]\d*|[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*))*)?$/;

/** As `validate-npm-package-name` has it for new packages. */
const npmName = /^(?=.{1,214}$)(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Names of distributions, which also yield the module's name (packaging.python.org, "Names and normalization"). */
const pythonName = /^(?=.{1,200}$)[A-Za-z](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
