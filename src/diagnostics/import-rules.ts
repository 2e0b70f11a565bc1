import type { Rule } from "./rule.js";

/** What `gateway import` has to say about the documents that it reads; places are those of the imported file. */
export const importRules = {
  "import-syntax": {
    severity: "error",
    message: (p: { language: string; problem: string }) => `${p.language} cannot be read here: ${p.problem}`,
    explain: `The imported file is neither valid JSON nor valid YAML at this place. Nothing of it was read.`,
  },
  "import-unknown-document": {
    severity: "error",
    message: (p: { found: string }) => `this is no API description: ${p.found}`,
    help: () => "OpenAPI 3.0 and 3.1, Swagger 2.0, CloudFormation and SAM templates can be imported",
    explain: `An OpenAPI document has "openapi: 3.0.x" or "3.1.x" at its top, Swagger "swagger: 2.0", a CloudFormation template
"Resources" with an API of API Gateway among them.`,
  },
  "import-wrong-type": {
    severity: "warning",
    message: (p: { what: string; wanted: string }) => `"${p.what}" has to be ${p.wanted}`,
    help: () => "it was left out",
    explain: `The OpenAPI specification wants another kind of value here. The rest of the document was imported.`,
  },
  "import-reference": {
    severity: "error",
    message: (p: { reference: string; why: string }) => `"${p.reference}" leads nowhere: ${p.why}`,
    explain: `A "$ref" is a path to another part of the document, or of another file beside it. What it leads to is missing, so
that what it stands for was left out of gateway.yaml.`,
  },
  "import-reference-cycle": {
    severity: "error",
    message: (p: { reference: string }) => `"${p.reference}" leads back to itself`,
    explain: `A chain of "$ref"s that only consists of references never arrives at a value. Schemas may refer to themselves, but
not by references alone.`,
  },
  "import-remote-reference": {
    severity: "error",
    message: (p: { reference: string }) => `"${p.reference}" lies on the network, and nothing is fetched`,
    help: () => "save the file beside the document and refer to it there",
    explain: `An import reads files of this machine only: what it yields must not depend on a server, nor tell one what you import.`,
  },
  "import-outside-reference": {
    severity: "error",
    message: (p: { reference: string }) => `"${p.reference}" lies outside the document's folder`,
    help: () => "name its folder: gateway import FILE --folder DIR",
    explain: `A document from somebody else could refer to any file of this machine and have it copied into gateway.yaml. So
references stay in the document's folder, and in folders that you name with --folder.`,
  },
  "import-left-out": {
    severity: "warning",
    message: (p: { what: string; others: number }) =>
      `left out: ${p.what}${p.others === 0 ? "" : ` (and at ${p.others} other place${p.others === 1 ? "" : "s"})`}`,
    explain: `gateway.yaml has no place for this, or API Gateway has none. A comment in gateway.yaml says so where it stood.`,
  },
  "import-changed": {
    severity: "warning",
    message: (p: { how: string }) => p.how,
    explain: `The document was imported, but here gateway.yaml says something else than it did. A comment says so there too.`,
  },
  "import-renamed": {
    severity: "info",
    message: (p: { from: string; to: string }) => `"${p.from}" is called "${p.to}" in gateway.yaml`,
    explain: `Names of models, functions and operations become names in TypeScript, and AWS takes letters and digits in names of
models. A name that is none there was changed.`,
  },
} as const satisfies Record<string, Rule>;
