// Every page in every state that can be asked for by its address, in both languages, looked at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

const secret = "sieben Tassen Tee am Montag";

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
  "/privacy", "/terms", "/imprint", "/accessibility", "/demo/mails", ["/confirm", 410], ["/no-such-page", 404],
  ["/sign-out", 405],
];
const forMembers = [
  "", "/conversations", "/conversations/new", "/members", "/members?query=Anna", "/members?query=Niemand", "/enquiries",
  "/profile", "/profile/preview", "/account", "/account/email", "/account/password", "/account/sessions", "/account/export",
  "/account/language", "/account/delete", ["/desk", 403],
];
const forAdministrators = [
  "", "/desk", "/desk/registrations", "/desk/accounts", "/desk/accounts?query=Niemand", "/desk/accounts?status=deleted",
  "/desk/holds", "/desk/deletions", "/desk/enquiries", "/desk/organisations", "/desk/mails", "/desk/audit",
];
/** Lists whose first entry is looked at as well: its link in the page. */
const lists = {
  member: ["/members", "/conversations"],
  administrator: ["/desk/registrations", "/desk/accounts", "/desk/holds", "/desk/enquiries", "/desk/organisations"],
};

const members = { full: "anna.beispiel@musterhausen.example", empty: "cem.yildiz@musterhausen.example" };
const administrator = "verwaltung@betreiber.example";

async function visit(each, person, pages) {
  for (const page of pages) {
    const [path, status] = Array.isArray(page) ? page : [page, 200];
    await each.test(`${path || "/"} (${status})`, async () => {
      await person.open(path);
      assert.equal(person.answer.status(), status);
      const other = person.page.locator("a[hreflang]");
      assert.equal(await other.count(), 1, "the way to the other language");
    });
  }
}

async function visitFirstOf(each, person, paths) {
  for (const path of paths) {
    await each.test(`the first of ${path}`, async () => {
      await person.open(path);
      const links = person.page.locator(`main a[href^="/${person.locale}${path}/"]:not([href$="/new"])`);
      await person.activate(links.first());
      assert.equal(person.answer.status(), 200);
    });
  }
}

for (const locale of ["de", "en"]) {
  test(`what visitors see (${locale})`, async (each) => {
    const visitor = await Person.at(browser, portal, locale);
    await visit(each, visitor, forVisitors);
    await visitor.leave();
  });

  for (const [state, email] of Object.entries(members)) {
    test(`what a member sees (${locale}, ${state})`, async (each) => {
      const member = await Person.at(browser, portal, locale);
      await member.signIn(email);
      await visit(each, member, forMembers);
      await visitFirstOf(each, member, state === "full" ? lists.member : []);
      await member.leave();
    });
  }

  test(`what an administrator sees (${locale})`, async (each) => {
    const vera = await Person.at(browser, portal, locale);
    await vera.signIn(administrator);
    await visit(each, vera, forAdministrators);
    await visitFirstOf(each, vera, lists.administrator);
    await vera.leave();
  });

  test(`an empty portal, and its empty lists (${locale})`, async (each) => {
    const empty = await start({}, []);
    each.after(() => empty.stop());
    const doris = await Person.at(browser, empty, locale);
    await each.test("the first page says how to begin", async () => {
      await doris.open("");
      await doris.reads("stammtisch admin create");
    });
    const { stdout } = await empty.command("admin", "create", "--email", "doris@operator.example", "--first-name", "Doris", "--last-name", "Desk");
    await each.test("the one-time link sets the password", async () => {
      await doris.goTo(/http\S+/.exec(stdout)[0].replace(/\/(de|en)\//, `/${locale}/`));
      await doris.type(doris.t("label-new-password"), secret);
      await doris.press(doris.t("page-reset-button"));
      await doris.signIn("doris@operator.example", secret);
      await doris.doesNotRead("stammtisch admin create");
    });
    await visit(each, doris, ["/conversations", "/members", "/enquiries", "/account/sessions", ...forAdministrators]);
    await doris.leave();
  });

  test(`when too many sign in at once (${locale})`, async (each) => {
    const own = await start({ STAMMTISCH_PASSWORDS__ITERATIONS: "40" });
    each.after(() => own.stop());
    const late = await Person.at(browser, own, locale);
    await late.open("/sign-in");
    const form = new URLSearchParams({ email: "nobody@musterhausen.example", password: "falsch" });
    const headers = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
    const storm = Array.from({ length: 60 }, () =>
      fetch(`${own.url}/${locale}/sign-in`, { method: "POST", headers, body: form }).catch(() => null),
    );
    await late.type(late.t("label-email"), administrator);
    await late.type(late.t("label-password"), "falsch");
    await late.press(late.t("sign-in-button"), late.page.locator("main"));
    assert.equal(late.answer.status(), 503);
    await late.reads(late.t("problem-busy"));
    assert.equal(await late.page.locator("#email").inputValue(), administrator, "what was typed is still there");
    await Promise.all(storm);
    await late.leave();
  });
}
