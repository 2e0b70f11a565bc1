import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { isSkipped, type PythonFolder, pythonFolder, typeCheck } from "./python.js";

const gateway = `gateway: notes
sdk: { languages: python, python: { name: notes, models: dataclass } }
models: |
  type Text = string | null
  interface Note { kind: "note"; title?: string; text?: string | null; alias?: Text; level: 1 | null; extra?: unknown }
  type Unset = string
routes:
  PATCH /notes: { operation: change, body: Note, lambda: f, responses: { 200: Note } }
`;

let folder: PythonFolder;
beforeAll(async () => {
  if (isSkipped()) return;
  folder = pythonFolder();
  await folder.add(await modelOf(gateway));
});
afterAll(() => folder?.remove());

/** Sends two notes, of which one leaves out whatever it can, and reads what comes back. */
const program = `
import json
from notes import Notes, Response, models

sent: list[object] = []
answers: list[object] = [
    {"kind": "note", "level": None},
    {"kind": "note", "level": 1, "title": "t", "text": None, "alias": "a", "extra": None},
]


class Transport:
    def send(self, request: object, timeout: float) -> Response:
        body = getattr(request, "body")
        sent.append(json.loads(body))
        text = json.dumps(answers[len(sent) - 1]).encode()
        return Response(200, {"content-type": "application/json"}, iter([text]), lambda: None)

    def close(self) -> None: ...


def words(note: models.Note) -> str:
    if note.text is models.UNSET:
        return "absent"
    return "null" if note.text is None else note.text.upper()


api = Notes(transport=Transport())
first = api.change(body=models.Note(level=None))
second = api.change(body=models.Note(level=1, text=None, alias="x", extra=None))
print(json.dumps(sent))
print(words(first), words(second), first.alias, second.alias, first.title, second.title, first.kind, first.extra, second.extra)
print(words(models.Note(level=1, text="up")), bool(first.text), models.Note(level=None))
`;

test("absent, null and a value are told apart; what has one value need not be given", { timeout: 120_000 }, () => {
  if (isSkipped()) return;
  folder.write("program.py", program);
  expect(typeCheck(folder, ["notes", "program.py"])).toEqual([]);
  expect(folder.run("program.py").trim().split("\n")).toEqual([
    '[{"kind": "note", "level": null}, {"kind": "note", "text": null, "alias": "x", "level": 1, "extra": null}]',
    "absent null UNSET a None t note UNSET None",
    "UP False Note(kind='note', title=None, text=UNSET, alias=UNSET, level=None, extra=UNSET)",
  ]);
});
