/** From this size on a piece is kept as it came. */
const largeBytes = 4096;
const blockBytes = 16_384;
const noBytes = Buffer.alloc(0);

/**
 * Bytes of a body in the order they came. Small pieces are copied together: a client decides how large its chunks are,
 * and each one byte long would cost a hundred.
 */
export class Pieces {
  #pieces: Buffer[] = [];
  /** Small pieces go here; what is before `#from` is among the pieces already. */
  #block: Buffer = noBytes;
  #from = 0;
  #to = 0;

  add(bytes: Buffer): void {
    // A body that comes at once, as most do, is not copied.
    if (bytes.length >= largeBytes || (this.#pieces.length === 0 && this.#to === 0)) {
      this.#closeBlock();
      this.#pieces.push(bytes);
      return;
    }
    if (this.#to + bytes.length > this.#block.length) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(blockBytes);
      this.#from = 0;
      this.#to = 0;
    }
    this.#block.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** All of them; none is left. */
  take(): readonly Buffer[] {
    this.#closeBlock();
    const pieces = this.#pieces;
    this.clear();
    return pieces;
  }

  clear(): void {
    this.#pieces = [];
    this.#block = noBytes;
    this.#from = 0;
    this.#to = 0;
  }

  #closeBlock(): void {
    if (this.#to > this.#from) this.#pieces.push(this.#block.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }
}
