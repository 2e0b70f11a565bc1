import { expect, test } from "vitest";
import { planExamples, planSocketExamples } from "../../../generators/docs/examples.js";
import { modelOf } from "../../support/diagnose.js";
import { readmeModel } from "../readme-model.js";
import { isSkipped, pythonFiles, pythonFolder, typeCheck } from "./python.js";

test.each(["typed-dict", "dataclass"] as const)(
  "what the README and the pages show passes mypy and pyright: %s",
  { timeout: 120_000 },
  async (models) => {
    if (isSkipped()) return;
    const folder = pythonFolder();
    try {
      const given = await modelOf(readmeModel);
      const model = {
        ...given,
        sdk: { ...given.sdk, languages: ["python" as const], python: { packageName: "guide", models } },
      };
      await folder.add(model);
      const readme = (await pythonFiles(model)).get("README.md") ?? "";
      const socket = await planSocketExamples(model);
      const pages = [
        (await planExamples(model)).values(),
        socket?.routes.values() ?? [],
        socket?.events.values() ?? [],
      ];
      const blocks = [
        ...[...readme.matchAll(/```python\n(.*?)```/gs)].map(([, code = ""]) => code),
        ...pages.flatMap((all) => [...all].flat().filter(({ id }) => id === "python")).map(({ code }) => code),
      ];
      expect(blocks.length).toBe(8 + 6 + 3 + 2);
      folder.write("shown.py", program(blocks));
      // What is shown prints whatever comes, and waits for nothing: that is no part of what is checked.
      const found = typeCheck(folder, ["shown.py"]).filter((line) => !/is not accessed|partially unknown/.test(line));
      expect(found).toEqual([]);
    } finally {
      folder.remove();
    }
  },
);

/** Each block in a function of its own, with what it takes for granted. */
function program(blocks: readonly string[]): string {
  const functions = blocks.map((code, at) => {
    const lines = code.trimEnd().split("\n");
    const api =
      /\bapi\./.test(code) && !/\bapi =|as api:/.test(code) ? ["from guide import Guide, errors", "api = Guide()"] : [];
    const body = [...api, ...lines].map((line) => (line === "" ? "" : `    ${line}`)).join("\n");
    return `${/^(async |await )/m.test(code) && !code.includes("asyncio.run") ? "async " : ""}def block${at}(secret: str, session: Session, signer: "SigV4") -> None:\n${body}\n`;
  });
  return `from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from guide import SigV4


class Session(Protocol):
    def __getattr__(self, name: str, /) -> Callable[[], str]: ...


${functions.join("\n\n")}`;
}
