// What a run has to say: a line a figure, and whether all hold.

export class Verdict {
  #failed = 0;
  /** Of figures that depend on how busy the machine is: told, and no failure of a short run. */
  #isShort;

  constructor({ isShort }) {
    this.#isShort = isShort;
  }

  /** A count that is right or wrong on any machine. */
  exact(holds, text) {
    this.#print(holds, holds ? "ok  " : "FAIL", text);
  }

  /** A time or a rate. */
  timed(holds, text) {
    this.#print(holds || this.#isShort, holds ? "ok  " : this.#isShort ? "slow" : "FAIL", text);
  }

  note(text) {
    console.log(`     ${text}`);
  }

  get isGood() {
    return this.#failed === 0;
  }

  #print(isFine, word, text) {
    if (!isFine) this.#failed++;
    console.log(`${word} ${text}`);
  }
}

export function mega(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
