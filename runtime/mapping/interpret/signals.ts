/** Thrown by `#break` and `#stop`; caught by what they leave. */
export class StopSignal {
  constructor(
    /** `nearest`: the loop, macro or block around it. `all`: the whole template. Else: that loop. */
    readonly leaves: "nearest" | "all" | object,
  ) {}
}

/** Whether a thrown thing asks to leave a construct. */
export function leavesHere(thrown: unknown, here: object | undefined): boolean {
  return (
    thrown instanceof StopSignal && (thrown.leaves === "nearest" || (here !== undefined && thrown.leaves === here))
  );
}
