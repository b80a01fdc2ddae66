// An authenticator app as people use it: set up, asked for at the sign-in, a recovery code instead, and removed.

import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person, tellings } from "./support/person.mjs";
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

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an app shows for a secret in base 32 (RFC 6238), `later` steps from now. */
function code(secret, later) {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const hash = createHmac("sha1", key).update(step).digest();
  const at = hash[19] & 0xf;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const members = ["dagmar.koehler@musterhausen.example", "bernd.hansen@musterhausen.example", "hanna.vogt@beispieltal.example"];

for (const [index, [locale, way]] of tellings.entries()) {
  const email = members[index];

  test(`an app and recovery codes (${locale}, ${way})`, async () => {
    const person = await Person.at(browser, portal, locale, way);
    const t = (key, values) => person.t(key, values);
    const main = person.page.locator("main");
    await person.signIn(email);
    await person.open("/account");
    await person.follow(t("account-to-second-factor"));
    await person.reads(t("second-factor-app-none"));
    await person.press(t("totp-begin"), main);
    const secret = (await main.locator("code").innerText()).replaceAll(" ", "");
    await person.type(t("label-first-code"), "000000");
    await person.press(t("totp-confirm"));
    await person.reads(t("field-code-wrong"));
    await person.type(t("label-first-code"), code(secret, 0));
    await person.press(t("totp-confirm"));
    await person.reads(t("recovery-codes-once"));
    const recovery = await main.locator("ol code").allInnerTexts();
    await person.follow(t("recovery-codes-done"));
    await person.reads(t("recovery-codes-make"));

    await person.press(t("layout-sign-out"));
    await person.signIn(email);
    await person.reads(t("second-step-intro"));
    await person.type(t("label-code"), "000000", main);
    await person.press(t("second-step-button"), main);
    await person.reads(t("field-code-wrong"));
    // That of now is used up; the next one is good already, and still is when the step ends meanwhile.
    await person.type(t("label-code"), code(secret, 1), main);
    await person.press(t("second-step-button"), main);
    await person.follow(t("menu-account"));
    await person.press(t("layout-sign-out"));

    await person.signIn(email);
    await person.type(t("label-code"), recovery[0], main);
    await person.press(t("second-step-button"), main);
    await person.open("/account/second-factor");
    await person.press(t("totp-remove"), main);
    await person.reads(t("done-totp-removed"));
    await person.press(t("layout-sign-out"));
    await person.signIn(email);
    await person.follow(t("menu-account"));
    await person.leave();
  });
}
