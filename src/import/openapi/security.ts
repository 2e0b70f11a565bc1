import { type Draft, DraftMap } from "../draft.js";
import type { Importing } from "../importing.js";
import { type CloudPlace, cloudText } from "../intrinsics.js";
import { isTrue, itemsOf, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { Variables } from "../variables.js";
import { httpExpression, restExpression, withVariables } from "./expressions.js";
import { camel, type Functions } from "./functions.js";

/** What a security requirement asks for. */
export interface Asked {
  /** Name of an authorizer with its scopes, `iam` or `none`; undefined: nothing is said. */
  readonly auth: Draft | undefined;
  readonly apiKey: boolean;
}

interface Scheme {
  readonly kind: "authorizer" | "iam" | "key";
  readonly name: string;
  /** Whether its tokens have scopes. */
  readonly hasScopes: boolean;
}

interface SecurityContext {
  readonly importing: Importing;
  readonly kind: "rest" | "http";
  readonly functions: Functions;
  readonly variables: Variables;
  readonly place: CloudPlace;
}

const extension = "x-amazon-apigateway-authorizer";

/**
 * Security schemes as authorizers. A scheme that API Gateway cannot carry out by itself (OAuth flows, basic
 * authentication …) becomes a Lambda authorizer whose function is yours to write: an imported route is never open where
 * the document says that it is not.
 */
export class Security {
  readonly authorizers = new DraftMap();
  readonly #schemes = new Map<string, Scheme>();
  readonly #taken = new Set(["iam", "none"]);

  constructor(
    schemes: Tree | undefined,
    private readonly context: SecurityContext,
  ) {
    for (const { name, value } of membersOf(schemes)) {
      const scheme = context.importing.resolve(value);
      if (scheme) this.#schemes.set(name, this.#read(name, scheme));
    }
  }

  /** Requirements of an operation, or of the document; undefined when it has none of its own. */
  asked(operation: Tree): Asked | undefined {
    const own = memberOf(operation, "x-amazon-apigateway-auth");
    const type = textOf(memberOf(own, "type"))?.toUpperCase();
    const list = memberOf(operation, "security");
    if (type === "NONE") return { auth: "none", apiKey: this.#hasKey(list) };
    if (type === "AWS_IAM") return { auth: "iam", apiKey: this.#hasKey(list) };
    return list ? this.#requirements(list) : undefined;
  }

  /** Whether a list asks for an API key, beside an authorization that stands elsewhere. */
  #hasKey(list: Tree | undefined): boolean {
    return itemsOf(list).some((each) => membersOf(each).some(({ name }) => this.#schemes.get(name)?.kind === "key"));
  }

  /** API Gateway takes all requirements of a list together; other tools take one of them. */
  #requirements(list: Tree): Asked {
    let auth: Draft | undefined;
    let apiKey = false;
    for (const requirement of itemsOf(list)) {
      for (const { name, value, nameSpan } of membersOf(requirement)) {
        const at = { ...value, span: nameSpan };
        const scheme = this.#schemes.get(name);
        if (!scheme) {
          at.file.report("import-reference", at.span, { reference: name, why: "no security scheme has this name" });
          auth ??= this.#unknown(name);
        } else if (scheme.kind === "key") apiKey = true;
        else if (auth !== undefined)
          this.context.importing.leftOut(at, `a further security scheme of an operation, "${name}"`);
        else auth = this.#authOf(scheme, value);
      }
    }
    return { auth: auth ?? "none", apiKey };
  }

  #authOf(scheme: Scheme, value: Tree): Draft {
    if (scheme.kind === "iam") return "iam";
    const scopes = itemsOf(value).flatMap((scope) => textOf(scope) ?? []);
    if (scopes.length === 0) return scheme.name;
    if (!scheme.hasScopes) {
      this.context.importing.leftOut(value, "scopes of security schemes whose tokens API Gateway does not read");
      return scheme.name;
    }
    return new DraftMap().set("name", scheme.name).set("scopes", scopes);
  }

  #unknown(name: string): string {
    const scheme = this.#stub(
      name,
      "$request.header.Authorization",
      "a security scheme that the document does not declare",
    );
    this.#schemes.set(name, scheme);
    return scheme.name;
  }

  #read(name: string, tree: Tree): Scheme {
    const authorizer = memberOf(tree, extension);
    if (authorizer) return this.#authorizer(name, tree, authorizer);
    const type = textOf(memberOf(tree, "type"));
    const authtype = textOf(memberOf(tree, "x-amazon-apigateway-authtype"))?.toLowerCase();
    if (authtype === "awssigv4") return { kind: "iam", name: "iam", hasScopes: false };
    const header = textOf(memberOf(tree, "name"));
    const where = textOf(memberOf(tree, "in"));
    if (
      type === "apiKey" &&
      where === "header" &&
      header?.toLowerCase() === "x-api-key" &&
      this.context.kind === "rest"
    ) {
      return { kind: "key", name, hasScopes: false };
    }
    const jwt = this.context.kind === "http" ? issuerOf(tree) : undefined;
    if (jwt !== undefined) return this.#jwt(name, jwt, tree);
    const what =
      type === "apiKey"
        ? `the API key in the ${where} "${header}"`
        : `${textOf(memberOf(tree, "scheme")) ?? type ?? "its"} authentication`;
    this.context.importing.changed(
      tree,
      `"${name}": API Gateway does not check ${what} itself; the function of a Lambda authorizer has to`,
    );
    const source = type === "apiKey" && where === "query" ? "$request.querystring" : "$request.header";
    const identity =
      type !== "apiKey" || header === undefined
        ? "$request.header.Authorization"
        : where === "cookie"
          ? "$request.header.Cookie"
          : `${source}.${header}`;
    return this.#stub(name, identity, what);
  }

  #stub(name: string, identity: string, what: string): Scheme {
    const own = this.#name(name);
    const called = this.context.functions.module(`authorize-${own}`);
    const map = new DraftMap().set("lambda", called).set("identity", [identity]);
    if (this.context.kind === "rest") map.set("type", "request");
    this.authorizers.set(own, map, `${what}: handlers/${called}.ts has to check it; until then it lets nobody in`);
    return { kind: "authorizer", name: own, hasScopes: false };
  }

  #jwt(name: string, issuer: string, tree: Tree): Scheme {
    const own = this.#name(name);
    const map = new DraftMap().set("jwt", issuer).set("audience", ["set-me"]);
    this.authorizers.set(
      own,
      map,
      this.context.importing.changed(tree, `"${name}": set the audience that tokens must be for`),
    );
    return { kind: "authorizer", name: own, hasScopes: true };
  }

  #authorizer(name: string, scheme: Tree, tree: Tree): Scheme {
    const own = this.#name(name);
    const type = textOf(memberOf(tree, "type"))?.toLowerCase();
    const map = new DraftMap();
    const isPool = type === "cognito_user_pools" || memberOf(tree, "providerARNs") !== undefined;
    if (isPool) this.#pool(map, scheme, tree);
    else if (type === "jwt" || memberOf(tree, "jwtConfiguration")) this.#token(map, tree);
    else this.#function(map, own, type === "token" ? "token" : "request", scheme, tree);
    this.authorizers.set(own, map);
    return { kind: "authorizer", name: own, hasScopes: isPool || type === "jwt" };
  }

  #pool(map: DraftMap, scheme: Tree, tree: Tree): void {
    const arns = itemsOf(memberOf(tree, "providerARNs")).flatMap((arn) => this.#text(arn) ?? []);
    const source = /^method\.request\.header\.(.+)$/.exec(textOf(memberOf(tree, "identitySource")) ?? "")?.[1];
    const header = source ?? textOf(memberOf(scheme, "name"));
    map.set(
      "cognito",
      arns.map((arn) => withVariables(this.#poolArn(marked(arn, this.context.variables)))),
    );
    map.set("header", header === "Authorization" ? undefined : header);
    this.#ttl(map, tree, 300);
  }

  /** A stage variable may stand for the pool's id only (aws-behaviour.md section 19). */
  #poolArn(arn: string): string {
    const { region, account } = this.context.place;
    return arn.startsWith("arn:") ? arn : `arn:aws:cognito-idp:${region}:${account}:userpool/${arn}`;
  }

  #token(map: DraftMap, tree: Tree): void {
    const configuration = memberOf(tree, "jwtConfiguration");
    const source = textOf(memberOf(tree, "identitySource"));
    const audience = itemsOf(memberOf(configuration, "audience")).flatMap((each) => this.#text(each) ?? []);
    map.set("jwt", withVariables(this.#text(memberOf(configuration, "issuer")) ?? ""));
    map.set("audience", audience.map(withVariables));
    map.set("identity", source === undefined || source === "$request.header.Authorization" ? undefined : [source]);
  }

  #function(map: DraftMap, name: string, type: "token" | "request", scheme: Tree, tree: Tree): void {
    const isRest = this.context.kind === "rest";
    const address = cloudText(memberOf(tree, "authorizerUri"), this.context.place, new Variables());
    map.set("lambda", (address && this.context.functions.use(address, true)) || this.context.functions.module(name));
    if (isRest) map.set("type", type);
    const identity = this.#identity(type, scheme, tree);
    const isUsual = identity.length === 1 && identity[0] === "$request.header.Authorization";
    map.set("identity", isUsual ? undefined : identity);
    map.set("validation", textOf(memberOf(tree, "identityValidationExpression")) || undefined);
    this.#credentials(map, tree);
    const format = Number(textOf(memberOf(tree, "authorizerPayloadFormatVersion")) ?? "1.0");
    if (!isRest) {
      map.set("payloadFormat", format === 2 ? undefined : "1.0");
      map.set("simpleResponses", isTrue(memberOf(tree, "enableSimpleResponses")) || undefined);
    }
    const ttl = this.#ttl(map, tree, isRest ? 300 : 0);
    if (identity.length === 0 && ttl > 0) map.set("ttl", 0, "without an identity source nothing can be kept");
  }

  #identity(type: "token" | "request", scheme: Tree, tree: Tree): readonly string[] {
    const sources = this.context.variables
      .scan(textOf(memberOf(tree, "identitySource")) ?? "")
      .split(",")
      .map((source) => source.trim())
      .filter((source) => source !== "");
    const read = sources.flatMap(
      (source) => (source.startsWith("$") ? httpExpression(source) : restExpression(source)) ?? [],
    );
    const header = textOf(memberOf(scheme, "name"));
    if (read.length > 0 || type === "request") return read;
    return [`$request.header.${header ?? "Authorization"}`];
  }

  #credentials(map: DraftMap, tree: Tree): void {
    const credentials = memberOf(tree, "authorizerCredentials");
    const role = cloudText(credentials, this.context.place, new Variables());
    if (!credentials || !role) return;
    if (!role.includes("${")) map.set("credentials", role);
    else {
      const what = "authorizerCredentials that the stack makes: the function's own permission lets API Gateway call it";
      map.note(this.context.importing.leftOut(credentials, what));
    }
  }

  /** Yields the seconds that are in force. */
  #ttl(map: DraftMap, tree: Tree, usual: number): number {
    const ttl = numberOf(memberOf(tree, "authorizerResultTtlInSeconds"));
    map.set("ttl", ttl === usual ? undefined : ttl);
    return ttl ?? usual;
  }

  #text(tree: Tree | undefined): string | undefined {
    const text = cloudText(tree, this.context.place, this.context.variables);
    return text === undefined ? undefined : this.context.variables.scan(text);
  }

  /** Letters, digits, `-` and `_`, and not a word of the language. */
  #name(wanted: string): string {
    const base = wanted.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 120) || camel(wanted) || "authorizer";
    let name = this.#taken.has(base) ? `${base}Authorizer` : base;
    for (let count = 2; this.#taken.has(name); count++) name = `${base}${count}`;
    this.#taken.add(name);
    return name;
  }
}

/** `${pool}` of another templating tool: a value to come, hence a stage variable. */
export function marked(text: string, variables: Variables): string {
  return text.replaceAll(
    /\$\{(?!stageVariables\.)([\w.-]+)\}/g,
    (_, name: string) => `\${stageVariables.${variables.use(name)}}`,
  );
}

/** The issuer of an OpenID Connect scheme: where its configuration lies. */
function issuerOf(tree: Tree): string | undefined {
  const url = textOf(memberOf(tree, "openIdConnectUrl"));
  return url?.startsWith("https://") ? url.replace(/\.well-known\/openid-configuration$/, "") : undefined;
}
