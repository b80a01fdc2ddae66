// Whole stories as people live them, in both languages: with mouse and scripts, without scripts, with the keyboard alone.

import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person, tellings } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

let browser, portal, brief;

before(async () => {
  // In one of them a deletion can be undone for two seconds only, so that a story can see its end.
  [browser, portal, brief] = await Promise.all([open(), start(), start({ STAMMTISCH_ERASURE__GRACE: "2s" })]);
});

after(async () => {
  await browser?.close();
  await Promise.all([portal?.stop(), brief?.stop()]);
  console.log(JSON.stringify(figures(), null, 1));
});

const secret = "sieben Tassen Tee am Montag";

for (const [locale, way] of tellings) {
  const name = `${locale}, ${way}`;
  const word = name.replace(/\W+/g, "-");

  test(`from registration to erasure (${name})`, async () => {
    const person = await Person.at(browser, brief, locale, way);
    const t = (key, values) => person.t(key, values);
    const main = person.page.locator("main");
    const email = `petra.${word}@musterhausen.example`;

    await person.open("");
    await person.follow(t("menu-register"));
    await person.press(t("register-button"));
    await person.reads(t("form-summary"));
    await person.type(t("label-email"), email);
    await person.type(t("label-first-name"), "Petra");
    await person.type(t("label-last-name"), "Probst");
    await person.type(t("label-organisation"), "Musterhausen");
    await person.choose(t("register-terms", { version: "2026-11" }));
    await person.press(t("register-button"));
    await person.reads(t("register-sent-title"));

    const mail = await brief.mail(email, "/confirm?token");
    await person.goTo(mail.links.find((link) => link.includes("/confirm?")));
    await person.type(t("label-new-password"), "kurz");
    await person.press(t("page-confirm-button"));
    await person.reads(t("form-summary"));
    await person.type(t("label-new-password"), secret);
    await person.press(t("page-confirm-button"));
    await person.reads(t("page-confirm-done-title"));

    await person.follow(t("link-sign-in"));
    await person.type(t("label-email"), email);
    await person.type(t("label-password"), secret);
    await person.press(t("sign-in-button"), main);
    await person.reads(t("start-hello", { name: "Petra Probst" }));

    await person.follow(t("menu-profile"));
    await person.type(t("label-position"), "Referentin");
    await person.choose(t("label-visibility-position"));
    await person.press(t("profile-save"));
    await person.reads(t("done-profile-saved"));
    await person.follow(t("profile-to-preview"));
    await person.reads("Referentin");

    await person.follow(t("menu-members"));
    await person.type(t("members-query"), "Beisp Anna");
    await person.press(t("members-search"));
    await person.follow("Anna Beispiel", main);
    await person.follow(t("member-write", { name: "Anna Beispiel" }));
    await person.type(t("message-body"), "Guten Tag, Frau Beispiel");
    await person.press(t("message-send"));
    await person.reads("Guten Tag, Frau Beispiel");

    await person.follow(t("menu-account"));
    await person.follow(t("account-to-delete"));
    await person.press(t("delete-button"), main);
    await person.reads(t("form-summary"));
    await person.type(t("label-password"), secret);
    await person.press(t("delete-button"), main);
    await person.reads(t("deleted-title"));
    const [code] = (await main.innerText()).match(/[\w-]{43}/);

    for (let tries = 0; ; tries += 1) {
      const { stdout } = await brief.command("erase-due", "--json");
      if (JSON.parse(stdout).erased > 0) break;
      if (tries > 30) throw new Error(`nothing is erased: ${stdout}`);
    }
    await person.follow(t("layout-receipt"));
    await person.type(t("label-receipt-code"), "falsch");
    await person.press(t("receipt-button"));
    await person.reads(t("form-summary"));
    await person.type(t("label-receipt-code"), code);
    await person.press(t("receipt-button"));
    await person.reads(t("receipt-erased"));
    await person.open("/sign-in");
    await person.type(t("label-email"), email);
    await person.type(t("label-password"), secret);
    await person.press(t("sign-in-button"), main);
    await person.reads(t("problem-credentials-invalid"));
    await person.leave();
  });

  test(`two members write to each other in two windows (${name})`, async () => {
    const [bernd, emil] = [await Person.at(browser, portal, locale, way), await Person.at(browser, portal, locale, way)];
    const t = (key, values) => bernd.t(key, values);
    await bernd.signIn("bernd.hansen@musterhausen.example");
    await emil.signIn("emil.schroeder@beispieltal.example");
    const [question, answer] = [`Guten Morgen! (${name})`, `Moin, moin! (${name})`];

    await bernd.follow(t("menu-members"));
    await bernd.type(t("members-query"), "Schröder");
    await bernd.press(t("members-search"));
    await bernd.follow("Emil Schröder", bernd.page.locator("main"));
    await bernd.follow(t("member-write", { name: "Emil Schröder" }));
    await bernd.reads(t("message-rule"));
    await bernd.type(t("message-body"), question);
    await bernd.press(t("message-send"));
    await bernd.reads(question);

    await emil.follow(t("menu-conversations"));
    await emil.page.locator(".unread").first().waitFor();
    await emil.follow("Bernd Hansen", emil.page.locator("main"));
    await emil.reads(question);
    await emil.type(t("message-body"), answer);
    if (way !== "no script") {
      const more = `Noch etwas. (${name})`;
      await bernd.type(t("message-body"), more);
      await bernd.press(t("message-send"));
      await emil.page.getByText(more).waitFor();
    }
    await emil.press(t("message-send"));
    await emil.follow(t("menu-conversations"));
    if ((await emil.page.locator(".unread", { hasText: "Bernd Hansen" }).count()) > 0) throw new Error("still unread");

    if (way === "no script") await bernd.page.reload();
    else await bernd.page.getByText(answer).waitFor();
    await bernd.reads(answer);
    await bernd.follow(t("menu-enquiries"));
    await bernd.type(t("label-subject"), `Frage (${name})`);
    await bernd.type(t("enquiry-body"), "Gibt es eine Anleitung?");
    await bernd.press(t("enquiry-send"));
    await bernd.reads(t("done-asked"));
    await Promise.all([bernd.leave(), emil.leave()]);
  });

  test(`whoever signs out in one window leaves nothing in the others (${name})`, async () => {
    const emil = await Person.at(browser, portal, locale, way);
    const t = (key) => emil.t(key);
    const [signIn, own] = [t("sign-in-button"), "emil.schroeder@beispieltal.example"];
    await emil.signIn(own);
    const other = await emil.context.newPage();
    await other.goto(`${portal.url}/${locale}/account`);
    const main = other.locator("main");
    if (!(await main.innerText()).includes(own)) throw new Error("the address is not to be read");
    // Who only says that somebody signed out changes nothing.
    await emil.open("?done=signed-out");
    await other.reload();
    if (!(await main.innerText()).includes(own)) throw new Error("the page was left too soon");
    await emil.press(t("layout-sign-out"));
    await emil.reads(t("done-signed-out"));
    // Without scripts a window shows what it showed until something is done in it.
    if (way === "no script") await other.reload();
    await other.getByRole("button", { name: signIn, exact: true }).waitFor();
    if ((await other.locator("body").innerText()).includes(own)) throw new Error("the address is still to be read");
    await emil.leave();
  });
}
