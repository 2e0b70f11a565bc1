import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Parameter, Route } from "../../src/model/routes.js";
import type { JsonValue, Type } from "../../src/model/types.js";
import type { SelectedBodies } from "../../src/model/websocket.js";
import { code, type Planned } from "../emit/code-literal.js";
import { coercionOf } from "../emit/coercion.js";
import { jsonSchemaOf, jsonSchemaOfModel } from "../emit/json-schema.js";
import type { SchemaNames } from "../emit/schema.js";
import { type ValidatorEntry, validatorSource } from "../emit/validator.js";
import { checkedResponses, isJsonMediaType } from "./plan-response-checks.js";
import { validatesBody } from "./plan-validation.js";
import { selectionCode } from "./print-selections.js";

/** Validator functions of a gateway: one for each distinct type of a body or of a strictly checked parameter. */
export interface ValidatorPlans {
  readonly names: readonly string[];
  /** Function declarations in TypeScript. */
  readonly code: string;
  /** Names that the code takes from `runtime/validation/index.js`. */
  readonly helpers: readonly string[];
  readonly bodies: ReadonlyMap<Route, Planned>;
  readonly parameters: ReadonlyMap<Route, readonly Planned[]>;
  /** Of routes whose answers are checked. */
  readonly responses: ReadonlyMap<Route, Planned>;
}

/** @param sockets  the WebSocket API as a REST API (`planSocketModel`) */
export function planValidators(model: GatewayModel, sockets?: GatewayModel): ValidatorPlans {
  const validators = new Validators(model);
  const bodies = new Map<Route, Planned>();
  const parameters = new Map<Route, readonly Planned[]>();
  const responses = new Map<Route, Planned>();
  const routes = [...(model.kind === "rest" ? model.routes : []), ...(sockets?.routes ?? [])];
  for (const route of routes) {
    if (validatesBody(route) && route.body !== undefined) bodies.set(route, planBody(route.body, validators));
    const checks = strictlyChecked(route).map((parameter) => planParameter(parameter, validators));
    if (checks.length > 0) parameters.set(route, checks);
    if (checkedResponses(route).length > 0) responses.set(route, planResponseCheck(route, validators));
  }
  return { ...validators.print(), bodies, parameters, responses };
}

/** Parameters whose values are checked here and not on AWS. A plain string is always one. */
export function strictlyChecked(route: Route): readonly Parameter[] {
  return route.validation.strict ? route.parameters.filter(({ type }) => !isPlainString(type)) : [];
}

function isPlainString(type: Type): boolean {
  const { kind, constraints } = type;
  return kind === "primitive" && type.name === "string" && !type.format && Object.keys(constraints).length === 0;
}

function planBody({ type, mediaTypes, selected }: NonNullable<Route["body"]>, validators: Validators): Planned {
  const name = selected ? chosenValidator(selected, validators) : validators.nameOf(type);
  return {
    byMediaType: code(`new Map([${mediaTypes.map((media) => `[${JSON.stringify(media)}, ${name}]`).join(", ")}])`),
  };
}

/** `chosenModel(selection([{ path: ["kind"] }]), new Map([["circle", validate1]]))`. */
function chosenValidator({ selection, types }: SelectedBodies, validators: Validators): string {
  const entries = types.map(({ key, type }) => `[${JSON.stringify(key)}, ${validators.nameOf(type)}]`);
  return `chosenModel(${selectionCode(selection)}, new Map([${entries.join(", ")}]))`;
}

function planResponseCheck(route: Route, validators: Validators): Planned {
  const entries = checkedResponses(route).map(({ status, body }) => `[${status}, ${validators.nameOf(body.type)}]`);
  const others = checkedResponses(route).flatMap(({ status, body: { alternatives = [] } }) =>
    alternatives
      .filter(({ mediaType }) => isJsonMediaType(mediaType))
      .map(({ mediaType, type }) => `[${JSON.stringify(`${status} ${mediaType}`)}, ${validators.nameOf(type)}]`),
  );
  return {
    fails: route.responseValidation === "fail",
    byStatus: code(`new Map([${entries.join(", ")}])`),
    ...(others.length > 0 ? { byMediaType: code(`new Map([${others.join(", ")}])`) } : {}),
  };
}

function planParameter({ in: where, name, type }: Parameter, validators: Validators): Planned {
  const { type: read, isList } = coercionOf(type, validators.lookup);
  return {
    in: where,
    name: where === "header" ? name.toLowerCase() : name,
    label: name,
    type: read,
    list: isList,
    validate: code(validators.nameOf(type)),
  };
}

/** Collects the types to validate; equal schemas share one function. */
class Validators {
  readonly lookup: (model: string) => Type | undefined;
  readonly #entries = new Map<string, ValidatorEntry>();
  readonly #inline: [string, JsonValue][] = [];
  readonly #names: SchemaNames;

  constructor(private readonly model: GatewayModel) {
    const types = new Map(model.models.map(({ name, type }) => [name, type]));
    this.lookup = (name) => types.get(name);
    this.#names = { ref: (name) => `#/definitions/${pointer(name)}`, lookup: this.lookup };
  }

  nameOf(type: Type): string {
    const schema = jsonSchemaOf(type, this.#names);
    const key = JSON.stringify(schema);
    const known = this.#entries.get(key);
    if (known) return known.name;
    const entry = { name: `validate${this.#entries.size + 1}`, ref: this.#refOf(type, schema as JsonValue) };
    this.#entries.set(key, entry);
    return entry.name;
  }

  print(): { readonly names: readonly string[]; readonly code: string; readonly helpers: readonly string[] } {
    const entries = [...this.#entries.values()];
    if (entries.length === 0) return { names: [], code: "", helpers: [] };
    const models = this.model.models.map((model): [string, JsonValue] => [
      model.name,
      jsonSchemaOfModel(model, this.#names) as JsonValue,
    ]);
    const document = { definitions: Object.fromEntries([...models, ...this.#inline]) };
    const options = { document, entries, explains: saysWhatIsWrong(this.model), language: "typescript" as const };
    return { names: entries.map(({ name }) => name), ...validatorSource(options) };
  }

  #refOf(type: Type, schema: JsonValue): string {
    if (type.kind === "reference") return this.#names.ref(type.model);
    const name = `inline ${this.#inline.length + 1}`;
    this.#inline.push([name, schema]);
    return `#/definitions/${pointer(name)}`;
  }
}

/** A token of a JSON pointer inside a URI fragment (RFC 6901, sections 3 and 6). */
function pointer(name: string): string {
  return encodeURIComponent(name.replace(/~/g, "~0").replace(/\//g, "~1"));
}

/** Whether anybody can see what exactly is wrong with a body: a gateway response or the execution log. */
function saysWhatIsWrong({ gatewayResponses, stages, routes }: GatewayModel): boolean {
  const logged = stages.some(({ log }) => log === "info" || log === "debug");
  const shown = JSON.stringify(gatewayResponses).includes("validationErrorString");
  return logged || shown || routes.some((route) => route.validation.strict || route.responseValidation !== undefined);
}
