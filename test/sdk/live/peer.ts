import { Buffer } from "node:buffer";
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { type WebSocket, WebSocketServer } from "ws";

/** A WebSocket server, and a Cognito user pool, that say and do what clients of every language are tried against. */
export interface Peer {
  /** `ws://127.0.0.1:port/dev` */
  readonly url: string;
  stop(): Promise<void>;
}

interface Message {
  readonly action?: string;
  readonly $id?: string;
  readonly room?: string;
  readonly text?: string;
  readonly n?: number;
}

/** Bytes that no server may send, and the code that a client closes with (RFC 6455, 7.4.1). */
const malformed: Readonly<Record<string, readonly number[]>> = {
  "raw:masked": [0x81, 0x81, 1, 2, 3, 4, 5],
  "raw:reserved": [0xc1, 0x01, 0x61],
  "raw:utf8": [0x81, 0x02, 0xc3, 0x28],
  "raw:control": [0x09, 0x00],
  "raw:continuation": [0x80, 0x01, 0x61],
  "raw:opcode": [0x83, 0x01, 0x61],
};

export async function startPeer(): Promise<Peer> {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  const state = { log: [] as string[], closes: new Map<string, number>(), events: new EventEmitter() };
  const seen = new Map<string, number>();
  const flows: string[] = [];
  http.on("request", (request, response) => void signIn(request, response, flows));
  http.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const token = new URL(request.url ?? "", "http://peer").searchParams.get("token") ?? "";
    if (token === "bad") {
      stream.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const time = (seen.get(token) ?? 0) + 1;
    seen.set(token, time);
    // Whoever comes again waits, so that there is time to say something without a connection.
    const pause = token === "main" && time > 1 ? 500 : 0;
    setTimeout(() => {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        state.events.emit("connected", token, time);
        if (time === 1) greet(socket, request);
        serve(socket, token, time);
      });
    }, pause);
  });

  function greet(socket: WebSocket, { url = "", headers }: IncomingMessage): void {
    const query = new URL(url, "http://peer").searchParams;
    const parts = [query.get("token"), query.get("a b"), headers["x-who"], headers["x-extra"], headers["x-api-key"]];
    push(socket, "Moved", { id: [...parts, headers["sec-websocket-protocol"]].join(" "), at: 1 });
  }

  function serve(socket: WebSocket, token: string, time: number): void {
    socket.on("message", (data, isBinary) => {
      const message = JSON.parse(String(data)) as Message;
      if (isBinary || message.action === undefined) throw new Error(`unexpected message: ${String(data)}`);
      if (message.action === "constant") socket.send(JSON.stringify({ n: message.n }));
      if (message.action === "join") void join(socket, message, token, time);
      if (message.action === "say") say(socket, message.text ?? "");
    });
    socket.on("close", (code) => {
      state.closes.set(token, code);
      state.events.emit("closed");
    });
    socket.on("error", () => undefined);
  }

  async function join(socket: WebSocket, { room = "", $id }: Message, token: string, time: number): Promise<void> {
    if (room === "silent") return;
    if (room === "refused") {
      socket.send('{"message": "Internal server error", "connectionId":"c1", "requestId":"r1"}');
      return;
    }
    // The reply comes when another connection of the same client has taken over.
    if (room === "slow") while ((seen.get(token) ?? 0) <= time) await once(state.events, "connected");
    let joined = room;
    if (room === "log") joined = state.log.join(",");
    if (room.startsWith("close of ")) {
      const whose = room.slice("close of ".length);
      while (!state.closes.has(whose)) await once(state.events, "closed");
      joined = String(state.closes.get(whose));
    }
    socket.send(JSON.stringify({ $id, reply: { joined } }));
  }

  function say(socket: WebSocket, text: string): void {
    const [command = "", argument = ""] = text.split(":");
    const stream = (socket as unknown as { readonly _socket: Duplex })._socket;
    state.log.push(text.length > 100 ? `${text.length} characters` : text);
    if (text.length > 100) push(socket, "Moved", { id: "length", at: text.length });
    else if (command === "push") push(socket, "Moved", { id: argument, at: 2 });
    else if (command === "wrong") push(socket, "Moved", { id: argument, at: "no number" });
    else if (command === "later") push(socket, "Later", { new: true });
    else if (command === "stray") socket.send("no JSON");
    else if (command === "close") socket.close(Number(argument), "bye");
    else if (command === "mute") stream.pause();
    else if (command === "raw") stream.write(Buffer.from(malformed[text] ?? []));
    else if (command === "pieces") {
      const whole = Buffer.from(JSON.stringify({ event: "Moved", data: { id: "ü🙂", at: 3 } }));
      // In the middle of a character, with a ping in between.
      const cut = whole.indexOf("ü") + 1;
      socket.send(whole.subarray(0, cut), { binary: false, fin: false });
      socket.ping("in between");
      socket.send(whole.subarray(cut), { binary: false, fin: true });
    }
  }

  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/dev`,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
}

/** A Cognito user pool whose refresh token is good once: `{ AuthFlow }` → tokens; GET yields the flows that were asked for. */
async function signIn(request: IncomingMessage, response: ServerResponse, flows: string[]): Promise<void> {
  if (request.method === "GET") {
    response.end(flows.splice(0).join(" "));
    return;
  }
  const { AuthFlow: flow, AuthParameters: given } = JSON.parse(await text(request)) as {
    readonly AuthFlow: string;
    readonly AuthParameters: Readonly<Record<string, string>>;
  };
  flows.push(flow);
  const isRefused = given["PASSWORD"] === "wrong" || flows.filter((other) => other === "REFRESH_TOKEN_AUTH").length > 1;
  if (isRefused && (flow === "REFRESH_TOKEN_AUTH" || given["PASSWORD"] === "wrong")) {
    response.writeHead(400).end('{ "__type": "NotAuthorizedException", "message": "Incorrect username or password." }');
    return;
  }
  const name = `token${flows.length}`;
  const tokens = { IdToken: name, AccessToken: `${name}-access`, ExpiresIn: 3600, RefreshToken: "r" };
  response.end(JSON.stringify({ AuthenticationResult: tokens }));
}

function push(socket: WebSocket, event: string, data: object): void {
  socket.send(JSON.stringify({ event, data }));
}
