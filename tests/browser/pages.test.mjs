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
const forAdministrators = [
  "", "/desk", "/desk/registrations", "/desk/accounts", "/desk/accounts?query=Niemand", "/desk/accounts?status=deleted",
  "/desk/holds", "/desk/deletions", "/desk/organisations", "/desk/mails", "/desk/audit",
  "/desk/enquiries", ...["unassigned", "mine", "answered", "closed", "all"].map((word) => `/desk/enquiries?show=${word}`),
  "/desk/reports", ...["removed", "suspended", "dismissed", "all"].map((word) => `/desk/reports?show=${word}`),
];
/** Lists whose first entry is looked at as well: its link in the page. */
const lists = {
  member: ["/members", "/conversations", "/enquiries"],
  administrator: ["/desk/registrations", "/desk/accounts", "/desk/holds", "/desk/enquiries", "/desk/organisations"],
};

const typed = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea";

/** A group of the demonstration, and who manages it. */
const group = "Runde Bürgerservice";
const manager = "cem.yildiz@musterhausen.example";

const members = { full: "anna.beispiel@musterhausen.example", empty: "cem.yildiz@musterhausen.example" };
const administrator = "verwaltung@betreiber.example";

async function series(all, doing) {
  const done = [];
  for (const one of all) done.push(await doing(one));
  return done;
}

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

/** Sends every form of these pages that is typed into without anything in it: what is refused is looked at as well. */
async function sendEmpty(each, person, pages) {
  const forms = person.page.locator("main form[method=post]").filter({ has: person.page.locator(typed) });
  for (const path of pages) {
    await each.test(`empty forms of ${path}`, async () => {
      await person.open(path);
      for (let index = await forms.count(); index > 0; index -= 1) {
        const form = forms.nth(index - 1);
        await form.evaluate((form) => {
          form.noValidate = true;
          for (const field of form.elements) {
            if (["checkbox", "radio"].includes(field.type)) field.checked = false;
            else if (!["hidden", "submit", ""].includes(field.type)) field.value = "";
          }
        });
        await person.activate(form.getByRole("button").last());
        // Without a password nobody is let in; and where this took long, a hold is decided only after a fresh proof.
        assert.ok([401, 403, 422].includes(person.answer.status()), `${person.answer.status()}`);
        await person.open(path);
      }
    });
  }
}

/** The address of a list's first entry. */
async function firstOf(person, path) {
  await person.open(path);
  const links = person.page.locator(`main a[href^="/${person.locale}${path}/"]:not([href$="/new"])`);
  return (await links.first().getAttribute("href")).slice(person.locale.length + 1);
}

/** The address of the first link of a page whose own address has this in it. */
async function linkOf(person, path, part) {
  await person.open(path);
  const href = await person.page.locator(`main a[href*="${part}"]`).first().getAttribute("href");
  return href.slice(person.locale.length + 1);
}

async function visitFirstOf(each, person, paths) {
  for (const path of paths) {
    await each.test(`the first of ${path}`, async () => {
      await person.open(await firstOf(person, path));
      assert.equal(person.answer.status(), 200);
    });
  }
}

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
      await visitFirstOf(each, member, state === "full" ? lists.member : []);
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

  test(`what an administrator sees (${locale})`, async (each) => {
    const vera = await Person.at(browser, portal, locale);
    await vera.signIn(administrator);
    await visit(each, vera, forAdministrators);
    await visitFirstOf(each, vera, lists.administrator);
    const first = Object.fromEntries(await series(lists.administrator, async (list) => [list, await firstOf(vera, list)]));
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
    await anna.signIn(members.full);
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
