import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { freePort } from "./redis.js";

export interface Balancer {
  readonly url: string;
  stop(): Promise<void>;
}

export const hasHaproxy = () => isThere("haproxy", ["-v"]);
export const hasNginxBalancer = () => isThere("nginx", ["-v"]);

/** CI must have it. */
function isThere(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    if (process.env["CI"]) throw new Error(`${program} is missing: .ci/run installs it`);
    return false;
  }
}

/** A real balancer on a free port in front of some gateways, `host:port` each, by turns. */
export async function startBalancer(kind: "nginx" | "haproxy", backends: readonly string[]): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), `gateway-${kind}-`));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "temp"));
  const port = await freePort();
  const config = join(folder, "config");
  writeFileSync(config, kind === "nginx" ? nginxConfig(port, folder, backends) : haproxyConfig(port, backends));
  const args = kind === "nginx" ? ["-p", folder, "-c", config, "-e", join(folder, "error.log")] : ["-f", config, "-db"];
  const child = spawn(kind, args, { stdio: "ignore" });
  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries > 200) throw new Error(`${kind} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        child.kill("SIGTERM");
      }),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

function nginxConfig(port: number, folder: string, backends: readonly string[]): string {
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http {
  access_log off;
  ${temp.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join(" ")}
  upstream gateways { ${backends.map((backend) => `server ${backend};`).join(" ")} keepalive 32; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://gateways; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; }
  }
}
`;
}

function haproxyConfig(port: number, backends: readonly string[]): string {
  return `defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
frontend front
  bind 127.0.0.1:${port}
  default_backend gateways
backend gateways
  balance roundrobin
${backends.map((backend, at) => `  server node${at} ${backend}`).join("\n")}
`;
}
