// Starts the server of the samples (examples/look.rs) and a browser, and ends both.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL("../../../../target", import.meta.url));
const server = `${target}/debug/examples/look`;
export const browser = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "localhost", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Resolves once the server has said its address. */
function address(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/localhost:\d+/);
      if (found) resolve(found[0]);
    });
    child.once("exit", (code) => reject(new Error(`the server of the samples ended with ${code}`)));
  });
}

/** A browser that asks nobody but us. */
export function launch() {
  return chromium.launch({
    executablePath: browser,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** The samples' server and a browser. `stop` ends both. */
export async function look() {
  for (const needed of [server, browser]) {
    if (!existsSync(needed)) throw new Error(`${needed} is missing: see tests/browser/README.md`);
  }
  const child = spawn(server, [String(await freePort())], { stdio: ["ignore", "pipe", "inherit"] });
  const origin = await address(child);
  const chrome = await launch();
  const samples = await (await fetch(`${origin}/look`)).json();
  return {
    origin,
    chrome,
    samples,
    async stop() {
      await chrome.close();
      child.removeAllListeners("exit");
      child.kill();
    },
  };
}
