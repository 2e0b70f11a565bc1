/** Languages that SDKs are made in. */
export const sdkLanguages = ["typescript", "python", "go", "java"] as const;
export type SdkLanguage = (typeof sdkLanguages)[number];

/** Those that are made when the file says nothing. */
export const usualLanguages: readonly SdkLanguage[] = ["typescript", "python"];

/** `sdk:` of the file: how the packages of clients are called and made. */
export interface SdkSettings {
  readonly languages: readonly SdkLanguage[];
  /** Version of the packages: the API's where nothing is said. */
  readonly version: string;
  /** SPDX identifier. */
  readonly license: string | undefined;
  /** Folder beside gateway.yaml whose files take the place of generated ones: `<language>/<path>`, or that and `.hbs`. */
  readonly templates: string | undefined;
  /** Older gateway.yaml files, oldest first, that the packages' changelog tells the changes since. */
  readonly history: readonly string[];
  /** Whether the packages carry checks of requests and answers. */
  readonly validate: boolean;
  readonly typescript: TypescriptSettings;
  readonly python: { readonly packageName: string | undefined; readonly models: "typed-dict" | "dataclass" };
  /** Undefined: made of the gateway's name, and the package of the module's path. */
  readonly go: { readonly module: string | undefined; readonly package: string | undefined };
  /** Undefined: made of the gateway's name. The artifact is a group and a name, with a colon between. */
  readonly java: { readonly package: string | undefined; readonly artifact: string | undefined };
}

export interface TypescriptSettings {
  /** Undefined: made of the gateway's name. */
  readonly packageName: string | undefined;
  /** `open`: answers may hold values of enumerations that the file does not list. */
  readonly enums: "closed" | "open";
  /** What an `int64` is in JavaScript. */
  readonly int64: "number" | "bigint" | "string";
  /** Whether there is an entry that is called as the SDK that AWS generates. */
  readonly apigClient: boolean;
}

/** How clients walk through the pages of a route: a query parameter takes what the last answer gave. */
export interface Pagination {
  /** Query parameter that carries the cursor. */
  readonly cursor: string;
  /** Where an answer has the next cursor; none there, or an empty one, ends the walk. */
  readonly next:
    | { readonly in: "body"; readonly path: readonly string[] }
    | { readonly in: "header"; readonly name: string };
  /** Where an answer has its list; empty: the body is the list. */
  readonly items: readonly string[];
}
