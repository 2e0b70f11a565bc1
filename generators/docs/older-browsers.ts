/**
 * Colours for browsers of before 2024, which do not know `light-dark()` (MDN, "light-dark()"): made of the same lines, so that each
 * colour still stands once in the source. Dark is for screens alone, as paper is white.
 */
export function withOlderBrowsers(css: string): string {
  const colours = [...css.matchAll(/^ {2}(--[a-z]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);$/gm)];
  const lines = (indent: string, at: 2 | 3) => colours.map((found) => `${indent}${found[1]}: ${found[at]};\n`).join("");
  return `${css}/* Browsers that do not know light-dark(). */
@supports not (color: light-dark(#000, #fff)) {
  :root {
${lines("    ", 2)}  }
  @media screen and (prefers-color-scheme: dark) {
    :root:not([data-theme="light"]) {
${lines("      ", 3)}    }
  }
  @media screen {
    :root[data-theme="dark"] {
${lines("      ", 3)}    }
  }
}
`;
}
