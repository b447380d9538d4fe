// A town from nothing: the first start, the town in one file, people who are invited, an asset with a fault, an exception that is asked for
// and decided, what becomes of the clause, and a proof that an outsider accepts. Then the same by keyboard alone, and without the script.
//
// The parts follow each other: each goes on with the town as the one before left it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { packed } from "./archive.js";
import { code, launch, person, serve } from "./hall.js";
import { target } from "./look.js";

const town = fileURLToPath(new URL("../city", import.meta.url));
const outsider = `${target}/outsiders/verify`;
const password = "春の山道に雨が静かに降りつづく朝";
/** The duty that the town breaks, and the clause that it belongs to. */
const [duty, clause] = ["publication.adopted", "6"];

let service, chrome;
const people = new Map();
const seen = new Set();

before(async () => {
  if (!existsSync(outsider)) throw new Error(`${outsider} is missing: run crates/ledger/tests/outsiders/install`);
  [service, chrome] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await chrome?.close();
  await service?.stop();
});

/** What axe finds on a page as it is, once for each address and language. */
async function inspected(page) {
  for (const lang of ["ja", "en"]) {
    const shown = new URL(page.url());
    const name = `${lang} ${shown.pathname.replace(/[0-9a-f]{32,}|\d{2,}/g, "*")} ${await page.title()}`;
    if (seen.has(name)) continue;
    seen.add(name);
    if ((await page.locator("html").getAttribute("lang")) !== lang) continue;
    const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" ┃ ")}`);
    assert.deepEqual(told, [], name);
  }
}

/** Goes to a page in both languages, and stays in Japanese. */
async function open(page, path) {
  const there = new URL(path, service.origin);
  for (const lang of ["en", "ja"]) {
    there.searchParams.set("lang", lang);
    await page.goto(there.href);
    await inspected(page);
  }
}

async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Somebody follows the link that the administrator was shown, and enrols a password and an authenticator app. */
async function enrolled(link, name) {
  const page = await person(chrome);
  await page.goto(link);
  await inspected(page);
  await press(page, "進む");
  await page.waitForURL(`${service.origin}/account`);
  await page.getByLabel("新しいパスワード").fill(password);
  await page.getByLabel("もう一度").fill(password);
  await press(page, "パスワードを設定する");
  await page.getByText("設定してあります。").waitFor();
  await page.getByRole("link", { name: "認証アプリを登録する" }).click();
  await inspected(page);
  const secret = (await page.locator("section code").innerText()).trim();
  await page.getByLabel("認証アプリの6桁の数字").fill(code(secret));
  await press(page, "認証アプリを登録する");
  people.set(name, { page, secret, used: step() });
  await page.getByRole("button", { name: /サインインし直す|サインアウトする/ }).click();
  await page.waitForURL(/sign-in/);
  await signedIn(name);
  return page;
}

/** Somebody signs in with password and code, on their own page or on another. */
async function signedIn(name, page = people.get(name).page) {
  const who = people.get(name);
  await page.goto(`${service.origin}/sign-in`);
  await page.getByLabel("利用者ID").fill(name);
  await page.getByLabel("パスワード").fill(password);
  await press(page, "サインインする");
  // A code is good once; the one after this minute's half is taken a little early.
  who.used = Math.max(step(), who.used + 1);
  while (step() + 1 < who.used) await page.waitForTimeout(500);
  await page.getByLabel("認証アプリの6桁の数字").fill(code(who.secret, who.used - step()));
  await press(page, "確かめる");
  await page.waitForURL((there) => !there.pathname.startsWith("/sign-in"));
  return page;
}

/** The half minute that it is. */
function step() {
  return Math.floor(Date.now() / 30_000);
}

async function invited(name) {
  const { page } = people.get("kanri");
  await open(page, `/people/${name}`);
  await press(page, "招待のリンクを作る");
  await inspected(page);
  return page.locator(".once code").innerText();
}

test("the first administrator enrols a passkey and loads the town from one file", async () => {
  const [, link] = await service.said(/(http:\/\/localhost:\d+\/first\/\S+)/);
  await service.said(/動いています/);
  const page = await person(chrome);
  await open(page, "/start");
  await page.goto(link);
  await inspected(page);
  await page.getByLabel("利用者ID").fill("kanri");
  await press(page, "進む");
  await page.getByLabel("このパスキーの名前").fill("執務室の端末");
  await inspected(page);
  await press(page, "パスキーを登録する");
  await page.getByRole("rowheader", { name: "執務室の端末" }).waitFor();
  people.set("kanri", { page });

  await page.goto(`${service.origin}/`);
  assert.equal(new URL(page.url()).pathname, "/start");
  await page.getByRole("main").getByRole("link", { name: "団体のフォルダを読み込む" }).click();
  await inspected(page);
  const archive = packed(town);
  const broken = Buffer.concat([archive.subarray(0, archive.length >> 1)]);
  await page.getByLabel(/団体のフォルダを圧縮したファイル/).setInputFiles({ name: "town.zip", mimeType: "application/zip", buffer: broken });
  await press(page, "読み込む前に確かめる");
  await page.getByRole("heading", { name: "直すところ" }).waitFor();
  await inspected(page);
  await page.getByLabel(/団体のフォルダを圧縮したファイル/).setInputFiles({ name: "town.zip", mimeType: "application/zip", buffer: archive });
  await press(page, "読み込む前に確かめる");
  await page.getByText("直すところはありません。").waitFor();
  await inspected(page);
  await press(page, "この内容で読み込む");
  await page.waitForURL(`${service.origin}/`);
  await inspected(page);
  assert.match(await page.locator("main h1").innerText(), /小見本町/);
});

test("people are invited and enrol a password and an authenticator app", async () => {
  // The manager of a section, those who decide in turn, an auditor.
  for (const name of ["P05", "P04", "P03", "P01", "P09"]) await enrolled(await invited(name), name);
});

test("the manager adds an asset, is told what is wrong beside each field, and corrects it", async () => {
  const { page } = people.get("P05");
  await open(page, "/registers/asset/new");
  await page.locator("#code").fill("AS-2");
  await press(page, "保存する");
  await page.waitForSelector(".faults");
  await inspected(page);
  // The summary has the focus, and each of its links leads to its field.
  assert.ok(await page.evaluate(() => document.activeElement.closest(".faults") !== null || document.activeElement.querySelector(".faults") !== null));
  for (const field of ["name", "kind", "section"]) {
    assert.equal(await page.locator(`.faults a[href="#${field}"]`).count(), 1, field);
    assert.equal(await page.locator(`#${field}`).getAttribute("aria-invalid"), "true", field);
    assert.match(await page.locator(`#${field}`).getAttribute("aria-describedby"), new RegExp(`${field}-fault`));
  }
  await page.locator('.faults a[href="#name"]').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "name");
  await page.locator("#name").fill("職員名簿");
  await page.locator("#kind").selectOption("information");
  await page.locator("#section").selectOption("S1");
  await page.locator("#confirmed_on").fill("2026-11-02");
  await press(page, "保存する");
  await page.waitForURL(`${service.origin}/registers/asset/AS-2`);
  assert.match(await page.locator("main").innerText(), /令和8年11月2日/);
  await open(page, "/registers/asset");
  await open(page, "/registers/asset/AS-2");
  await open(page, "/registers/asset/AS-2/history");
});

/** Somebody decides a request with the page's buttons. */
async function approves(name, request) {
  const { page } = people.get(name);
  await open(page, "/work");
  assert.equal(await page.locator(`main a[href="${request}"]`).count() > 0, true, `${request} waits for ${name}`);
  await open(page, request);
  await page.getByLabel("意見", { exact: true }).fill("代わりの措置を確かめた。");
  await press(page, "承認する");
  await page.waitForURL(`${service.origin}${request}`);
}

/** How the clause stands, on the page of the policy. */
function stands(page) {
  return page.locator(`nav.contents a[href="#c-${clause}"]`).textContent();
}

let request, leaf;
test("an exception is asked for and approved in turn, and the clause stands otherwise", async () => {
  const { page } = people.get("P05");
  await open(page, "/");
  assert.match(await stands(page), /破れている/);
  await open(page, `/duties/${duty}`);
  assert.match(await page.locator("main").innerText(), /破れている/);
  await open(page, "/requests");
  await open(page, `/requests/new?kind=exception&duty=${duty}`);
  await press(page, "提出する");
  await page.waitForSelector(".faults");
  await inspected(page);
  await page.locator("#title").fill("機関の策定");
  await page.locator("#reason").fill("策定の手続を進めているため。");
  await page.locator("#measures").fill("町長部局の方針を守ることを申し合わせる。");
  await page.locator("#expires_on").fill(soon());
  await press(page, "提出する");
  await page.waitForURL(/requests\/(?!new)/);
  request = new URL(page.url()).pathname;
  await open(page, request);
  assert.equal(await page.getByRole("button", { name: "承認する" }).count(), 0);
  for (const name of ["P04", "P03", "P01"]) await approves(name, request);
  await open(page, request);
  await open(page, `${request}/print`);
  await open(page, `/duties/${duty}`);
  assert.match(await page.locator("main").innerText(), /例外中/);
  await open(page, "/");
  assert.match(await stands(page), /未証明/);
  await open(page, `/clauses/${clause}`);
  await page.goto(`${service.origin}${request}`);
  await page.getByRole("link", { name: "この申請の最新の証跡" }).click();
  leaf = new URL(page.url()).pathname;
  assert.match(leaf, /^\/ledger\/\d+$/);
});

/** A file that a page gives, with its name. */
async function taken(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  const path = join(service.folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

function verify(...files) {
  return execFileSync(outsider, files, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

test("the auditor takes a proof, and an outsider accepts it until one byte is another", async () => {
  const { page } = people.get("P09");
  // What was just done is signed a moment later.
  for (;;) {
    await page.goto(`${service.origin}${leaf}`);
    if ((await page.getByRole("link", { name: "証明(.tlog-proof)を受け取る" }).count()) > 0) break;
    await page.waitForTimeout(200);
  }
  await open(page, leaf);
  const proof = await taken(page, "証明(.tlog-proof)を受け取る");
  const entry = await taken(page, "証跡の記録をそのまま受け取る");
  const keys = await taken(page, "公開鍵を受け取る");
  const key = join(service.folder, "log.vkey");
  writeFileSync(key, readFileSync(keys, "utf8").split("\n")[0]);
  assert.match(verify(key, proof, entry), /verified/);
  // In the proof a hash on the way to the root: not all of its signatures are by the key that the outsider has.
  const hash = readFileSync(proof, "latin1").split("\n", 2).join("\n").length + 4;
  for (const [file, place] of [[proof, hash], [entry, readFileSync(entry).length >> 1]]) {
    const bytes = readFileSync(file);
    const wrong = Buffer.from(bytes);
    wrong[place] ^= 1;
    writeFileSync(file, wrong);
    assert.throws(() => verify(key, proof, entry), /REFUSED/);
    writeFileSync(file, bytes);
  }
  assert.match(verify(key, proof, entry), /verified/);
  await open(page, "/ledger");
  await open(page, "/search?q=職員名簿");
});

/** Presses Tab until something is reached. On the way the focus is to be seen, and goes as the page reads. */
async function reach(page, selector) {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate((selector) => {
      const here = document.activeElement;
      const style = getComputedStyle(here.closest("label") ?? here);
      const own = getComputedStyle(here);
      const { width, height } = here.getBoundingClientRect();
      const before = window.focusedBefore;
      window.focusedBefore = here;
      return {
        html: here.outerHTML.slice(0, 160),
        is: here.matches(selector),
        isSeen: width > 0 && height > 0 && own.visibility === "visible",
        isMarked: [style, own].some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
        isAfter: !before || here === before || (before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
      };
    }, selector);
    assert.ok(at.isSeen && at.isMarked && at.isAfter, JSON.stringify(at));
    if (at.is) return;
  }
  assert.fail(`Tab does not reach ${selector} on ${page.url()}`);
}

async function typed(page, selector, text) {
  await reach(page, selector);
  await page.keyboard.type(text);
}

/** Presses Enter and waits for what comes of it. */
async function entered(page, there) {
  await Promise.all([page.waitForURL(there), page.keyboard.press("Enter")]);
}

/** In two months, as it is written in a form. */
const soon = () => new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

test("by keyboard alone: a row is added and corrected, a request made and decided, a proof taken", async () => {
  const { page } = people.get("P05");
  await page.goto(`${service.origin}/registers/asset`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await reach(page, 'a[href="/registers/asset/new"]');
  await entered(page, /asset\/new$/);
  await typed(page, "#code", "AS-3");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".faults");
  await reach(page, '.faults a[href="#name"]');
  await page.keyboard.press("Enter");
  await page.keyboard.type("鍵の台帳");
  await page.evaluate(() => delete window.focusedBefore);
  for (const select of ["#kind", "#section"]) {
    await reach(page, select);
    await page.keyboard.press("ArrowDown");
  }
  await reach(page, "form[data-keep] .acts button");
  await entered(page, /asset\/AS-3$/);

  await page.goto(`${service.origin}/requests/new?kind=exception&duty=scope.organs.head`);
  await typed(page, "#title", "長の定め");
  await typed(page, "#reason", "選任を待つため。");
  await typed(page, "#measures", "副町長が代わる。");
  await reach(page, "#expires_on");
  // The control of a date takes year, month and day one after the other.
  const isDate = (await page.locator("#expires_on").getAttribute("type")) === "date";
  await page.keyboard.type(isDate ? soon().replaceAll("-", "") : soon());
  await reach(page, 'button[value="submit"]');
  await entered(page, /requests\/(?!new)/);
  const made = new URL(page.url()).pathname;

  const decider = people.get("P04").page;
  await decider.goto(`${service.origin}/work`);
  await reach(decider, `main a[href="${made}"]`);
  await entered(decider, new RegExp(`${made}$`));
  await typed(decider, "#comment", "確かめた。");
  await reach(decider, 'button[value="approve"]');
  await decider.keyboard.press("Enter");
  await decider.getByText("決裁する", { exact: true }).waitFor({ state: "detached" });
  assert.match(await decider.locator(".log").innerText(), /確かめた。/);

  const auditor = people.get("P09").page;
  await auditor.goto(`${service.origin}${leaf}`);
  await reach(auditor, 'a[href$="/proof"]');
  const [download] = await Promise.all([auditor.waitForEvent("download"), auditor.keyboard.press("Enter")]);
  assert.match(download.suggestedFilename(), /\.tlog-proof$/);
});

test("without the script: signing in by password and code, a row, a request, its approval", async () => {
  const still = { javaScriptEnabled: false };
  const page = await signedIn("P05", await person(chrome, still));
  await page.goto(`${service.origin}/registers/asset/new`);
  await page.locator("#code").fill("AS-4");
  await press(page, "保存する");
  await page.locator(".faults").waitFor();
  await page.locator("#name").fill("備品の台帳");
  await page.locator("#kind").selectOption("information");
  await page.locator("#section").selectOption("S1");
  await press(page, "保存する");
  await page.waitForURL(/asset\/AS-4$/);

  await page.goto(`${service.origin}/requests/new?kind=exception&duty=scope.assets.sections`);
  await page.locator("#title").fill("課の資産");
  await page.locator("#reason").fill("棚卸しの途中のため。");
  await page.locator("#measures").fill("月末に数える。");
  await page.locator("#expires_on").fill(soon());
  await press(page, "提出する");
  await page.waitForURL(/requests\/(?!new)/);
  const made = page.url();

  const decider = await signedIn("P04", await person(chrome, still));
  await decider.goto(`${service.origin}/work`);
  await decider.locator(`main a[href="${new URL(made).pathname}"]`).first().click();
  await decider.locator("#comment").fill("確かめた。");
  await press(decider, "承認する");
  await decider.waitForURL(made);
  assert.equal(await decider.getByRole("button", { name: "承認する" }).count(), 0);
  assert.match(await decider.locator(".log").innerText(), /確かめた。/);
});
