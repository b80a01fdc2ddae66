// Every page of administrators in every state that can be asked for by its address, in both languages, looked at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { figures } from "./support/checks.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";
import { firstOf, linkOf, sendEmpty, visit, visitFirstOf } from "./support/visits.mjs";

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

/** What comes after an address is the status it is answered with, where that is not 200. */
const forAdministrators = [
  "", "/desk", "/desk/registrations", "/desk/accounts", "/desk/accounts?query=Niemand", "/desk/accounts?status=deleted",
  "/desk/holds", "/desk/deletions", "/desk/organisations", "/desk/mails", "/desk/audit",
  "/desk/enquiries", ...["unassigned", "mine", "answered", "closed", "all"].map((word) => `/desk/enquiries?show=${word}`),
  "/desk/reports", ...["removed", "suspended", "dismissed", "all"].map((word) => `/desk/reports?show=${word}`),
];
/** Lists whose first entry is looked at as well: its link in the page. */
const lists = ["/desk/registrations", "/desk/accounts", "/desk/holds", "/desk/enquiries", "/desk/organisations"];

const administrator = "verwaltung@betreiber.example";

async function series(all, doing) {
  const done = [];
  for (const one of all) done.push(await doing(one));
  return done;
}

for (const locale of ["de", "en"]) {
  test(`what an administrator sees (${locale})`, async (each) => {
    const vera = await Person.at(browser, portal, locale);
    await vera.signIn(administrator);
    await visit(each, vera, forAdministrators);
    await visitFirstOf(each, vera, lists);
    const first = Object.fromEntries(await series(lists, async (list) => [list, await firstOf(vera, list)]));
    await sendEmpty(each, vera, ["/desk/organisations", ...Object.values(first), `${first["/desk/accounts"]}/holds/new`]);
    const report = await firstOf(vera, "/desk/reports");
    const hold = await linkOf(vera, report, "/holds/new?report=");
    await visit(each, vera, [report, hold]);
    await each.test("a report is not decided without a reason", async () => {
      await vera.open(report);
      await vera.press(vera.t("report-remove"), vera.page.locator("main"));
      assert.equal(vera.answer.status(), 422);
    });
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
}
