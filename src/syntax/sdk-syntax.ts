import type { BooleanValue, ChoiceValue, Syntax, TextValue } from "./values-syntax.js";

/** `sdk:`, as written. */
export interface SdkSyntax extends Syntax {
  readonly languages: readonly ChoiceValue<"typescript" | "python" | "go" | "java">[] | undefined;
  readonly version: TextValue | undefined;
  readonly license: TextValue | undefined;
  /** Folder. */
  readonly templates: TextValue | undefined;
  /** Older versions of the file. */
  readonly history: readonly TextValue[] | undefined;
  readonly validate: BooleanValue | undefined;
  readonly typescript: SdkTypescriptSyntax | undefined;
  readonly python: SdkPythonSyntax | undefined;
  readonly go: SdkGoSyntax | undefined;
  readonly java: SdkJavaSyntax | undefined;
}

export interface SdkTypescriptSyntax extends Syntax {
  readonly name: TextValue | undefined;
  readonly enums: ChoiceValue<"closed" | "open"> | undefined;
  readonly int64: ChoiceValue<"number" | "bigint" | "string"> | undefined;
  readonly apigClient: BooleanValue | undefined;
}

export interface SdkPythonSyntax extends Syntax {
  readonly name: TextValue | undefined;
  readonly models: ChoiceValue<"typed-dict" | "dataclass"> | undefined;
}

export interface SdkGoSyntax extends Syntax {
  readonly module: TextValue | undefined;
  readonly package: TextValue | undefined;
}

export interface SdkJavaSyntax extends Syntax {
  readonly package: TextValue | undefined;
  readonly artifact: TextValue | undefined;
}
