import type { ParameterMap } from "../../runtime/admin/design/mapping-expression-rules.js";
import type { PatchOperation, ResponseNames } from "../../runtime/admin/design/patch-rules.js";

type Data = Readonly<Record<string, unknown>>;

/**
 * A request of the control plane as a case gives it: its members stand under the operation's name or beside it, in AWS's
 * spelling of the REST API (camelCase) or of CloudFormation (PascalCase).
 */
export class DesignRequest {
  readonly #own: Data;

  constructor(
    /** In lower case. */
    readonly operation: string,
    private readonly request: unknown,
    private readonly given: Data,
  ) {
    this.#own = isData(request) ? request : {};
  }

  /** An HTTP API is the one that is designed. */
  get isHttp(): boolean {
    const kind = String(this.given["product"] ?? this.given["kind"] ?? this.given["protocolType"] ?? "").toLowerCase();
    return kind === "http" || kind === "httpapi" || kind === "http-api";
  }

  /** The request itself, where it is one text. */
  scalar(): string {
    return typeof this.request === "string" ? this.request : "";
  }

  /** A member of the request, else of what stands beside it. */
  anywhere(...names: readonly string[]): unknown {
    for (const name of names) {
      const value = memberOf(this.#own, name) ?? (this.given === this.#own ? undefined : memberOf(this.given, name));
      if (value !== undefined && value !== this.request) return value;
    }
    return undefined;
  }

  text(...names: readonly string[]): string {
    const value = this.anywhere(...names);
    return value === undefined || value === null ? "" : String(value);
  }

  /** A member of the request alone; null counts as absent. */
  optional(name: string): string | undefined {
    const value = memberOf(this.#own, name);
    return value === undefined || value === null ? undefined : String(value);
  }

  number(name: string): number | undefined {
    const value = memberOf(this.#own, name);
    return value === undefined || value === null ? undefined : Number(value);
  }

  flag(...names: readonly string[]): boolean {
    return this.anywhere(...names) === true;
  }

  map(...names: readonly string[]): Data {
    for (const name of names) {
      const value = memberOf(this.#own, name);
      if (isData(value)) return value;
    }
    return {};
  }

  /** Names to texts, as parameter mappings are. */
  texts(name: string): ParameterMap {
    return Object.fromEntries(Object.entries(this.map(name)).map(([key, value]) => [key, String(value)]));
  }

  /** What stands beside the request. */
  around(name: string): Data {
    const value = memberOf(this.given, name);
    return isData(value) ? value : {};
  }

  /** Names of things: texts, or objects that have a name, a path or an id. */
  list(...names: readonly string[]): readonly string[] {
    const value = this.anywhere(...names);
    if (typeof value === "string") return [value];
    return Array.isArray(value) ? value.map(nameOf) : [];
  }

  /** The lists that the case has a say in, by their names. */
  known(...names: readonly string[]): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      names.filter((name) => this.anywhere(name) !== undefined).map((name) => [name, this.list(name)]),
    );
  }

  /** Whether a list that is there lacks the name. */
  isMissing(list: string, ...names: readonly string[]): boolean {
    return this.anywhere(list) !== undefined && !this.list(list).includes(this.text(...names));
  }

  operations(): readonly PatchOperation[] {
    const value = this.anywhere("patchOperations", "patch", "operations") ?? this.request;
    const all = (Array.isArray(value) ? value : [value]).filter(isData);
    return all.map((each) => ({
      op: String(memberOf(each, "op") ?? ""),
      path: memberOf(each, "path") as string | undefined,
      value: textOf(memberOf(each, "value")),
      ...("from" in each ? { from: each["from"] } : {}),
    })) as readonly PatchOperation[];
  }

  /** `method.request.…` names that the method declares. */
  declared(): readonly string[] {
    return Object.keys(this.around("methodRequestParameters"));
  }

  /** What a response has already. */
  responseNames(): ResponseNames {
    const known = (this.anywhere("existing", "response", "methodResponse", "gatewayResponse") ?? {}) as Data;
    const names = (name: string) => Object.keys((memberOf(known, name) ?? {}) as Data);
    return {
      parameters: names("responseParameters"),
      contentTypes: [...names("responseModels"), ...names("responseTemplates")],
    };
  }

  /** Id of an API that the case says is not there. */
  missingApi(): string | undefined {
    const apis = this.given["apis"] ?? this.given["restApis"];
    const id = this.anywhere("restApiId", "apiId");
    return Array.isArray(apis) && typeof id === "string" && !apis.map(nameOf).includes(id) ? id : undefined;
  }

  /** Operations whose words for a missing API are their own. */
  apiOperation(): string | undefined {
    return ["createRequestValidator", "createAuthorizer"].find((name) => name.toLowerCase() === this.operation);
  }
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By its name, or with the first letter large. */
function memberOf(data: Data, name: string): unknown {
  return data[name] ?? data[name.charAt(0).toUpperCase() + name.slice(1)];
}

function nameOf(value: unknown): string {
  if (!isData(value)) return String(value);
  const name = ["name", "id", "path", "pathPart", "routeKey", "stageName", "domainName", "basePath"].find(
    (each) => memberOf(value, each) !== undefined,
  );
  return name === undefined ? "" : String(memberOf(value, name));
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : typeof value === "string" ? value : JSON.stringify(value);
}
