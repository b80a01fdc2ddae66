// An administrator's day, in each way on a portal of its own, whose applicants nobody has decided on.

import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person, tellings } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

let browser;

before(async () => {
  browser = await open();
});

after(async () => {
  await browser?.close();
  console.log(JSON.stringify(figures(), null, 1));
});

for (const [locale, way] of tellings) {
  test(`an administrator's day (${locale}, ${way})`, async (each) => {
    const own = await start();
    each.after(() => own.stop());
    const vera = await Person.at(browser, own, locale, way);
    const t = (key, values) => vera.t(key, values);
    const main = vera.page.locator("main");
    await vera.signIn("verwaltung@betreiber.example");
    await vera.follow(t("menu-desk"));
    await vera.reads(t("desk-title"));

    await vera.follow("Nils Berger", main);
    await vera.reads("Stadtwerke Fernstadt");
    await vera.press(t("registration-approve"), main);
    await vera.reads(t("done-approved"));
    await vera.follow("Paul Richter", main);
    await vera.press(t("registration-reject"), main);
    await vera.reads(t("form-summary"));
    await vera.type(t("registration-reason"), "Das Portal ist für Beschäftigte von Kommunen.");
    await vera.press(t("registration-reject"), main);
    await vera.reads(t("done-rejected"));
    await own.mail("paul.richter@beratung.example", "Kommunen");

    await vera.follow(t("desk-part-accounts"), main);
    await vera.type(t("accounts-query"), "Bernd Hansen");
    await vera.press(t("desk-search"), main);
    await vera.follow("Bernd Hansen", main);
    await vera.reads("bernd.hansen@musterhausen.example");
    await vera.follow(t("account-place-hold"));
    await vera.press(t("place-hold-preview"));
    await vera.reads(t("form-summary"));
    await vera.chooseValue("basis", "open_claim");
    await vera.type(t("hold-reference"), "Az. 7 O 99/26");
    await vera.chooseValue("categories", "messages");
    await vera.press(t("place-hold-preview"));
    await vera.reads(t("place-hold-effect"));
    await vera.press(t("place-hold-place"));
    await vera.reads(t("done-hold-placed"));
    await vera.type(t("hold-release-reason"), "Die Forderung ist beglichen.");
    await vera.press(t("hold-release"));
    await vera.reads(t("done-hold-released"));

    await vera.follow(t("desk-part-accounts"), main);
    await vera.type(t("accounts-query"), "Hanna Vogt");
    await vera.press(t("desk-search"), main);
    await vera.follow("Hanna Vogt", main);
    await vera.press(t("account-suspend"), main);
    await vera.reads(t("done-suspended"));
    await vera.press(t("account-reinstate"), main);
    await vera.reads(t("done-reinstated"));

    await vera.follow(t("desk-part-enquiries"), main);
    await vera.follow("Rechnungsanschrift", main);
    await vera.type(t("enquiry-answer"), "Bitte an rechnung@betreiber.example.");
    await vera.press(t("enquiry-answer-send"));
    await vera.reads(t("done-answered"));

    await vera.follow(t("desk-part-organisations"), main);
    await vera.type(t("organisation-name"), "Stadt Fernstadt");
    await vera.type(t("organisation-domains"), "fernstadt.example");
    await vera.press(t("organisation-add"));
    await vera.reads(t("done-organisation-added"));

    await vera.follow(t("desk-part-audit"), main);
    await vera.reads(t("audit-registration-approved"));
    await vera.reads(t("audit-hold-released"));
    await vera.press(t("layout-sign-out"));
    await vera.reads(t("done-signed-out"));
    await vera.leave();
  });
}
