import type { PaginateSyntax } from "../route-syntax.js";
import type { SdkSyntax } from "../sdk-syntax.js";
import { boolean, byKind, choice, key, map, mapped, on, oneOrMore, type Shape, text, written } from "../shape/index.js";
import { texts } from "./shared.js";

/** A package: its name, or a map of what its language has besides. */
function packageForm<T>(form: Shape<T>, named: (name: ReturnType<ReturnType<typeof text>["read"]> & object) => T) {
  return byKind<T>({ scalar: mapped(text("the name of a package"), named), map: form }, "a name, or a map");
}

const typescriptForm = map("settings of the TypeScript SDK", {
  name: key(text("the name of a package"), "Name of the npm package; by default made of the gateway's name.", {
    examples: ["@acme/shop"],
    on: on.restAndHttp,
  }),
  enums: key(
    choice(["closed", "open"]),
    'Whether answers may hold values that the file does not list: `open` types an enumeration in them as its values or any other (`"paid" | (string & {})`), so that a newer API breaks no older client.',
    { default: "closed", on: on.restAndHttp },
  ),
  int64: key(
    choice(["number", "bigint", "string"]),
    "What an `int64` is in bodies, parameters and messages: a `number`, which is exact up to 2^53, a `bigint`, which is exact always, or a `string` of its digits, which is exact and stays so in `JSON.stringify`. Typed handlers have a `bigint` for both of the exact ones.",
    { default: "number", on: on.restAndHttp },
  ),
  apigClient: key(
    boolean(),
    "Whether the package has an entry `/apig-client` that is called as the JavaScript SDK that AWS generates: `apigClientFactory.newClient({ apiKey }).petsPetIdGet({ petId })`.",
    { default: false, on: on.restAndHttp },
  ),
});

const pythonForm = map("settings of the Python SDK", {
  name: key(text("the name of a package"), "Name of the distribution; by default made of the gateway's name.", {
    examples: ["acme-shop"],
    on: on.restAndHttp,
  }),
  models: key(
    choice(["typed-dict", "dataclass"]),
    "What models are: `typed-dict` is the JSON itself and costs nothing at run time, `dataclass` has attributes in snake case.",
    { default: "typed-dict", on: on.restAndHttp },
  ),
});

const goForm = map("settings of the Go SDK", {
  module: key(text("the path of a module"), "Path of the Go module; by default example.com/ and the gateway's name.", {
    examples: ["github.com/acme/shop-go"],
    on: on.restAndHttp,
  }),
  package: key(text("the name of a package"), "Name of the package; by default the last part of the module's path.", {
    examples: ["shop"],
    on: on.restAndHttp,
  }),
});

const javaForm = map("settings of the Java SDK", {
  package: key(
    text("the name of a package"),
    "Name of the Java package; by default com.example. and the gateway's name.",
    {
      examples: ["com.acme.shop"],
      on: on.restAndHttp,
    },
  ),
  artifact: key(
    text("a group and an artifact"),
    "Maven's group and artifact; by default the package and the gateway's name.",
    { examples: ["com.acme:shop-client"], on: on.restAndHttp },
  ),
});

/** `sdk:` at the top of the file. */
export const sdk = (): Shape<SdkSyntax> =>
  map("settings of the SDKs", {
    languages: key(
      oneOrMore(choice(["typescript", "python", "go", "java"]), "a language, or a list"),
      "Languages that an SDK is made in; one that has settings of its own below is made as well.",
      { examples: [["typescript", "go"]], default: ["typescript", "python"], on: on.restAndHttp },
    ),
    version: key(written("a version"), "Version of the packages; by default the API's.", {
      examples: ["1.4.1"],
      on: on.restAndHttp,
    }),
    license: key(
      text("an SPDX identifier"),
      "Licence of the packages, as an SPDX identifier; by default `license` at the top.",
      { examples: ["Apache-2.0"], on: on.restAndHttp },
    ),
    templates: key(
      text("a folder"),
      "Folder whose files take the place of generated ones: `typescript/README.md` as it is, `typescript/README.md.hbs` as a Handlebars template.",
      { examples: ["sdk-templates"], on: on.restAndHttp },
    ),
    history: key(
      texts("a path"),
      "Older versions of this file, oldest first: the packages get a CHANGELOG.md that says what changed since.",
      { default: [], examples: [["contracts/1.3.0.yaml"]], on: on.restAndHttp },
    ),
    validate: key(
      boolean(),
      "Whether the packages carry checks of requests and answers, for `createClient({ validator })`.",
      { default: false, on: on.restAndHttp },
    ),
    typescript: key(
      packageForm(typescriptForm, (name) => ({ ...typescriptForm.none(name.span), name })),
      "The TypeScript SDK: its package name, or a map.",
      { examples: ["@acme/shop"], on: on.restAndHttp },
    ),
    python: key(
      packageForm(pythonForm, (name) => ({ ...pythonForm.none(name.span), name })),
      "The Python SDK: its package name, or a map.",
      { examples: ["acme-shop", { models: "dataclass" }], on: on.restAndHttp },
    ),
    go: key(
      packageForm(goForm, (module) => ({ ...goForm.none(module.span), module })),
      "The Go SDK: the path of its module, or a map.",
      {
        examples: ["github.com/acme/shop-go", { module: "github.com/acme/shop-go", package: "shop" }],
        on: on.restAndHttp,
      },
    ),
    java: key(
      packageForm(javaForm, (name) => ({ ...javaForm.none(name.span), package: name })),
      "The Java SDK: its package, or a map.",
      {
        examples: ["com.acme.shop", { package: "com.acme.shop", artifact: "com.acme:shop-client" }],
        on: on.restAndHttp,
      },
    ),
  });

const paginateForm = map(
  "how a route is paged",
  {
    cursor: key(text("a query parameter"), "The query parameter that takes the cursor.", {
      examples: ["cursor"],
      on: on.restAndHttp,
    }),
    next: key(
      text("an expression"),
      "Where an answer has the next cursor; by default the member of the body that is named as the parameter. Without one the walk is over.",
      { examples: ["$response.body.next", "$response.header.X-Next"], on: on.restAndHttp },
    ),
    items: key(text("an expression"), "Where an answer has its list; by default the one list that the body has.", {
      examples: ["$response.body.orders"],
      on: on.restAndHttp,
    }),
  },
  { required: ["cursor"] },
);

/** `paginate: cursor`, or a map. */
export const paginate = (): Shape<PaginateSyntax> =>
  byKind<PaginateSyntax>(
    {
      scalar: mapped(text("a query parameter"), (cursor) => ({ ...paginateForm.none(cursor.span), cursor })),
      map: paginateForm,
    },
    "the name of a query parameter, or a map with cursor, next and items",
  );
