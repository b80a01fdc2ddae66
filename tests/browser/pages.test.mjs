// Every page of visitors and members in every state that can be asked for by its address, in both languages, looked at.

import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";
import { firstOf, linkOf, sendEmpty, visit, visitFirstOf } from "./support/visits.mjs";

let browser, portal;

before(async () => {
  [browser, portal] = await Promise.all([open(), start()]);
});

after(async () => {
  await browser?.close();
  await portal?.stop();
  console.log(JSON.stringify(figures(), null, 1));
});

/** Pages by who sees them; what comes after an address is the status it is answered with, where that is not 200. */
const forVisitors = [
  "", "/sign-in", "/register", "/register/sent", "/forgot-password", "/forgot-password/sent", "/receipt", "/delete-account",
  "/privacy", "/terms", "/imprint", "/accessibility", "/demo/mails", ["/confirm", 410], ["/unsubscribe", 410], ["/no-such-page", 404],
  ["/sign-out", 405],
];
const forMembers = [
  "", "/conversations", "/conversations/new", "/conversations/search", "/conversations/search?query=Aktenplan",
  "/conversations/search?query=Niemand", "/groups/new", "/invitations", "/members", "/members?query=Anna",
  "/members?query=Niemand", "/members?organisation=Beispieltal&department=Bauamt", "/enquiries",
  "/profile", "/profile/preview", "/account", "/account/email", "/account/password", "/account/second-factor",
  "/account/passkeys", "/account/sessions", "/account/export", "/account/language", "/account/notifications",
  "/account/blocks", "/account/delete", ["/desk", 403],
];
/** Lists whose first entry is looked at as well: its link in the page. */
const lists = ["/members", "/conversations", "/enquiries"];

/** A group of the demonstration, and who manages it. */
const group = "Runde Bürgerservice";
const manager = "cem.yildiz@musterhausen.example";

const members = { full: "anna.beispiel@musterhausen.example", empty: "cem.yildiz@musterhausen.example" };

for (const locale of ["de", "en"]) {
  test(`what visitors see (${locale})`, async (each) => {
    const visitor = await Person.at(browser, portal, locale);
    await visit(each, visitor, forVisitors);
    await sendEmpty(each, visitor, ["/sign-in", "/register", "/forgot-password", "/receipt", "/delete-account"]);
    await visitor.leave();
  });

  for (const [state, email] of Object.entries(members)) {
    test(`what a member sees (${locale}, ${state})`, async (each) => {
      const member = await Person.at(browser, portal, locale);
      await member.signIn(email);
      await visit(each, member, forMembers);
      await visitFirstOf(each, member, state === "full" ? lists : []);
      if (state === "full") {
        const conversation = await firstOf(member, "/conversations");
        const report = await linkOf(member, conversation, "/report");
        await visit(each, member, [report]);
        const forms = ["/account/email", "/account/password", "/account/delete", "/profile", "/enquiries", conversation];
        await sendEmpty(each, member, [...forms, report]);
      }
      await member.leave();
    });
  }

  test(`what whoever manages a group sees (${locale})`, async (each) => {
    const cem = await Person.at(browser, portal, locale);
    await cem.signIn(manager);
    await cem.open("/conversations");
    await cem.follow(group, cem.page.locator("main"));
    await cem.follow(cem.t("group-settings"));
    const here = new URL(cem.page.url()).pathname.slice(locale.length + 1);
    const remove = await linkOf(cem, here, `${here}/members/`);
    await visit(each, cem, [here, `${here}/invite`, `${here}/invite?query=Lindner`, `${here}/invite?query=Niemand`, `${here}/leave`, remove]);
    await sendEmpty(each, cem, [here, "/groups/new"]);
    await cem.leave();
  });
}
