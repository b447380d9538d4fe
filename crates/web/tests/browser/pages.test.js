// Every sample of every page, in both languages, on a desk and on a phone: nothing that axe objects to (WCAG 2.2 A and AA, and its best
// practices), nothing that the security policy had to stop, nothing wider than the screen, nothing asked of another host.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { look } from "./look.js";

let site;
before(async () => {
  site = await look();
});
after(() => site?.stop());

// What axe looks at does not depend on the width but for the menu, which the flows open; on a phone the width itself is asked about.
const screens = [
  { name: "desk", axe: true, viewport: { width: 1280, height: 900 } },
  { name: "phone", axe: false, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

/** Pages that are looked at side by side: one a core. */
const ABREAST = 2;

// Colours are the same in both languages, and what axe takes longest for.
const sameInAll = { "color-contrast": { enabled: false } };

/** What is wrong with one page. */
async function faults(page, sample, lang, axe) {
  const found = [];
  const hear = (what) => found.push(what);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && hear(message.text()));
  page.on("pageerror", (error) => hear(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(site.origin) && !request.url().startsWith("data:")) hear(`asks ${request.url()}`);
  });
  await page.goto(`${site.origin}/look/${sample}?lang=${lang}`);
  const width = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  if (width[0] > width[1]) hear(`is ${width[0]} wide on a screen of ${width[1]}`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  if (!axe) return found;
  // No page has frames, so that axe need not put parts together in a page of its own.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"], rules: lang === "ja" ? {} : sameInAll }).analyze();
  for (const { id, nodes } of violations) hear(`${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" ┃ ")}`);
  return found;
}

for (const screen of screens) {
  for (const lang of ["ja", "en"]) {
    test(`every page on a ${screen.name} in ${lang}`, async () => {
      const context = await site.chrome.newContext({ viewport: screen.viewport, hasTouch: screen.hasTouch, isMobile: screen.isMobile });
      const all = [];
      const left = [...site.samples];
      const look = async () => {
        const page = await context.newPage();
        for (let sample = left.shift(); sample; sample = left.shift()) {
          for (const fault of await faults(page, sample, lang, screen.axe)) all.push(`${sample}: ${fault}`);
          for (const event of ["console", "pageerror", "request"]) await page.removeAllListeners(event);
        }
        await page.close();
      };
      await Promise.all(Array.from({ length: ABREAST }, look));
      await context.close();
      assert.deepEqual(all, []);
    });
  }
}

test("every page is there without the script", async () => {
  const context = await site.chrome.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const sample of site.samples) {
    await page.goto(`${site.origin}/look/${sample}`);
    assert.ok((await page.locator("main h1").innerText()).length > 0, sample);
  }
  await context.close();
});

test("the keyboard reaches the content first, then every link of a folded part", async () => {
  const page = await site.chrome.newPage();
  await page.goto(`${site.origin}/`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const summary = page.locator(".clause summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => document.activeElement.closest("details") !== null);
  assert.ok(inside);
  await page.close();
});
