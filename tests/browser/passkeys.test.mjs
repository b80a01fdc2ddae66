// Passkeys in a browser that has a device for them: set up, signed in with, removed; and what is seen without scripts.

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

/** A device that checks its person at once, as Chromium makes one for tests. */
async function device(person) {
  const session = await person.context.newCDPSession(person.page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    passkeys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
  };
}

const members = {
  de: ["anna.beispiel@musterhausen.example", "Anna Beispiel"],
  en: ["bernd.hansen@musterhausen.example", "Bernd Hansen"],
};

for (const locale of ["de", "en"]) {
  const [email, name] = members[locale];

  test(`a passkey is set up, signs in by itself, and is removed (${locale})`, async () => {
    const person = await Person.at(browser, portal, locale);
    const t = (key, values) => person.t(key, values);
    const main = person.page.locator("main");
    const phone = await device(person);
    await person.signIn(email);
    await person.open("/account/passkeys");
    await person.reads(t("passkeys-none"));
    await person.doesNotRead(t("passkey-browser"));
    await person.type(t("passkey-name"), "Diensthandy");
    await person.press(t("passkey-add"), main);
    assert.equal(await main.locator("ol li").count(), 10, "recovery codes");
    const [made] = await phone.passkeys();
    assert.ok(made.isResidentCredential, "it is found without an address");
    await person.open("/account/passkeys");
    await person.reads("Diensthandy");

    // The same device holds one only: the browser says so, and the page stays.
    await main.getByRole("button", { name: t("passkey-add") }).click();
    await main.getByRole("status").getByText(t("passkey-known")).waitFor();
    assert.equal((await phone.passkeys()).length, 1);

    await person.press(t("layout-sign-out"));
    await person.open("/account/sessions");
    await person.press(t("passkey-sign-in"), main);
    assert.ok(person.page.url().endsWith(`/${locale}/account/sessions`), "on to where the sign-in was to lead");
    await person.open("");
    await person.reads(t("start-hello", { name }));

    await person.open("/account/passkeys");
    await person.doesNotRead(t("passkey-never-used"));
    await person.press(t("passkey-remove"), main);
    await person.reads(t("done-passkey-removed"));
    await person.press(t("layout-sign-out"));
    await person.open("/sign-in");
    await person.press(t("passkey-sign-in"), main);
    assert.equal(person.answer.status(), 401);
    await person.reads(t("problem-passkey-invalid"));
    await person.leave();
  });

  test(`without scripts nobody is offered what would do nothing (${locale})`, async () => {
    const person = await Person.at(browser, portal, locale, "no script");
    await person.open("/sign-in");
    assert.equal(await person.page.locator("[data-passkey]").isVisible(), false);
    await person.signIn("cem.yildiz@musterhausen.example");
    await person.open("/account/passkeys");
    await person.reads(person.t("passkey-browser"));
    assert.equal(await person.page.locator("[data-passkey]").isVisible(), false);
    await person.leave();
  });

  test(`what the portal refuses to ask is said on the page (${locale})`, async (each) => {
    const own = await start({ STAMMTISCH_LIMITS__ENABLED: "true" });
    each.after(() => own.stop());
    const person = await Person.at(browser, own, locale);
    await device(person);
    await person.open("/sign-in");
    await person.page.evaluate(async () => {
      for (let tries = 0; tries < 70; tries += 1) await fetch("/api/v1/session/passkey/options", { method: "POST" });
    });
    const main = person.page.locator("main");
    await main.getByRole("button", { name: person.t("passkey-sign-in") }).click();
    await main.getByRole("status").getByText(person.t("problem-rate-limited")).waitFor();
    await person.leave();
  });
}
