// Smaller stories of people among themselves: the directory narrowed down, a block, a report with a hold, read marks, an
// invitation that is declined.

import { after, before, test } from "node:test";

import { open } from "./support/browser.mjs";
import { Person } from "./support/person.mjs";
import { start } from "./support/portal.mjs";

let browser, portal;

before(async () => {
  [browser, portal] = await Promise.all([open(), start()]);
});

after(async () => {
  await browser?.close();
  await portal?.stop();
});

// Each with somebody else who is suspended.
const tellings = [
  ["de", "mouse", "ivo.novak@musterland.example", "Ivo Novák"],
  ["en", "no script", "cem.yildiz@musterhausen.example", "Cem Yıldız"],
];

for (const [locale, way, rudeAddress, rudeName] of tellings) {
  const name = `${locale}, ${way}`;
  const word = name.replace(/\W+/g, "");

  const enter = async (email) => {
    const person = await Person.at(browser, portal, locale, way);
    await person.signIn(email);
    return person;
  };
  const main = (person) => person.page.locator("main");
  const find = async (person, query, found) => {
    await person.follow(person.t("menu-members"));
    await person.type(person.t("members-query"), query);
    await person.press(person.t("members-search"));
    await person.follow(found, main(person));
  };
  const send = async (person, words) => {
    await person.type(person.t("message-body"), words);
    await person.press(person.t("message-send"));
    await person.reads(words);
  };
  const writeTo = async (person, query, reader, words) => {
    await find(person, query, reader);
    await person.follow(person.t("member-write", { name: reader }));
    await send(person, words);
  };
  const read = async (person, partner) => {
    await person.follow(person.t("menu-conversations"));
    await person.follow(partner, main(person));
  };

  test(`the directory is narrowed down to a department (${name})`, async () => {
    const anna = await enter("anna.beispiel@musterhausen.example");
    const t = (key, values) => anna.t(key, values);
    await anna.follow(t("menu-members"));
    await anna.type(t("label-organisation"), "Beispieltal");
    await anna.press(t("members-search"));
    await anna.reads(t("members-narrowed"));
    await anna.reads("Emil Schröder");
    await anna.reads("Fatma Öztürk");
    await anna.doesNotRead("Jana Petersen");
    await anna.type(t("label-department"), "Bauamt");
    await anna.press(t("members-search"));
    await anna.reads("Emil Schröder");
    await anna.doesNotRead("Fatma Öztürk");
    await anna.follow(new RegExp(`${t("members-clear")}.*${t("label-department")}`));
    await anna.reads("Fatma Öztürk");
    await anna.doesNotRead("Jana Petersen");
    await anna.follow("Fatma Öztürk", main(anna));
    await anna.follow(t("member-colleagues", { place: "Ordnungsamt, Gemeinde Beispieltal" }));
    await anna.reads("Fatma Öztürk");
    await anna.doesNotRead("Emil Schröder");
    await anna.follow(t("members-show-all"));
    await anna.reads("Jana Petersen");
    await anna.leave();
  });

  test(`somebody is blocked on their page and freed in the list (${name})`, async () => {
    const [bernd, gerd] = [await enter("bernd.hansen@musterhausen.example"), await enter("gerd.lindner@beispieltal.example")];
    const t = (key, values) => gerd.t(key, values);
    const [first, unseen, last] = [`Erstes ${word}`, `Ungesehenes ${word}`, `Letztes ${word}`];
    await writeTo(bernd, "Lindner", "Gerd Lindner", first);
    await find(gerd, "Hansen", "Bernd Hansen");
    await gerd.reads(t("block-effect"));
    await gerd.press(t("block-begin"), main(gerd));
    await gerd.reads(t("done-blocked"));
    await gerd.reads(t("block-stands"));

    // Whoever is blocked notices nothing.
    await send(bernd, unseen);
    await read(gerd, "Bernd Hansen");
    await gerd.reads(first);
    await gerd.doesNotRead(unseen);
    await gerd.reads(t("problem-blocked"));
    await gerd.follow(t("conversation-to-blocks"));
    await gerd.press(new RegExp(`${t("block-end")}.*Bernd Hansen`));
    await gerd.reads(t("done-unblocked"));
    await send(bernd, last);
    await read(gerd, "Bernd Hansen");
    await gerd.reads(last);
    await gerd.doesNotRead(unseen);

    // The same at a message, without reporting it.
    const card = main(gerd).locator("li.card", { hasText: last });
    await gerd.activate(card.getByRole("link", { name: t("message-report") }));
    await gerd.press(t("block-begin"), main(gerd));
    await gerd.reads(t("done-blocked"));
    await gerd.activate(main(gerd).locator("li.card", { hasText: last }).getByRole("link", { name: t("message-report") }));
    await gerd.reads(t("block-stands"));
    await gerd.press(t("block-end"), main(gerd));
    await gerd.reads(t("done-unblocked"));
    await Promise.all([bernd.leave(), gerd.leave()]);
  });

  test(`one report leads to a hold and a suspension, another is dismissed (${name})`, async () => {
    const [rude, anna] = [await enter(rudeAddress), await enter("anna.beispiel@musterhausen.example")];
    const t = (key, values) => anna.t(key, values);
    const [worse, harmless] = [`Das melde ich Ihrem Amt ${word}`, `Das war wohl nichts ${word}`];
    const [grave, slight] = [`Eine Drohung ${word}`, `Unhöflich ${word}`];
    await writeTo(rude, "Anna Beispiel", "Anna Beispiel", worse);
    await send(rude, harmless);
    await rude.leave();
    for (const [words, why] of [[worse, grave], [harmless, slight]]) {
      await read(anna, rudeName);
      const card = main(anna).locator("li.card", { hasText: words });
      await anna.activate(card.getByRole("link", { name: t("message-report") }));
      await anna.type(t("report-why"), why);
      await anna.press(t("report-send"), main(anna));
      await anna.reads(t("done-reported"));
    }

    const vera = await enter("verwaltung@betreiber.example");
    const openReport = (why) => vera.activate(main(vera).locator("li.card", { hasText: why }).getByRole("link").first());
    await vera.follow(t("menu-desk"));
    await vera.follow(t("desk-part-reports"), main(vera));
    await openReport(grave);
    await vera.reads(worse);
    await vera.reads(t("report-hold-hint"));
    await vera.follow(t("account-place-hold"), main(vera));
    await vera.chooseValue("basis", "legal_proceedings");
    await vera.press(t("place-hold-preview"));
    await vera.reads(t("place-hold-effect"));
    await vera.press(t("place-hold-place"));
    await vera.reads(t("done-hold-placed"));
    await vera.reads(worse);
    await vera.type(t("report-decision-reason"), `Wir dulden keine Drohungen ${word}`);
    await vera.press(t("report-suspend"), main(vera));
    await vera.reads(t("done-author-suspended"));
    await vera.doesNotRead(grave);
    await openReport(slight);
    await vera.reads(harmless);
    await vera.press(t("report-dismiss"), main(vera));
    await vera.reads(t("done-report-dismissed"));
    await vera.doesNotRead(slight);

    await vera.follow(t("reports-show-dismissed"));
    await vera.reads(slight);
    await vera.doesNotRead(grave);
    await vera.follow(t("reports-show-suspended"));
    await vera.doesNotRead(slight);
    await openReport(grave);
    // What was decided does not end the need to keep the message.
    await vera.reads(t("report-decided-by"));
    await vera.reads(t("report-hold-hint"));
    await vera.reads(worse);

    await portal.mail(rudeAddress, word);
    const late = await enter(rudeAddress);
    await late.reads(t("problem-account-suspended"));
    await Promise.all([late.leave(), anna.leave(), vera.leave()]);
  });

  test(`read marks are seen in a pair, and switched off (${name})`, async () => {
    const [fatma, jana] = [await enter("fatma.oeztuerk@beispieltal.example"), await enter("jana.petersen@musterland.example")];
    const t = (key, values) => jana.t(key, values);
    const words = `Ist das angekommen? ${word}`;
    const mark = main(fatma).locator(`li.card:has-text("${words}") + li.read`, { hasText: t("conversation-read") });
    const toNotifications = async () => {
      await jana.follow(t("menu-account"));
      await jana.follow(t("account-to-notifications"));
    };
    await writeTo(fatma, "Petersen", "Jana Petersen", words);
    if ((await mark.count()) > 0) throw new Error("read before it was");
    await read(jana, "Fatma Öztürk");
    await jana.reads(words);
    if (way === "no script") await fatma.page.reload();
    await mark.waitFor();

    await toNotifications();
    await jana.page.getByLabel(t("label-share-read")).uncheck(jana.patience());
    await jana.press(t("notifications-button"));
    await jana.reads(t("done-notifications-set"));
    await fatma.page.reload();
    await fatma.reads(words);
    if ((await mark.count()) > 0) throw new Error("the mark is still shown");

    await toNotifications();
    await jana.choose(t("label-share-read"));
    await jana.press(t("notifications-button"));
    await jana.reads(t("done-notifications-set"));
    await fatma.page.reload();
    await mark.waitFor();
    await Promise.all([fatma.leave(), jana.leave()]);
  });

  test(`an invitation is declined, and nobody is told (${name})`, async () => {
    const [dagmar, hanna] = [await enter("dagmar.koehler@musterhausen.example"), await enter("hanna.vogt@beispieltal.example")];
    const t = (key, values) => hanna.t(key, values);
    const group = `Runde Ost ${word}`;
    await dagmar.follow(t("menu-conversations"));
    await dagmar.follow(t("conversations-new-group"));
    await dagmar.type(t("group-name"), group);
    await dagmar.press(t("group-open"));
    await dagmar.reads(t("done-group-opened"));
    await dagmar.type(t("members-query"), "Vogt");
    await dagmar.press(t("members-search"));
    await dagmar.choose("Hanna Vogt");
    await dagmar.press(t("group-invite-button"), main(dagmar));
    await dagmar.reads(t("done-invited"));

    await hanna.follow(t("menu-conversations"));
    await hanna.activate(main(hanna).locator("[data-live=invitations] a"));
    await hanna.reads(t("invitations-by", { name: "Dagmar Köhler" }));
    await hanna.press(new RegExp(`${t("invitations-decline")}.*${group}`));
    await hanna.reads(t("done-invitation-declined"));
    await hanna.doesNotRead(group);
    await hanna.follow(t("menu-conversations"));
    await hanna.doesNotRead(group);
    await dagmar.follow(t("group-back"));
    await dagmar.reads(t("group-nobody-invited"));
    await Promise.all([dagmar.leave(), hanna.leave()]);
  });
}
