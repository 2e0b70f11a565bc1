/** Who takes the bytes of a request's body. */
export interface BodyTaker {
  /** False: no more until `resumeBody` is called. */
  take(bytes: Buffer): boolean;
  end(): void;
  /** The client has gone, or its body was malformed: no more will come. */
  cut(): void;
}
