import type { SdkLanguage } from "../model/sdk.js";
import type { Rule } from "./rule.js";

/** Who takes packages, and so says how they may be called. */
export type PackageRegistry = "npm" | "PyPI" | "Go" | "Maven";

const goodNames: Readonly<Record<PackageRegistry, string>> = {
  npm: "such as shop or @acme/shop, in lower case",
  PyPI: "such as acme-shop: letters, digits, - _ and .",
  Go: "such as github.com/acme/shop-go for the module, and shop for the package",
  Maven: "such as com.acme.shop for the package, and com.acme:shop-client for the artifact",
};

interface AlikeNames {
  readonly what: "operations" | "models";
  readonly name: string;
  readonly other: string;
  readonly languages: readonly SdkLanguage[];
}

const titles: Readonly<Record<SdkLanguage, string>> = {
  typescript: "TypeScript",
  python: "Python",
  go: "Go",
  java: "Java",
};

function inWords(languages: readonly SdkLanguage[]): string {
  const names = languages.map((language) => titles[language]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** What is wrong with `sdk:` and with `paginate:` of routes. */
export const sdkRules = {
  "bad-package-name": {
    severity: "error",
    message: (p: { name: string; registry: PackageRegistry }) => `${p.registry} takes no package named "${p.name}"`,
    help: (p: { name: string; registry: PackageRegistry }) => goodNames[p.registry],
    explain: `The SDKs are packages that can be published, so their names are checked by the rules of the registry: npm takes lower case
letters, digits, - . _ and ~ with a scope in front (@acme/shop), PyPI letters, digits, - _ and ., beginning with a letter because the
module is called so. A Go module has the path where it is found (github.com/acme/shop-go), and its package a name of small letters
and digits. A Java package is words in lower case with points between (com.acme.shop), none of them a keyword, and Maven finds it by
group and artifact.`,
  },
  "bad-package-version": {
    severity: "error",
    message: (p: { version: string }) => `"${p.version}" is no version of a package`,
    help: () => "three numbers, such as 1.4.0 or 2.0.0-beta.1",
    explain: `Package managers compare versions by their three numbers (semver.org). The version of the API may be any text; where it is no
version of that form, say one for the packages under \`sdk: version\`.`,
  },
  "sdk-names-alike": {
    severity: "error",
    message: (p: AlikeNames) => `${p.what} "${p.other}" and "${p.name}" are one name in ${inWords(p.languages)}`,
    help: (p: AlikeNames) =>
      p.what === "models"
        ? `call one of them otherwise; no client sees the names of models but in SDKs`
        : `give one of them another name: "operation: …"`,
    explain: `Each language writes names in its own way: getOrder and get_order are both get_order in Python, Order and order both the class
Order, and classes of Java are files, which some disks do not tell apart by case. A number behind the second name would move to another
one when a route is added, and break programs that nobody meant to change. So names of operations and models differ by more than case
and what stands between words, where an SDK is made in a language other than TypeScript;
\`sdk: { languages: [typescript] }\` makes none.
Names that travel (members, parameters, messages, events) are as the API has them: where two of one place become one name, the
later one gets a word or an underscore more.`,
  },
  "sdk-path": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" does not lie below the folder of gateway.yaml`,
    help: () => "write a path relative to gateway.yaml, with /",
    explain: `Templates and older contracts belong to the project, so that a build gives the same bytes on each machine: paths are relative to
gateway.yaml, have no ".." in them, and separate folders by a slash.`,
  },
  "apig-client-same-name": {
    severity: "warning",
    message: (p: { name: string; first: string; second: string }) =>
      `"${p.first}" and "${p.second}" are both "${p.name}" in the client that is called as AWS's`,
    help: (p: { second: string }) => `call "${p.second}" by invokeApi, or by its function of the package`,
    explain: `The SDK that API Gateway generates names a method by the words of its path and by its HTTP method, without what stands between
words: GET /a-b and GET /a/b are both "aBGet". The first of them in the file has the name. The other is called by
apigClient.invokeApi(params, path, method), and has a function of its own in the package as every route.`,
  },
  "paginate-unknown-cursor": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `the route has no query parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => (p.near ? `did you mean "${p.near}"?` : 'declare it under "query"'),
    explain: `A paged route takes its cursor from a query parameter: clients send what the last answer gave. The parameter is declared under
"query" of the same route.`,
  },
  "paginate-cursor-required": {
    severity: "error",
    message: (p: { name: string }) => `the cursor "${p.name}" is required, so there is no first page`,
    help: (p: { name: string }) => `make it optional: ${p.name}?`,
    explain: `The first page is asked for without a cursor, as there is none yet. A cursor that each request must have leaves clients no way to
begin, so the parameter is optional.`,
  },
  "paginate-without-answer": {
    severity: "error",
    message: () => "the route declares no answer to take pages from",
    help: () => 'declare a 200 answer under "responses"',
    explain: `Clients read the list and the next cursor from the answer of the route, and give both their types. So a paged route declares what
its 2xx answer holds.`,
  },
  "paginate-no-member": {
    severity: "error",
    message: (p: { path: string }) => `the answer has no member "${p.path}"`,
    help: () => "name a member that the answer declares: next: $response.body.cursor",
    explain: `"next" and "items" of a paged route read the first 2xx answer that the route declares, member by member. Left out, "next" is
the member that has the name of the query parameter.`,
  },
  "paginate-no-list": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" is no list`,
    help: () => "name the list: items: $response.body.orders",
    explain: `Clients of a paged route yield the items one after the other, so "items" leads to an array of the answer: to a member of
the body, or to the body itself ($response.body).`,
  },
  "paginate-which-list": {
    severity: "error",
    message: (p: { lists: readonly string[] }) =>
      p.lists.length === 0 ? "the answer holds no list" : "the answer holds more than one list",
    help: (p: { lists: readonly string[] }) =>
      p.lists.length === 0 ? undefined : `say which: items: $response.body.${p.lists[0]}`,
    explain: `Where "items" is left out, it is the one list that the answer has: the body itself, or its only member that is an array.
With none or several, the route has to say what is paged.`,
  },
} as const satisfies Record<string, Rule>;
