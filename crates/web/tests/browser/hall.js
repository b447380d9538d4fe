// Starts the real service on a folder of its own, and a browser with an authenticator that nobody has to touch.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { browser, freePort, launch, target } from "./look.js";

const program = `${target}/debug/sanmon`;
const sample = fileURLToPath(new URL("../../../../sample", import.meta.url));

/** A running service. `said(pattern)` waits for something on its standard error; `stop` ends it and takes its folder away. */
export async function serve(...options) {
  return serveAt(await freePort(), ...options);
}

/** The same at a port that somebody was told before. */
export async function serveAt(port, ...options) {
  for (const needed of [program, browser]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: see tests/browser/README.md`);
  }
  const folder = mkdtempSync(join(tmpdir(), "sanmon-browser-"));
  const own = options.includes("--sample") ? [] : ["--data", join(folder, "data")];
  const child = spawn(program, ["serve", "--listen", `127.0.0.1:${port}`, ...own, ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let all = "";
  const waiting = new Set();
  child.stderr.on("data", (chunk) => {
    all += chunk;
    for (const look of waiting) look();
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    origin: `http://localhost:${port}`,
    folder,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = all.match(pattern);
          if (found) {
            waiting.delete(look);
            resolve(found);
          }
        };
        waiting.add(look);
        ended.then((code) => reject(new Error(`the service ended with ${code}: ${all}`)));
        look();
      }),
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

export { freePort, launch, sample };

/** A page of somebody with a passkey authenticator of their own. */
export async function person(chrome, options = {}) {
  const context = await chrome.newContext({ locale: "ja-JP", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

/** The code that an authenticator app shows for a secret in base 32 (RFC 6238), `steps` of 30 seconds from now. */
export function code(secret, steps = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of secret.replace(/\s/g, "")) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
