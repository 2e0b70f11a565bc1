import type { Budget } from "../budget.js";

/** What a rendering has written so far: kept when `#break` leaves the middle of a block. */
export class Output {
  text = "";

  constructor(readonly budget: Budget) {}

  write(text: string): void {
    this.text += text;
  }

  /** Called once an iteration, call or block: between two of these only the template's own text can be added. */
  check(): void {
    this.budget.step();
    if (this.text.length > this.budget.limits.textLength) this.budget.length(this.text.length);
  }
}
