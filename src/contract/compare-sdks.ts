import type { ContractSdk } from "../model/contract.js";
import type { SdkLanguage } from "../model/sdk.js";
import type { Changes } from "./change.js";

type Sdks = readonly ContractSdk[] | undefined;

const titles: Readonly<Record<SdkLanguage, string>> = {
  typescript: "SDK for TypeScript",
  python: "SDK for Python",
  go: "SDK for Go",
  java: "SDK for Java",
};

/** Packages that programs import, and the choices that change their types. */
export function compareSdks(older: Sdks, newer: Sdks, changes: Changes): void {
  if (older === undefined || newer === undefined) return;
  for (const sdk of older) {
    const where = titles[sdk.language];
    const now = newer.find(({ language }) => language === sdk.language);
    if (now === undefined) {
      changes.add("breaking", "sdk-removed", where, "", "is no longer made");
      continue;
    }
    if (now.package !== sdk.package)
      changes.add("breaking", "sdk-renamed", where, "", `is imported as ${now.package} now (was ${sdk.package})`);
    for (const [choice, value] of Object.entries(sdk.choices)) {
      const other = now.choices[choice];
      if (other === undefined || other === value) continue;
      // Answers that hold listed values only are what programs for any value expect, too.
      const isWider = (choice === "enums" && other === "closed") || (choice === "apigClient" && other === "there");
      const kind = isWider ? "compatible" : "breaking";
      changes.add(kind, "sdk-changed", where, choice, `is ${other} now (was ${value})`);
    }
  }
  for (const { language } of newer) {
    if (!older.some((sdk) => sdk.language === language))
      changes.add("compatible", "sdk-added", titles[language], "", "is new");
  }
}
