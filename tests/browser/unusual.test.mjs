// Pages that are only seen when too much is asked of the portal.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";
import { firstOf } from "./support/visits.mjs";

let browser;

before(async () => {
  browser = await open();
});

after(async () => {
  await browser?.close();
  console.log(JSON.stringify(figures(), null, 1));
});

const member = "anna.beispiel@musterhausen.example";
const administrator = "verwaltung@betreiber.example";

for (const locale of ["de", "en"]) {
  test(`when too many sign in at once (${locale})`, async (each) => {
    const own = await start({ STAMMTISCH_PASSWORDS__ITERATIONS: "40" });
    each.after(() => own.stop());
    const late = await Person.at(browser, own, locale);
    await late.open("/sign-in");
    const form = new URLSearchParams({ email: "nobody@musterhausen.example", password: "falsch" });
    const headers = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    let isOver = false;
    const tryOn = async () => {
      while (!isOver) await fetch(`${own.url}/${locale}/sign-in`, { method: "POST", headers, body: form }).catch(() => null);
    };
    const storm = Array.from({ length: 12 }, tryOn);
    await late.type(late.t("label-email"), administrator);
    // Now and then somebody is let in; who that is, is chance.
    for (let tries = 0; tries < 20 && late.answer.status() !== 503; tries += 1) {
      await late.type(late.t("label-password"), "falsch");
      await late.press(late.t("sign-in-button"), late.page.locator("main"));
    }
    isOver = true;
    assert.equal(late.answer.status(), 503);
    await late.reads(late.t("problem-busy"));
    assert.equal(await late.page.locator("#email").inputValue(), administrator, "what was typed is still there");
    await Promise.all(storm);
    await late.leave();
  });

  test(`when somebody writes too much (${locale})`, async (each) => {
    const own = await start({ STAMMTISCH_LIMITS__ENABLED: "true", STAMMTISCH_LIMITS__MESSAGES_PER_HOUR: "1" });
    each.after(() => own.stop());
    const anna = await Person.at(browser, own, locale);
    await anna.signIn(member);
    await anna.open(await firstOf(anna, "/conversations"));
    for (const words of ["Guten Tag", "Noch etwas"]) {
      await anna.type(anna.t("message-body"), words);
      await anna.press(anna.t("message-send"));
    }
    assert.equal(anna.answer.status(), 429);
    await anna.reads(anna.t("problem-rate-limited"));
    assert.equal(await anna.page.locator("#body").inputValue(), "Noch etwas", "what was typed is still there");
    await anna.leave();
  });
}
