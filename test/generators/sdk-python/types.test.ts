import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { hardNames } from "../hard-names.js";
import { anyModel } from "../sdk-typescript/any-model.js";
import { richShop } from "../sdk-typescript/rich-shop.js";
import { isSkipped, type PythonFolder, pythonFolder, typeCheck } from "./python.js";

let folder: PythonFolder;
/** Packages of APIs whose texts and names are as bad as can be. */
const any: string[] = [];
beforeAll(async () => {
  if (isSkipped()) return;
  folder = pythonFolder();
  const shop = richShop();
  await folder.add(shop);
  await folder.add({ ...shop, sdk: { ...shop.sdk, python: { packageName: "data-shop", models: "dataclass" } } });
  for (const [at, sample] of fc.sample(anyModel, { numRuns: 6, seed: 11 }).entries()) {
    const models = at % 2 === 0 ? "typed-dict" : "dataclass";
    await folder.add({ ...sample, sdk: { ...sample.sdk, python: { packageName: `any-${at}`, models } } });
    any.push(`any_${at}`);
  }
  const names = await modelOf(hardNames);
  for (const models of ["typed-dict", "dataclass"] as const) {
    const packageName = `names-${models}`;
    await folder.add({ ...names, sdk: { ...names.sdk, python: { packageName, models } } });
    any.push(packageName.replaceAll("-", "_"));
  }
});
afterAll(() => folder?.remove());

const right = `
import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Literal
import data_shop
from data_shop import models as data
from lantern_shop import (AsyncLanternShop, AwsCredentials, CallOptions, Cognito, LanternShop, SigV4, TransportError, ApiError,
                          errors, models)

shop = LanternShop(stage="prod", auth={"bearer": lambda info: info.operation, "api_key": "k", "x_partner": "p",
    "iam": SigV4("eu-west-1", AwsCredentials("a", "s"))}, retries=0)
cognito = LanternShop(auth={"bearer": Cognito(region="eu-west-1", client_id="c")})
listed = shop.list_orders(status=["paid"], limit=3, options=CallOptions(timeout=1.5))
first: models.Order = listed["orders"][0]
gift: str | None = first["gift"]
made = shop.create_order(body={"items": [{"sku": "a", "quantity": 1}]})
pdf: bytes = shop.get_invoice(id="1")
chunks: Iterator[bytes] = shop.get_invoice_stream(id="1")
shop.pay(id="1", body={"kind": "invoice", "dueInDays": 3})
shop.files(method="PATCH", path="a/b", body=b"x")
text: str = shop.login(body={"user": "a"})
shop.delete()
for item in shop.list_events_items(after="x"):
    sku: str = item["sku"]
try:
    shop.get_order(id="1")
except errors.GetOrder404 as error:
    status: Literal[404] = error.status
    code: str = error.body["code"]
except errors.Status429 as error:
    limit: Literal[429] = error.status
except ApiError as error:
    print(error.request_id, error.retry_after, error.error_type, error.attempts)
except TransportError as error:
    kind: Literal["network", "timeout", "decode"] = error.kind

payment: models.Payment = {"kind": "card", "last4": "1234"}
if payment["kind"] == "card":
    print(payment["last4"])

async def later() -> None:
    async with AsyncLanternShop() as api:
        order: models.Order = await api.get_order(id="1")
        print(order["status"])
        async for one in api.list_events_items():
            print(one["sku"])
        stream: AsyncIterator[bytes] = api.get_invoice_stream(id="1")
        print(stream)

typed = data_shop.LanternShop()
order = typed.get_order(id="1")
state: data.Status | None = order.status
if order.status is data.Status.PAID:
    parent: data.Order | None = order.parent
new = data.NewOrder(items=[data.Item(sku="a", quantity=1)])
typed.create_order(body=new)
asyncio.run(later())
when: datetime = datetime.now()
`;

/** Each has one mistake, which mypy and pyright must both see. */
const wrong: Readonly<Record<string, string>> = {
  "unknown stage": 'LanternShop(stage="production")',
  "unknown credential": 'LanternShop(auth={"beaer": "t"})',
  "missing argument": "shop.get_order()",
  "argument by place": 'shop.get_order("1")',
  "unknown argument": 'shop.get_order(id="1", ids="2")',
  "wrong literal": 'shop.list_orders(status=["payed"])',
  "wrong body": 'shop.create_order(body={"items": [{"sku": 1, "quantity": 1}]})',
  "missing body": "shop.create_order()",
  "unknown method": 'shop.files(method="BREW", path="a")',
  "member that is not there": 'shop.get_order(id="1")["colour"]',
  "mixed union": 'shop.pay(id="1", body={"kind": "card", "dueInDays": 3})',
  "result that is none": "shop.delete().status",
};

test("right programs pass mypy and pyright in their strict modes, wrong ones do not", { timeout: 240_000 }, () => {
  if (isSkipped()) return;
  folder.write("right.py", right);
  const names = Object.keys(wrong).map((_, at) => `wrong${at}.py`);
  for (const [at, text] of Object.values(wrong).entries())
    folder.write(`wrong${at}.py`, `from lantern_shop import LanternShop\nshop = LanternShop()\n${text}\n`);
  const found = typeCheck(folder, ["lantern_shop", "data_shop", ...any, "right.py", ...names]);
  expect(found.filter((line) => !line.startsWith("wrong"))).toEqual([]);
  const missed = names.filter((name) => found.filter((line) => line.startsWith(name)).length < 2);
  expect(missed.map((name) => Object.keys(wrong)[Number(/\d+/.exec(name)?.[0])])).toEqual([]);
});

test("no signature has Any in it, and none is untyped", () => {
  if (isSkipped()) return;
  folder.write(
    "signatures.py",
    `import ast, pathlib
found = []
for package in ("lantern_shop", "data_shop"):
    for file in sorted(pathlib.Path(package).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        lazy = [node for test in ast.walk(tree) if isinstance(test, ast.If) for branch in test.orelse for node in ast.walk(branch)]
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id == "Any" or isinstance(node, ast.alias) and node.name == "Any":
                found.append(f"{file}:{node.lineno} Any")
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node in lazy:
                continue
            all = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            if node.returns is None or any(arg and arg.annotation is None and arg.arg not in ("self", "cls") for arg in all):
                found.append(f"{file}:{node.lineno} {node.name}")
print("\\n".join(found))
`,
  );
  expect(folder.run("signatures.py").trim()).toBe("");
});

test("what is generated from any text is Python, and loads", { timeout: 120_000 }, async () => {
  if (isSkipped()) return;
  for (const [at, sample] of fc.sample(anyModel, { numRuns: 40, seed: 5 }).entries()) {
    const models = at % 2 === 0 ? "typed-dict" : "dataclass";
    await folder.add({ ...sample, sdk: { ...sample.sdk, python: { packageName: `load-${at}`, models } } });
  }
  folder.write(
    "load.py",
    `import ast, importlib, pathlib
allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.If)
for at in range(40):
    importlib.import_module(f"load_{at}")
    importlib.import_module(f"load_{at}.socket")
    for file in pathlib.Path(f"load_{at}").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in tree.body:
            is_docs = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            assert is_docs or isinstance(node, allowed), f"{file}: {ast.dump(node)[:200]}"
print("loaded")
`,
  );
  expect(folder.run("load.py").trim()).toBe("loaded");
});
