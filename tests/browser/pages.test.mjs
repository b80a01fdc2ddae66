// Every page in every state that can be asked for by its address, in both languages, looked at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

let browser, portal;

before(async () => {
  [browser, portal] = await Promise.all([open(), start()]);
});

after(async () => {
  await browser?.close();
  await portal?.stop();
  console.log(JSON.stringify(figures(), null, 1));
});

const forVisitors = [
  "", "/sign-in", "/register", "/register/sent", "/forgot-password", "/forgot-password/sent", "/receipt", "/delete-account",
  "/privacy", "/terms", "/imprint", "/accessibility", "/demo/mails", "/confirm", "/no-such-page",
];

for (const locale of ["de", "en"]) {
  test(`what visitors see (${locale})`, async (each) => {
    const visitor = await Person.at(browser, portal, locale);
    for (const path of forVisitors) await each.test(path, () => visitor.open(path));
    await visitor.leave();
  });
}
