import type { MapNode, Name } from "./tree.js";
import type { BooleanValue, ChoiceValue, NumberValue, Syntax, TextValue } from "./values-syntax.js";

/** `broken` keeps the name of an authorizer whose definition has been reported. */
export type AuthorizerSyntax =
  | CognitoAuthorizerSyntax
  | LambdaAuthorizerSyntax
  | JwtAuthorizerSyntax
  | BrokenAuthorizerSyntax;

interface AuthorizerBase extends Syntax {
  readonly name: Name;
  readonly description: TextValue | undefined;
}

/** What the generated gateway is told about an issuer. */
interface IssuerSyntax {
  readonly issuerEndpoint: TextValue | undefined;
  /** Seconds. */
  readonly clockSkew: NumberValue | undefined;
}

export interface CognitoAuthorizerSyntax extends AuthorizerBase, IssuerSyntax {
  readonly kind: "cognito";
  /** ARNs of user pools; one text in the file is a list of one here. */
  readonly cognito: readonly TextValue[];
  readonly header: TextValue | undefined;
  /** Seconds. */
  readonly ttl: NumberValue | undefined;
}

export interface LambdaAuthorizerSyntax extends AuthorizerBase {
  readonly kind: "lambda";
  /** Name of a function. */
  readonly lambda: Name;
  readonly type: ChoiceValue<"token" | "request"> | undefined;
  /** Expressions. */
  readonly identity: readonly TextValue[] | undefined;
  readonly validation: TextValue | undefined;
  /** Seconds. */
  readonly ttl: NumberValue | undefined;
  readonly payloadFormat: ChoiceValue<"1.0" | "2.0"> | undefined;
  readonly simpleResponses: BooleanValue | undefined;
  readonly credentials: TextValue | undefined;
  readonly context: readonly AuthorizerContextSyntax[];
}

export interface AuthorizerContextSyntax {
  readonly name: Name;
  readonly type: ChoiceValue<"string" | "number" | "boolean"> | undefined;
}

export interface JwtAuthorizerSyntax extends AuthorizerBase, IssuerSyntax {
  readonly kind: "jwt";
  /** The issuer. */
  readonly jwt: TextValue;
  readonly audience: readonly TextValue[] | undefined;
  /** An expression. */
  readonly identity: TextValue | undefined;
}

export interface BrokenAuthorizerSyntax extends AuthorizerBase {
  readonly kind: "broken";
}

/** AWS's own document, or the shorthands of everyday use. */
export type PolicySyntax =
  | { readonly kind: "document"; readonly document: MapNode; readonly span: MapNode["span"] }
  | {
      readonly kind: "rules";
      readonly span: MapNode["span"];
      readonly allow: PolicyRuleSyntax | undefined;
      readonly deny: PolicyRuleSyntax | undefined;
    };

/** Whom a shorthand allows or denies; several members must hold together, one entry of each is enough. */
export interface PolicyRuleSyntax extends Syntax {
  /** IP addresses and CIDR blocks. */
  readonly ips: readonly TextValue[] | undefined;
  /** Account numbers, or ARNs of principals. */
  readonly accounts: readonly TextValue[] | undefined;
  readonly vpcs: readonly TextValue[] | undefined;
  readonly vpcEndpoints: readonly TextValue[] | undefined;
}
