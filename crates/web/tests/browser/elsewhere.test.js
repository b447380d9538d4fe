// Away to an identity provider and back, in a real browser: its cookies, redirects and content security policy.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, launch, person, sample, serveAt } from "./hall.js";

const script = fileURLToPath(new URL("../../../access/tests/peers/oidc/provider.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sanmon-provider-"));
let service, provider, chrome;

before(async () => {
  const [port, issuer] = [await freePort(), await freePort()];
  const origin = `http://localhost:${port}`;
  provider = spawn(process.execPath, [script, String(issuer), `${origin}/sign-in/provider/prefecture/callback`]);
  const [said] = await Promise.race([once(provider.stdout, "data"), once(provider, "exit")]);
  assert.match(String(said), /listening/, "the provider is missing: run crates/access/tests/peers/install");
  writeFileSync(join(folder, "secret"), "a secret of the test\n");
  const configuration = `
    server.url = "${origin}"
    [[sign_in.provider]]
    name = "prefecture"
    label = "県の認証基盤"
    issuer = "http://localhost:${issuer}"
    client_id = "sanmon"
    client_secret_file = "${join(folder, "secret")}"
    claim = "employee_number"
    two_factors = ["mfa"]`;
  writeFileSync(join(folder, "sanmon.toml"), configuration);
  [service, chrome] = await Promise.all([
    serveAt(port, "--config", join(folder, "sanmon.toml"), "--city", sample),
    launch(),
  ]);
  await service.said(/動いています/);
});

after(async () => {
  await chrome?.close();
  await service?.stop();
  provider?.kill();
  rmSync(folder, { recursive: true });
});

test("a button leads to the provider, and its word leads on to where somebody wanted to go", async () => {
  const page = await person(chrome);
  await page.goto(`${service.origin}/work`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.getByRole("link", { name: "県の認証基盤でサインインする" }).click();
  await page.getByLabel("利用者ID").fill("kacho");
  await page.getByLabel("パスワード").fill("昼の鐘");
  await page.getByLabel("コード").fill("654321");
  await page.getByRole("button", { name: "サインイン" }).click();
  await page.waitForURL(`${service.origin}/work`);

  // An act of grave consequence asks again, and the provider has to ask anew.
  await page.goto(`${service.origin}/sign-in/again?next=%2Faccount`);
  await page.getByRole("link", { name: "県の認証基盤でサインインする" }).click();
  await page.getByLabel("利用者ID").fill("kacho");
  await page.getByLabel("パスワード").fill("昼の鐘");
  await page.getByLabel("コード").fill("654321");
  await page.getByRole("button", { name: "サインイン" }).click();
  await page.waitForURL(`${service.origin}/account`);

  await page.goto(`${service.origin}/sign-in/again?next=%2Faccount`);
  await page.getByRole("link", { name: "県の認証基盤でサインインする" }).click();
  await page.getByLabel("利用者ID").fill("hanako");
  await page.getByLabel("パスワード").fill("朝の市場");
  await page.getByRole("button", { name: "サインイン" }).click();
  await page.getByRole("heading", { name: "県の認証基盤でサインインできませんでした" }).waitFor();
  await page.getByRole("link", { name: "ほかの方法でサインインする" }).click();
  assert.equal(new URL(page.url()).pathname, "/sign-in/again");
});
