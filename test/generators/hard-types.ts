/** Types that are hard to say in most languages: unions of all kinds, what refers to itself, what may be null or absent or both. */
export const hardTypes = `
models: |
  type Id = string
  type Ids = Id[]
  type Tree = Tree[]
  type Maybe = { next: Maybe; name?: string | null } | null
  interface Loop { self: Loop; other?: Loop | null }
  type Leaf = string | integer | boolean | number[] | { deep: Leaf } | null
  type Mixed = Id | Leaf | datetime
  type Status = "a b" | "a-b" | "" | "1"
  type Level = 1 | -1 | 2.5
  interface Cat { kind: "cat"; lives: integer }
  interface Dog { kind: "dog"; at: datetime; on: date | null }
  type Pet = Cat | Dog
  type AUnionWhoseNameIsSoLongThatItsMethodsDoNotFitIntoOneLineOfGoAnyMore = Cat | Dog | string[]
  type Pets = Record<string, Pet[]>
  interface Locals { members: integer; rest: string[]; json?: boolean; value: string; key: string; name: string; [more: string]: unknown }
  interface Bag { [name: string]: integer; id: integer }
  interface Odd { "a\\"b": string; Type: string; type: string; "": string; marshalJSON: Pet | null; list: Pet[]; maybe?: Pet[] | null; any: unknown; more?: unknown; level: Level; mixed: Mixed; tree?: Tree; inline?: { x: { y?: "z" } } }
routes:
  POST /odd/{id}:
    operation: odd
    params: { id: Id }
    query: { type?: "Status[]", Type: integer, on?: date, pet?: Status, q?: "string | null" }
    headers: { X-Type?: "'a' | 'b'" }
    body: Odd
    lambda: f
    responses: { 200: Odd, 202: Pets, 204: , 404: Leaf, 409: Id }
  PUT /pets: { operation: pets, body: "Pet[]", lambda: f, responses: { 200: Pet } }
  PUT /maybe: { operation: maybe, body: Maybe, lambda: f, responses: { 200: Maybe, 201: Ids } }
  GET /bag: { operation: bag, lambda: f, responses: { 200: Bag, 201: Locals, 400: "Pet | null", 418: "AUnionWhoseNameIsSoLongThatItsMethodsDoNotFitIntoOneLineOfGoAnyMore[]" } }
`;
