import { TransportError } from "./errors.js";
import { definitions, operations } from "./schemas.js";

/** What was sent or came is not what the API declares. */
export class ValidationError extends TypeError {
  name = "ValidationError";

  constructor(operation, problems) {
    const [{ path, message }] = problems;
    super(`${operation}: ${path === "" ? "" : `${path} `}${message}`);
    Object.assign(this, { operation, problems });
  }
}

/** Checks requests before anything is sent, and the bodies of successes: `createClient({ validator })`. */
export async function validator(operation, input, run) {
  const { input: schemas, required, answers } = operations[operation];
  const problems = [];
  for (const name in schemas) {
    if (input[name] !== undefined) check(schemas[name], input[name], name, problems);
  }
  for (const name of required) {
    if (input[name] === undefined) problems.push({ path: name, message: "is missing" });
  }
  if (problems.length > 0) throw new ValidationError(operation, problems);
  const outcome = await run();
  const schema = outcome.ok && !(outcome.body instanceof ReadableStream) && answers[outcome.status];
  if (schema) check(schema, outcome.body, "body", problems);
  if (problems.length === 0) return outcome;
  return new TransportError(
    "decode",
    { operation, attempt: outcome.attempts },
    new ValidationError(operation, problems),
  );
}

/** JSON Schema draft-04, as far as models go. */
function check(schema, given, path, problems) {
  const value = schema.isText && typeof given === "string" && /^-?\d+$/.test(given) ? BigInt(given) : given;
  const fail = (message) => problems.push({ path, message });
  if (schema.$ref) return check(definitions[schema.$ref], value, path, problems);
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const types = [schema.type ?? kind].flat();
  const isInteger = kind === "bigint" || Number.isInteger(value);
  if (!types.some((type) => type === kind || (isInteger && /^(integer|number)$/.test(type))))
    return void fail(`is ${kind}, not ${types.join(" or ")}`);
  if (schema.enum && !schema.enum.includes(value)) fail(`is not one of ${JSON.stringify(schema.enum)}`);
  for (const part of schema.allOf ?? []) check(part, value, path, problems);
  for (const word of ["anyOf", "oneOf"]) {
    const count = schema[word]?.filter((part) => fits(part, value)).length;
    if (count === 0 || (word === "oneOf" && count > 1)) fail("fits none of its types");
  }
  if (/^(number|bigint)$/.test(kind)) numberChecks(schema, value, fail);
  if (kind === "string") {
    const { length } = [...value];
    if (length < schema.minLength || length > schema.maxLength) fail("has a wrong length");
    if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) fail(`does not match ${schema.pattern}`);
  }
  if (kind === "array") {
    if (value.length < schema.minItems || value.length > schema.maxItems) fail("has a wrong number of items");
    if (schema.uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
      fail("has an item twice");
    const { items, additionalItems } = schema;
    for (const [at, item] of value.entries()) {
      const part = Array.isArray(items) ? (items[at] ?? additionalItems) : items;
      if (part === false) fail("has a wrong number of items");
      else if (part && part !== true) check(part, item, `${path}[${at}]`, problems);
    }
  }
  if (kind === "object") objectChecks(schema, value, path, problems);
}

function fits(schema, value) {
  const problems = [];
  check(schema, value, "", problems);
  return problems.length === 0;
}

function numberChecks({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }, value, fail) {
  if (value < minimum || (exclusiveMinimum && value === minimum)) fail(`is less than ${minimum}`);
  if (value > maximum || (exclusiveMaximum && value === maximum)) fail(`is more than ${maximum}`);
  const times = multipleOf && Number(value) / multipleOf;
  if (times && Math.abs(times - Math.round(times)) > 1e-9) fail(`is no multiple of ${multipleOf}`);
}

function objectChecks(schema, value, path, problems) {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  for (const name of required) {
    if (!Object.hasOwn(value, name) || value[name] === undefined)
      problems.push({ path: `${path}.${name}`, message: "is missing" });
  }
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  if (names.length < schema.minProperties || names.length > schema.maxProperties)
    problems.push({ path, message: "has a wrong number of members" });
  for (const name of names) {
    const part = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (part === false) problems.push({ path: `${path}.${name}`, message: "is not declared" });
    else if (part !== true) check(part, value[name], `${path}.${name}`, problems);
  }
}
