import type { Route } from "../model/routes.js";
import { type SdkLanguage, sdkLanguages } from "../model/sdk.js";
import type { Model } from "../model/types.js";
import type { Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/**
 * Names of operations and models stay apart in every language that an SDK is made in. Each writes them in its own way, with `_` or
 * capitals between words, and Java's are names of files too: what only these tell apart is one name there. A number behind the
 * second would move to another when a route is added, so the file has to say how it is called.
 */
export function checkSdkNames(
  { routes, models }: { readonly routes: readonly Route[]; readonly models: readonly Model[] },
  wanted: readonly SdkLanguage[],
  checking: Checking,
): void {
  const languages = sdkLanguages.filter((language) => language !== "typescript" && wanted.includes(language));
  if (languages.length === 0) return;
  const { syntax, report } = checking;
  const places = new Map(syntax.routes.map((route) => [route.key.text, route.operation?.span ?? route.key.span]));
  const names: readonly Named[] = routes.map(({ key, operation }) => ({ name: operation, span: places.get(key) }));
  tellAlike("operations", names, languages, report);
  tellAlike(
    "models",
    models.map(({ name }) => ({ name, span: modelSpan(name, syntax) })),
    languages,
    report,
  );
}

interface Named {
  readonly name: string;
  readonly span: Span | undefined;
}

function tellAlike(
  what: "operations" | "models",
  names: readonly Named[],
  languages: readonly SdkLanguage[],
  report: Checking["report"],
): void {
  const first = new Map<string, Named>();
  for (const named of names) {
    const key = nameKey(named.name);
    const other = first.get(key);
    if (other === undefined) first.set(key, named);
    else if (other.name !== named.name && named.span) {
      const notes = other.span ? [{ span: other.span, message: "the other one is here" }] : [];
      report("sdk-names-alike", named.span, { what, name: named.name, other: other.name, languages }, { notes });
    }
  }
}

/** The same for names that only case and what stands between words tell apart. */
export function nameKey(name: string): string {
  const letters = name.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "");
  return (letters === "" ? name : letters).toLowerCase();
}

/** Where a model is declared; an instance of a generic type stands nowhere. */
function modelSpan(name: string, { models }: GatewaySyntax): Span | undefined {
  if (models?.kind === "schemas") return models.schemas.find((schema) => schema.name.text === name)?.name.span;
  if (models === undefined) return undefined;
  const { text, spanMap } = models.text;
  for (const { 0: found, 1: declared, index } of text.matchAll(/\b(?:interface|type|enum)\s+([\p{ID_Continue}$]+)/gu)) {
    if (declared !== name) continue;
    const end = index + found.length;
    return spanMap.toFile({ start: end - name.length, end });
  }
  return undefined;
}
