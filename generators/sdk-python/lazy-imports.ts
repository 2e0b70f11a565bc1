/**
 * Imports of the package's own modules that are loaded when they are needed first. Type checkers see plain imports.
 *
 * @param typing  names of `typing` that the module needs besides
 * @returns lines for the beginning of the imports, and lines behind them
 */
export function lazyImports(modules: readonly string[], typing: string): { before: string; behind: string } {
  const names = [...(modules.length > 0 ? ["TYPE_CHECKING"] : []), ...(typing === "" ? [] : [typing])].join(", ");
  const before = names === "" ? "" : `from typing import ${names}\n\n`;
  if (modules.length === 0) return { before, behind: "" };
  const lazily = modules.map((name) => `    ${name} = Lazily(__package__, "${name}")\n`).join("");
  return {
    before,
    behind: `from .runtime.lazy import Lazily

if TYPE_CHECKING:
    from . import ${modules.join(", ")}
else:
${lazily}`,
  };
}

/**
 * Modules that only annotations name.
 *
 * @param further  whole lines of imports besides
 */
export function checkedImports(modules: readonly string[], further: readonly string[] = []): string {
  const lines = [...(modules.length > 0 ? [`from . import ${modules.join(", ")}`] : []), ...further];
  return lines.length === 0 ? "" : `\nif TYPE_CHECKING:\n${lines.map((line) => `    ${line}\n`).join("")}`;
}
