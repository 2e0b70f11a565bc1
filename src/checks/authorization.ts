import type { Authorization } from "../model/authorizers.js";
import { nearest } from "../nearest.js";
import type { AuthorizerSyntax, AuthSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { checkCount } from "./limits.js";

/** What `auth` may name without its being declared. */
export const builtInAuthorizers: readonly string[] = ["iam", "none"];

/** Resolves `auth` of the top and of routes. Names are looked up once a file. */
export class AuthorizationReader {
  readonly #declared: ReadonlyMap<string, AuthorizerSyntax>;

  constructor(private readonly checking: Checking) {
    this.#declared = new Map(checking.syntax.authorizers.map((authorizer) => [authorizer.name.text, authorizer]));
  }

  /** `auth` names a declared authorizer, or `iam` or `none`. What is broken counts as `none`: it has been reported. */
  read(auth: AuthSyntax | undefined): Authorization {
    if (auth?.name === undefined) return { kind: "none" };
    const name = auth.name.text;
    if (name === "none" || name === "iam") {
      this.#refuseScopes(auth, name);
      return { kind: name };
    }
    const declared = this.#declared.get(name);
    if (declared === undefined) {
      const near = nearest(name, [...builtInAuthorizers, ...this.#declared.keys()]);
      this.checking.report("unknown-authorizer", auth.name.span, { name, near });
      return { kind: "none" };
    }
    if (declared.kind === "lambda") this.#refuseScopes(auth, name);
    const instead = "give one scope to all of these callers";
    const quota = { most: 10, what: "scopes of a route", instead, canBeRaised: false };
    checkCount(auth.scopes, quota, this.checking.report);
    return { kind: "authorizer", name, scopes: auth.scopes.map(({ text }) => text) };
  }

  /** Scopes are those of a token: Cognito's or a JWT's. */
  #refuseScopes({ scopes }: AuthSyntax, name: string): void {
    const [scope] = scopes;
    if (scope) this.checking.report("scopes-not-here", scope.span, { name });
  }
}
