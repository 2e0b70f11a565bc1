import type { Exchange } from "../http/exchange.js";
import type { AccessLogEntry } from "./access-log-entry.js";
import { type AccessLogLine, accessLogLine } from "./access-log-line.js";
import type { LineSink } from "./line-sink.js";
import type { Observer } from "./observer.js";

/** One line for each answered request of the stages that have an access log. */
export class AccessLog implements Observer {
  readonly #lines = new WeakMap<AccessLogEntry, AccessLogLine>();
  /** Of the last request, which is nearly always the next one's too. */
  #entry: AccessLogEntry | undefined = undefined;
  #line: AccessLogLine = () => "";

  constructor(readonly sink: LineSink) {}

  answered(x: Exchange): void {
    const entry = (x.stage as Exchange["stage"] | undefined)?.entry.accessLog;
    if (entry === undefined) return;
    if (entry !== this.#entry) this.#choose(entry);
    this.sink.write(this.#line(x));
  }

  #choose(entry: AccessLogEntry): void {
    let line = this.#lines.get(entry);
    if (line === undefined) {
      line = accessLogLine(entry);
      this.#lines.set(entry, line);
    }
    this.#entry = entry;
    this.#line = line;
  }

  close(): Promise<void> {
    return this.sink.close();
  }
}
