import type ts from "typescript";
import type { TypeKeys } from "../../model/type-keys.js";
import type { Model, Type } from "../../model/types.js";
import type { TypeScript } from "../../typescript/load.js";
import type { checkPattern } from "../patterns.js";
import type { Range } from "./comment.js";
import type { Frame } from "./frame.js";
import type { Shape } from "./shape.js";
import type { TypeSizes } from "./size.js";

export type DeclarationNode = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.EnumDeclaration;

/** A source text with its syntax tree. */
export interface Source {
  readonly ts: TypeScript;
  readonly file: ts.SourceFile;
  readonly frame: Frame;
  /** Starts of the comments whose tags have been read. */
  readonly readComments: Set<number>;
}

/** A declared name. What is known of it is worked out when first asked for; `running` finds cycles. */
export interface Declaration {
  readonly name: string;
  readonly node: DeclarationNode;
  readonly source: Source;
  readonly comment: Range | undefined;
  readonly parameters: readonly ts.TypeParameterDeclaration[];
  shape: Shape | undefined;
  isShaping: boolean;
  isResolving: boolean;
}

/** One use of a generic (or utility) type with certain arguments, by a key of both. */
export interface Instance {
  /** Undefined while it is being written out. */
  type: Type | undefined;
  /** Set when the instance refers to itself and so must be a model. */
  name: string | undefined;
}

/** All that the resolver knows of one gateway.yaml. */
export interface Table {
  readonly keys: TypeKeys;
  readonly declarations: Map<string, Declaration>;
  /** Finished models by name, in the order of the file; instances of recursive generics follow. */
  readonly models: Map<string, Model>;
  /** Names of models that were given resolved, as JSON Schema. */
  readonly given: ReadonlySet<string>;
  readonly instances: Map<string, Instance>;
  /** Checks that need all models, run when a text has been resolved. */
  readonly deferred: (() => void)[];
  readonly sizes: TypeSizes;
  /** Names whose circle has been reported. */
  readonly circular: Set<string>;
  readonly loadTypeScript: () => TypeScript;
  readonly checkPattern: typeof checkPattern;
  readonly budget: { instantiations: number; level: number; parts: number };
}

/** Type arguments in force, by parameter name. */
export interface Argument {
  readonly type: Type;
  readonly shape: () => Shape | undefined;
}

/** Where a node is resolved: in which text, with which type arguments. */
export interface Place {
  readonly table: Table;
  readonly source: Source;
  readonly args: ReadonlyMap<string, Argument>;
}
