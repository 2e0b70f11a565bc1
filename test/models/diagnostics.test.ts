import { describe, expect, test } from "vitest";
import { express, marked, parse } from "./support.js";

/** Marked snippet → the code, at the mark. Other diagnostics there are not allowed, notes for AWS aside. */
const table: readonly (readonly [code: string, text: string])[] = [
  ["model-syntax", "interface A { x: string } «}»"],
  ["model-syntax", "interface A { x: string«;»"],
  ["model-statement", "«import { B } from './b'»\ninterface A { x: string }"],
  ["model-statement", "«const limit = 10»"],
  ["model-statement", "«class A {»\n  x = 1\n}"],
  ["model-duplicate", "interface A { x: string } type «A» = string"],
  ["model-reserved-name", "type «uuid» = string"],
  ["model-reserved-name", "interface «Pick» { x: string }"],
  ["unknown-type", "interface Order { id: uuid } interface A { o: «Ordr»[] }"],
  ["unknown-type", "enum Color { Red = 'red' } type A = «Color.Rde»"],
  ["unknown-type", "interface Unused<T> { x: T; y: «Missing» }"],
  ["foreign-type", "interface A { at: «Date» }"],
  ["foreign-type", "interface A { n: «bigint» }"],
  ["foreign-type", "interface A { n: «void» }"],
  ["unsupported-type", "interface B { x: string } type A = «keyof B»"],
  ["unsupported-type", "type A = «typeof other»"],
  ["unsupported-type", "type A = «string extends string ? 1 : 2»"],
  ["unsupported-type", "type A = «{ [K in 'a' | 'b']: string }»"],
  ["unsupported-type", "type A = «`id-${string}`»"],
  ["unsupported-type", "type A = «import('./b').B»"],
  ["unsupported-type", "interface A { f: «() => string» }"],
  ["unsupported-type", "interface A { «f(): string» }"],
  ["unsupported-type", "interface B { x: string } type A = «B['x']»"],
  ["unsupported-type", "interface A { x: «this» }"],
  ["unsupported-type", "interface A { x: «Minimum<1>» }"],
  ["type-arguments", "interface P<T> { x: T } type A = «P»"],
  ["type-arguments", "interface P<T, U = T> { x: T; y: U } type A = «P<string, string, string>»"],
  ["type-arguments", "interface B { x: string } type A = «B<string>»"],
  ["type-arguments", "type A = «Partial»"],
  ["type-argument-constraint", "interface P<T extends { id: string }> { x: T } type A = P<«{ id: number }»>"],
  ["type-parameter-duplicate", "interface P<T, «T»> { x: T }"],
  ["circular-type", "type «A» = A | string"],
  ["circular-type", "type A = B; type B = «C» & { x: string }; type C = A"],
  ["circular-type", "interface A extends B { x: string } interface B extends «A» { y: string }"],
  ["empty-type", "type A = «string & number»"],
  ["empty-type", "type S = 'a' | 'b'; type A = «Exclude<S, 'a' | 'b'>»"],
  ["interface-base", "type S = 'a' | 'b'; interface A extends «S» { x: string }"],
  ["property-conflict", "interface B { x: string } interface A extends B { «x»: number }"],
  ["property-conflict", "interface B { x: string } interface A extends B { «x»?: string }"],
  ["property-duplicate", "interface A { x: string; «x»: string }"],
  ["property-name", "interface A { «[key]»: string }"],
  ["property-type-missing", "interface A { «x»; y: string }"],
  ["index-signature", "interface A { «[n: number]: string» }"],
  ["index-signature-conflict", "interface A { x: number; «[name: string]: string» }"],
  ["utility-argument", "type A = Partial<«string»>"],
  ["utility-argument", "interface B { x: string } type A = Pick<B, «string»>"],
  ["utility-key", "interface B { status: string } type A = Omit<B, «'statsu'»>"],
  ["enum-member", "enum A { «X = 1 << 2» }"],
  ["enum-member", "enum «A» { X = 'a', Y = 1 }"],
  ["enum-member", "enum «A» {}"],
  ["tuple-shape", "type A = [string?, «number»]"],
  ["tuple-shape", "type A = [...string[], «number»]"],
  ["tuple-shape", "type A = [«...string»]"],
  ["undefined-type", "type A = «undefined»"],
  ["undefined-type", "interface A { x: (string | «undefined»)[] }"],
];

describe("mistakes in models", () => {
  for (const [code, snippet] of table) {
    test(`${code}: ${snippet.replace(/\n/g, " ")}`, async () => {
      const { text, span } = marked(snippet);
      const { diagnostics } = await parse(text);
      expect(diagnostics.filter(({ severity }) => severity !== "info")).toMatchObject([{ code, span }]);
    });
  }

  test("a misspelt name gets the nearest one", async () => {
    const { diagnostics } = await parse("interface Order { id: uuid } interface A { o: Ordr; p: datetme }");
    expect(diagnostics.map(({ help }) => help)).toEqual(['did you mean "Order"?', 'did you mean "datetime"?']);
    expect(diagnostics.map(({ span, fix }) => fix?.span === undefined || fix.span.start === span.start)).toEqual([
      true,
      true,
    ]);
    expect(diagnostics.map(({ fix }) => fix?.text)).toEqual(["Order", "datetime"]);
  });

  test("a repeated model names the first place", async () => {
    const { diagnostics } = await parse("interface A { x: string }\ninterface A { y: string }");
    expect(diagnostics).toMatchObject([{ code: "model-duplicate", notes: [{ span: { start: 10, end: 11 } }] }]);
  });

  test("all mistakes come out at once, and the other models remain", async () => {
    const { diagnostics, scope } = await parse(
      "interface A { x: Foo; y: Bar }\ninterface B { z: Date }\ninterface C { ok: string }",
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-type", "unknown-type", "foreign-type"]);
    expect(scope.models.map(({ name }) => name)).toEqual(["A", "B", "C"]);
  });

  test("each error says what to do, where there is something to do", async () => {
    const { diagnostics } = await parse(
      "type A = keyof B; interface B { x: string } type C = string extends B ? 1 : 2; type D = `a${string}`",
    );
    for (const { help } of diagnostics) expect(help).toBeTruthy();
  });
});

describe("mistakes in expressions", () => {
  const models = "interface Order { id: uuid } interface Page<T> { items: T[] }";
  const expressions: readonly (readonly [code: string, text: string])[] = [
    ["unknown-type", "«Ordr»[]"],
    ["unknown-type", "{ orders: «Ordr»[]; cursor?: string }"],
    ["unknown-type", "Page<«Ordr»>"],
    ["type-arguments", "«Page»"],
    ["model-syntax", "{ orders: Order[«;» cursor: string }"],
    ["model-syntax", "Order«,» Order"],
    ["model-syntax", "Order; «interface B { x: string }»"],
    ["unsupported-type", "«keyof Order»"],
    ["pattern-catastrophic", 'string & Pattern<«"^(a+)+$"»>'],
    ["tag-misplaced", "string & «Minimum<1>»"],
  ];
  for (const [code, snippet] of expressions) {
    test(`${code}: ${snippet}`, async () => {
      const { text, span } = marked(snippet);
      const { diagnostics, type } = await express(text, models);
      expect(diagnostics).toMatchObject([{ code, span }]);
      expect(type).toBeUndefined();
    });
  }

  test("an empty expression is reported", async () => {
    const { diagnostics, type } = await express("  ", models);
    expect(type).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["model-syntax"]);
  });

  test("names are not judged when the model block cannot be read", async () => {
    const { diagnostics } = await express("{ a: Order; b: keyof string }", "interface Order { id: ");
    expect(diagnostics.map(({ code }) => code)).toEqual(["unsupported-type"]);
  });

  test("each use of a wrong expression is reported at its own place", async () => {
    const { scope } = await express("string", models);
    const places: number[] = [];
    for (const offset of [100, 200]) {
      const shifted = {
        toFile: ({ start, end }: { start: number; end: number }) => ({ start: start + offset, end: end + offset }),
      };
      scope.resolveType("Ordr", shifted, (_code, span) => places.push(span.start));
    }
    expect(places).toEqual([100, 200]);
  });
});
