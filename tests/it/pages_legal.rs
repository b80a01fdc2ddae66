//! What the law wants said to everybody: it needs no session, names the operator, and says what this installation does.

use stammtisch::{inventory::Inventory, text::Locale};

use crate::support::{TestPortal, page};

const OPERATOR: &str = "
registration.approval = 'always'
[operator]
name = 'Rechenzentrum Nord AöR'
phone = '+49 40 1234'
register = 'Amtsgericht Hamburg, HRA 1'
vat_id = 'DE111111111'
[operator.data_protection_officer]
name = 'Doris Schutz'
email = 'datenschutz@nord.example'
[residue]
backups = '14d'
";

#[tokio::test]
async fn every_page_is_there_in_both_languages_for_everybody() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (path, german, english) in [
        ("/imprint", "Impressum", "Imprint"),
        ("/privacy", "Datenschutz", "Privacy"),
        (
            "/accessibility",
            "Erklärung zur Barrierefreiheit",
            "Accessibility statement",
        ),
        ("/terms", "Nutzungsbedingungen", "Terms of use"),
    ] {
        for (locale, heading) in [("de", german), ("en", english)] {
            let path = format!("/{locale}{path}");
            let open = portal.visitor().get(&path).await.must_be(200);
            assert!(open.header("set-cookie").is_none(), "{path}");
            let html = open.text();
            assert!(html.contains(&format!("<h1>{heading}</h1>")), "{html}");
            anna.get(&path).await.must_be(200);
        }
    }
}

#[tokio::test]
async fn the_imprint_names_the_operator_and_leaves_out_what_there_is_not() {
    let portal = TestPortal::start().await;
    portal
        .visitor()
        .get("/de/imprint")
        .await
        .must_show("Betreiber GmbH Musterstraße 1 12345 Musterstadt")
        .must_show("Vertreten durch Erika Mustermann")
        .must_not_show("Telefon")
        .must_not_show("Registereintrag");
    let named = portal.sibling(OPERATOR).await;
    named
        .visitor()
        .get("/en/imprint")
        .await
        .must_show("Rechenzentrum Nord AöR")
        .must_show("Phone +49 40 1234")
        .must_show("Register entry Amtsgericht Hamburg, HRA 1")
        .must_show("VAT identification number DE111111111");
}

#[tokio::test]
async fn the_privacy_page_says_what_the_inventory_and_the_settings_say() {
    let portal = TestPortal::with(OPERATOR).await;
    for locale in Locale::ALL {
        let answer = portal
            .visitor()
            .get(&format!("/{locale}/privacy"))
            .await
            .must_be(200);
        let words = page::words(&answer.text());
        let inventory = Inventory::built_in();
        let clusters = inventory.clusters.values();
        let expected = clusters
            .flat_map(|cluster| [&cluster.title, &cluster.purpose, &cluster.legal_basis])
            .chain(inventory.tables.iter().map(|table| &table.title))
            .chain(
                inventory
                    .residue
                    .iter()
                    .flat_map(|left| [&left.title, &left.ends]),
            )
            .chain(inventory.bases.values())
            .chain(inventory.records.values().map(|record| &record.title));
        for expected in expected {
            let expected = expected.text(locale);
            assert!(words.contains(expected), "{expected}: {words}");
        }
        for expected in [
            "Doris Schutz",
            "datenschutz@nord.example",
            "Rechenzentrum Nord AöR",
        ] {
            assert!(words.contains(expected), "{expected}: {words}");
        }
    }
    portal
        .visitor()
        .get("/de/privacy")
        .await
        .must_show("binnen 24 Stunden automatisch entfernt")
        .must_show("1 Stunde lang können Sie die Löschung")
        .must_show("nach 30 Minuten ohne Benutzung und spätestens nach 12 Stunden")
        .must_show("Datensicherungen Wie lange 14 Tage")
        .must_show("90 Tage ab: Bestätigung der Registrierung")
        .must_show("Über jede Registrierung entscheiden Menschen.")
        .must_show("Landesbeauftragte für den Datenschutz Musterland");
}

#[tokio::test]
async fn who_is_let_in_how_is_said_as_it_is_set() {
    let portal = TestPortal::start().await;
    let by_domain = "wird Ihr Konto nach der Bestätigung von selbst freigeschaltet";
    portal.visitor().get("/de/privacy").await.must_show(by_domain);
    let never = portal.sibling("registration.approval = 'never'").await;
    never
        .visitor()
        .get("/de/privacy")
        .await
        .must_show("nach der Bestätigung Ihrer E-Mail-Adresse freigeschaltet")
        .must_not_show(by_domain);
}

#[tokio::test]
async fn barriers_can_be_told_and_someone_else_asked() {
    let portal = TestPortal::start().await;
    let answer = portal
        .visitor()
        .get("/de/accessibility")
        .await
        .must_show("teilweise vereinbar")
        .must_show("Durchsetzungsstelle für digitale Barrierefreiheit Musterland");
    let html = answer.text();
    for link in [
        "mailto:kontakt@betreiber.example",
        "https://barrierefreiheit.example/",
    ] {
        assert!(page::values(&html, "href").any(|href| href == link), "{html}");
    }
}

#[tokio::test]
async fn the_terms_are_the_portals_own_or_the_operators() {
    let portal = TestPortal::start().await;
    portal
        .visitor()
        .get("/de/terms")
        .await
        .must_show("Fassung 2026-11")
        .must_show("Wie Sie wieder gehen");
    let settings = "[terms]\nversion = '2031-05'\nurl = 'https://nord.example/agb'";
    let elsewhere = portal.sibling(settings).await;
    let answer = elsewhere
        .visitor()
        .get("/en/terms")
        .await
        .must_show("Version 2031-05")
        .must_not_show("How you leave");
    assert!(answer.text().contains("href=\"https://nord.example/agb\""));
    let told = elsewhere.visitor().get("/api/v1/terms").await.json();
    assert_eq!(told["url"], "https://nord.example/agb");
}
