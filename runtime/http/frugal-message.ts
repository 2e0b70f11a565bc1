import { IncomingMessage } from "node:http";

/** The two fields that Node's own server reads; an object of all fields costs a third of a microsecond a request. */
interface FrugalHeaders {
  host?: string;
  expect?: string;
}

/** Node's request without its header object: everything of ours reads `rawHeaders`, once. */
export class FrugalMessage extends IncomingMessage {}

Object.defineProperty(FrugalMessage.prototype, "headers", {
  configurable: true,
  get(this: IncomingMessage): FrugalHeaders {
    const { rawHeaders } = this;
    const found: FrugalHeaders = {};
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] as string;
      if (name.length === 6 && name.toLowerCase() === "expect") found.expect = rawHeaders[at + 1] as string;
      else if (name.length === 4 && name.toLowerCase() === "host") found.host = rawHeaders[at + 1] as string;
    }
    return found;
  },
});
