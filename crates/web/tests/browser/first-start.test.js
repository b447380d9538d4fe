// From the first start of an installation to its first administrator, who comes back with a passkey.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, person, sample, serve } from "./hall.js";

let service, chrome;
before(async () => {
  [service, chrome] = await Promise.all([serve("--city", sample), launch()]);
});
after(async () => {
  await chrome?.close();
  await service?.stop();
});

test("the link in the terminal leads the first administrator to a passkey, and opens once", async () => {
  const [, link] = await service.said(/(http:\/\/localhost:\d+\/first\/\S+)/);
  await service.said(/動いています/);
  const page = await person(chrome);
  await page.goto(link);
  await page.getByLabel("利用者ID").fill("kanri");
  await page.getByRole("button", { name: "進む" }).click();
  await page.waitForURL(`${service.origin}/account`);
  // Whoever has enrolled nothing yet sees nothing else.
  await page.goto(`${service.origin}/`);
  assert.equal(new URL(page.url()).pathname, "/account");
  await page.getByLabel("このパスキーの名前").fill("窓口の端末");
  await page.getByRole("button", { name: "パスキーを登録する" }).click();
  await page.getByRole("rowheader", { name: "窓口の端末" }).waitFor();
  await page.goto(`${service.origin}/`);
  assert.match(await page.locator("main h1").innerText(), /基本方針/);

  const other = await person(chrome);
  const reply = await other.goto(link);
  assert.equal(reply.status(), 410);

  await page.goto(`${service.origin}/account`);
  await page.getByRole("button", { name: "サインアウトする" }).click();
  await page.waitForURL(/sign-in/);
  await page.getByRole("button", { name: "パスキーでサインインする" }).click();
  await page.waitForURL(`${service.origin}/`);
  assert.match(await page.locator("main h1").innerText(), /基本方針/);
});
