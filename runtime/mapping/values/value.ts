import type { Budget } from "../budget.js";
import type { JavaNumber } from "./numbers.js";

/**
 * A value of a template. JavaScript's objects never occur among them: whatever is not a primitive is one of our own
 * classes, and what a template can do with it is what our tables of methods list.
 */
export type Value = null | boolean | string | JavaNumber | JavaObject;

/** Whatever stands for an instance of a class of Java, numbers too: what JSON.parse gives is told from it by this alone. */
export abstract class JavaClass {
  /** Nothing else has it, for TypeScript. */
  declare protected readonly isJava: true;
}

/** Everything that is not a primitive. */
export abstract class JavaObject extends JavaClass {
  /** `toString()`; null where Java would give null, which prints as an undefined reference does. */
  abstract toText(budget: Budget, depth: number): string | null;

  /** Whether a condition takes it as true: Velocity 1.7 asks for its text, which may do something, and only null is false. */
  isTrue(): boolean {
    return true;
  }

  /** Value of a property (`$x.name`): getters first, then what a map holds. */
  property(_name: string): Value {
    return null;
  }

  /** Result of a getter that is called as a method (`isFirst()`); undefined where there is none. */
  getter(_method: string): Value | undefined {
    return undefined;
  }

  /** `$x[index]`: Java's `get(index)`. Undefined where the class has no such method. */
  at(_index: Value): Value | undefined {
    return undefined;
  }

  /** `#set($x.name = value)`; ignored where the class has no setter. */
  setProperty(_name: string, _value: Value, _budget: Budget): void {}

  /** `#set($x[index] = value)`. */
  setAt(_index: Value, _value: Value, _budget: Budget): void {}

  /** Items that `#foreach` goes over; undefined where it cannot. */
  iterate(): Iterable<Value> | undefined {
    return undefined;
  }

  /** `size()`, where there is one. */
  count(): number | undefined {
    return undefined;
  }
}

/** `char`, as `charAt` gives it: prints as text, equals no String. */
export class JavaChar extends JavaObject {
  constructor(readonly value: string) {
    super();
  }

  toText(): string {
    return this.value;
  }
}
