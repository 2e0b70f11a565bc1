/** What GetExport's parameter `extensions` may name. */
export const extensionLevels = ["integrations", "authorizers", "apigateway"] as const;
export type ExtensionLevel = (typeof extensionLevels)[number];

type Members = Readonly<Record<string, unknown>>;

const prefix = "x-amazon-apigateway-";
const anyMethod = `${prefix}any-method`;
const integration = `${prefix}integration`;

/**
 * A document for API Gateway, of OpenAPI 3.0 or Swagger 2.0, with the extensions of some levels: `integrations` keeps the
 * integrations, `authorizers` the authorizers and what asks for them, `apigateway` everything. API keys and routes for any
 * method, which are none of these, always stay.
 */
export function withExtensions<Document extends object>(document: Document, levels: ReadonlySet<string>): Document {
  if (levels.has("apigateway")) return document;
  const { components, securityDefinitions } = document as Members;
  const schemes = membersOf(securityDefinitions ?? membersOf(components).securitySchemes);
  const kept = levels.has("authorizers")
    ? schemes
    : changed(schemes, (scheme) => (isAuthorizer(scheme) ? undefined : scheme));
  const operation = operationFilter(levels, kept);
  const changes: Readonly<Record<string, (value: unknown) => unknown>> = {
    servers: bareItems,
    tags: bareItems,
    paths: (paths) => changed(paths, (item) => changed(item, operation)),
    securityDefinitions: () => unlessEmpty(kept),
    components: (all) =>
      unlessEmpty(changed(all, (value, name) => (name === "securitySchemes" ? unlessEmpty(kept) : value))),
  };
  return changed(bare(document), (value, name) => {
    const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
    return change === undefined ? value : change(value);
  }) as Document;
}

function operationFilter(levels: ReadonlySet<string>, schemes: Members) {
  return (operation: unknown): unknown =>
    changed(operation, (value, name) => {
      if (name === "security") return unlessEmpty(bareRequirements(value, schemes));
      if (name === integration) return levels.has("integrations") ? value : undefined;
      return isExtension(name) ? undefined : value;
    });
}

/** Requirements that ask for schemes that are still there. */
function bareRequirements(security: unknown, schemes: Members): readonly unknown[] {
  const asked = Array.isArray(security) ? security : [];
  return asked.filter((entry) => Object.keys(membersOf(entry)).every((name) => Object.hasOwn(schemes, name)));
}

/** A scheme that is none is an API key. */
function isAuthorizer(scheme: unknown): boolean {
  return Object.keys(membersOf(scheme)).some((name) => name.startsWith(prefix));
}

function isExtension(name: string): boolean {
  return name.startsWith(prefix) && name !== anyMethod;
}

/** Without the extensions of its own; those of objects in it stay. */
function bare(object: unknown): Members {
  return changed(object, (value, name) => (isExtension(name) ? undefined : value));
}

function bareItems(items: unknown): unknown {
  return Array.isArray(items) ? items.map((item) => (isObject(item) ? bare(item) : item)) : items;
}

/** The object with each member changed, or left out where there is nothing in its place. */
function changed(object: unknown, change: (value: unknown, name: string) => unknown): Members {
  const entries = Object.entries(membersOf(object)).map(([name, value]) => [name, change(value, name)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** The object, or one without members where there is none. */
function membersOf(value: unknown): Members {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
