import type { PackageRegistry } from "../diagnostics/sdk-rules.js";
import { type SdkLanguage, type SdkSettings, sdkLanguages, usualLanguages } from "../model/sdk.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** Settings of the SDK packages: names that their registries take, versions that they compare, paths below the project. */
export function checkSdk({ syntax, report }: Checking): SdkSettings {
  const { sdk } = syntax;
  const packageName = (name: TextValue | undefined, pattern: RegExp, registry: PackageRegistry) => {
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
  const languages: readonly SdkLanguage[] = sdk?.languages?.map(({ value }) => value) ?? usualLanguages;
  return {
    languages: sdkLanguages.filter(
      (language) => languages.includes(language) || (sdk?.languages === undefined && sdk?.[language]),
    ),
    version: sdk?.version?.text ?? syntax.version?.text ?? "1.0.0",
    license: sdk?.license?.text ?? syntax.license?.text,
    templates: sdk?.templates && path(sdk.templates),
    history: sdk?.history?.map(path) ?? [],
    validate: sdk?.validate?.value ?? false,
    typescript: {
      packageName: packageName(sdk?.typescript?.name, npmName, "npm"),
      enums: sdk?.typescript?.enums?.value ?? "closed",
      int64: sdk?.typescript?.int64?.value ?? "number",
      apigClient: sdk?.typescript?.apigClient?.value ?? false,
    },
    python: {
      packageName: packageName(sdk?.python?.name, pythonName, "PyPI"),
      models: sdk?.python?.models?.value ?? "typed-dict",
    },
    go: {
      module: packageName(sdk?.go?.module, goModule, "Go"),
      package: packageName(sdk?.go?.package, goPackage, "Go"),
    },
    java: {
      package: packageName(sdk?.java?.package, javaPackage, "Maven"),
      artifact: packageName(sdk?.java?.artifact, mavenArtifact, "Maven"),
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

/** Paths of modules (go.dev/ref/mod, "Module paths and versions"): elements of ASCII, the first in lower case as a host is. */
const goModule =
  /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[A-Za-z0-9_~-](?:[A-Za-z0-9._~-]*[A-Za-z0-9_~-])?)*$/;

/** A package is named by small letters and digits (go.dev/doc/effective_go, "Package names"), and by no keyword. */
const goPackage =
  /^(?!(?:break|default|func|interface|select|case|defer|go|map|struct|chan|else|goto|package|switch|const|fallthrough|if|range|type|continue|for|import|return|var|main|internal)$)[a-z][a-z0-9]{0,60}$/;

/** Words of small letters and digits, none of them a keyword of Java (JLS 3.9), and not a package that the JDK keeps. */
const javaPackage =
  /^(?=.{1,200}$)(?!javax?\.)(?:(?!(?:abstract|assert|boolean|break|byte|case|catch|char|class|const|continue|default|do|double|else|enum|extends|final|finally|float|for|goto|if|implements|import|instanceof|int|interface|long|native|new|package|private|protected|public|return|short|static|strictfp|super|switch|synchronized|this|throw|throws|transient|try|void|volatile|while|true|false|null)(?:\.|$))[a-z][a-z0-9_]*(?:\.|$))+(?<!\.)$/;

/** `group:artifact` (maven.apache.org/guides/mini/guide-naming-conventions). */
const mavenArtifact = /^(?=.{1,200}$)[A-Za-z0-9_][A-Za-z0-9_.-]*:[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
