### Das eigene Profil und das eigene Konto.

## Profil

profile-title = Ihr Profil
profile-intro = Andere Mitglieder sehen Ihren Namen und, was Sie hier für sie freigeben.
profile-to-preview = Profil ansehen, wie andere es sehen
profile-display-name-hint = Steht in Listen und Unterhaltungen. Vor- und Nachname bleiben auf Ihrer Profilseite sichtbar.
profile-organisation-decided = Ihre Organisation ist durch Ihre E-Mail-Adresse oder durch die Verwaltung festgelegt. Wenn sie nicht stimmt, schreiben Sie dem Betreiber bitte eine Anfrage.
profile-listed-hint = Ohne diese Angabe finden andere Sie weder im Verzeichnis noch über die Suche. In Unterhaltungen bleibt Ihr Name sichtbar.
profile-save = Profil speichern
profile-was-changed = Ihr Profil wurde inzwischen an anderer Stelle geändert. Ihre Eingaben stehen noch unten, sind aber nicht gespeichert. Wenn Sie sie jetzt speichern, ersetzen sie die andere Änderung.
profile-stored = Gespeichertes Profil ansehen und die Eingaben verwerfen
done-profile-saved = Ihr Profil ist gespeichert.

label-display-name = Anzeigename
label-listed = Im Mitgliederverzeichnis erscheinen
label-visibility-organisation = Organisation anderen Mitgliedern zeigen
label-visibility-department = Abteilung anderen Mitgliedern zeigen
label-visibility-position = Funktion anderen Mitgliedern zeigen
label-visibility-phone = Telefon anderen Mitgliedern zeigen
label-visibility-about = „Über mich“ anderen Mitgliedern zeigen

preview-title = Ihr Profil, wie andere es sehen
preview-intro = So sehen andere Mitglieder Sie im Verzeichnis.
preview-unlisted = Im Verzeichnis erscheinen Sie zurzeit nicht. Wenn Sie das ändern, sehen andere Mitglieder Sie so:
preview-to-profile = Profil bearbeiten

## Konto

account-title = Ihr Konto
account-own-role = Rolle
account-since = Konto besteht seit
account-ways = Was Sie hier tun können
account-to-email = E-Mail-Adresse ändern
account-to-password = Passwort ändern
account-to-second-factor = Zweiten Faktor einrichten oder ändern
account-to-sessions = Laufende Anmeldungen ansehen und beenden
account-to-blocks = Blockierte Mitglieder ansehen
account-to-language = Sprache der E-Mails wählen
account-to-notifications = E-Mails über Nachrichten und Lesestand einstellen
account-to-export = Kopie Ihrer Daten herunterladen
account-to-delete = Konto löschen
account-back = Zurück zum Konto

label-current-password = Ihr jetziges Passwort
label-locale = Sprache der E-Mails

## E-Mail-Adresse

email-change-title = E-Mail-Adresse ändern
email-change-now = Ihre E-Mail-Adresse ist zurzeit { $email }.
email-change-intro = An die neue Adresse schicken wir einen Link. Erst wenn Sie ihn öffnen und bestätigen, gilt sie.
email-change-new = Neue E-Mail-Adresse
email-change-button = E-Mail-Adresse ändern
done-email-change-asked = Wir schreiben an beide Adressen. Bitte bestätigen Sie die neue mit dem Link in der E-Mail, die Sie dort erhalten; bis dahin gilt die bisherige.

## Passwort

password-change-title = Passwort ändern
password-change-intro = Mit dem neuen Passwort enden alle anderen Anmeldungen. Hier bleiben Sie angemeldet.
password-change-button = Passwort ändern
done-password-changed = Ihr Passwort ist geändert. Alle anderen Anmeldungen sind beendet.

## Zweiter Faktor

second-factor-title = Zweiter Faktor
second-factor-intro = Mit einem zweiten Faktor genügt Ihr Passwort allein niemandem, um sich als Sie anzumelden: Das Portal fragt bei jeder Anmeldung zusätzlich nach einem Code oder einem Passkey.
second-factor-demanded = Seit dem { $day } braucht Ihre Rolle einen zweiten Faktor. Richten Sie bitte einen ein; bis dahin können Sie alles tun, was ein Mitglied kann.
second-factor-will-be-demanded = Ab dem { $day } braucht Ihre Rolle einen zweiten Faktor. Sie können ihn schon jetzt einrichten.
second-factor-removal = Jemand hat gemeldet, dass Sie Ihre zweiten Faktoren verloren haben. Am { $at } werden sie entfernt. Wenn Sie sich davor mit einem von ihnen anmelden, geschieht das nicht.
second-factor-back = Zurück zur Übersicht
second-factor-app = Authenticator-App
second-factor-app-none = Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code an.
second-factor-app-since = Eingerichtet am { $at }.
totp-begin = App einrichten
totp-remove = App entfernen
totp-title = Authenticator-App einrichten
totp-intro = Öffnen Sie eine Authenticator-App und lassen Sie sie dieses Bild lesen.
totp-picture = QR-Code für die Authenticator-App
totp-typed = Wenn Ihre App kein Bild lesen kann, geben Sie dort diesen Schlüssel ein:
totp-here = Die App ist auf diesem Gerät: Schlüssel an sie übergeben
totp-confirm = App verwenden
label-first-code = Code, den die App jetzt zeigt
hint-first-code = Sechs Ziffern. Damit ist die App eingerichtet.
done-totp-added = Die Authenticator-App ist eingerichtet.
done-totp-removed = Die Authenticator-App ist entfernt.
recovery-codes-title = Wiederherstellungscodes
recovery-codes-left =
    { $count ->
        [0] Sie haben keine Wiederherstellungscodes mehr.
        [one] Sie haben noch einen Wiederherstellungscode.
       *[other] Sie haben noch { $count } Wiederherstellungscodes.
    }
recovery-codes-make = Zehn neue Codes ausstellen
recovery-codes-intro = Wenn Sie Ihren zweiten Faktor nicht zur Hand haben, kommen Sie mit einem dieser Codes hinein. Jeder gilt einmal. Frühere Codes gelten nicht mehr.
recovery-codes-once = Diese Codes sehen Sie nur jetzt. Drucken Sie sie aus oder legen Sie sie in Ihren Passwortspeicher, getrennt von Ihrem Telefon.
recovery-codes-done = Ich habe die Codes sicher aufbewahrt

## Anmeldungen

sessions-title = Laufende Anmeldungen
sessions-intro = Hier steht, wo Sie zurzeit angemeldet sind. Beenden Sie, was Sie nicht kennen oder nicht mehr brauchen.
sessions-current = Diese Anmeldung
sessions-device = Gerät
sessions-begun = Angemeldet
sessions-used = Zuletzt benutzt
sessions-ends = Endet spätestens
sessions-end = Anmeldung beenden
sessions-end-others = Alle anderen Anmeldungen beenden
done-session-ended = Die Anmeldung ist beendet.
done-other-sessions-ended = Alle anderen Anmeldungen sind beendet.

device-on = { $browser } unter { $system }
device-unknown = Unbekanntes Gerät
device-browser-chrome = Chrome
device-browser-edge = Edge
device-browser-firefox = Firefox
device-browser-opera = Opera
device-browser-safari = Safari
device-browser-samsung = Samsung Internet
device-browser-vivaldi = Vivaldi
device-browser-other = Unbekannter Browser
device-system-android = Android
device-system-chromeos = ChromeOS
device-system-ios = iOS
device-system-linux = Linux
device-system-macos = macOS
device-system-windows = Windows

## Bestätigen, wer man ist

confirm-identity-title = Bitte bestätigen Sie, dass Sie es sind
confirm-identity-intro = Sie haben Ihr Passwort vor mehr als fünf Minuten eingegeben. Damit niemand anderes in Ihrem Namen handelt, geben Sie es für diesen Schritt bitte noch einmal ein.
confirm-identity-carried = Was Sie eingegeben haben, geht dabei nicht verloren.
confirm-identity-button = Bestätigen

## Blockierte Mitglieder

blocks-title = Blockierte Mitglieder
blocks-where = Blockieren können Sie ein Mitglied auf seiner Seite im Verzeichnis, oder bei einer Nachricht, die es geschrieben hat.
blocks-none = Sie haben niemanden blockiert.
blocks-since = Blockiert seit

## Kopie der Daten

export-title = Kopie Ihrer Daten
export-intro = Sie können jederzeit alles herunterladen, was das Portal über Sie gespeichert hat (Art. 15 und 20 DSGVO). Die Datei ist im Format JSON, das auch andere Programme lesen. Sie enthält:
export-missing = Nicht enthalten sind Daten anderer Personen, der Prüfwert Ihres Passworts und Vermerke der Verwaltung. Über die Vermerke gibt Ihnen der Betreiber auf Antrag Auskunft.
export-button = Kopie herunterladen
export-file = meine-daten.json

## Sprache

language-title = Sprache der E-Mails
language-intro = In dieser Sprache schreibt Ihnen das Portal. Die Sprache der Seiten wählen Sie oben auf jeder Seite.
language-de = Deutsch
language-en = Englisch
language-button = Sprache speichern
done-language-set = Die Sprache Ihrer E-Mails ist gespeichert.

## Benachrichtigungen

notifications-title = E-Mails über Nachrichten und Lesestand
label-message-mail = Wann möchten Sie per E-Mail von neuen Nachrichten erfahren?
notifications-mail-hint = In der E-Mail steht nur, dass es etwas Neues gibt, nie der Text einer Nachricht. Was Sie schon gelesen haben, melden wir nicht.
notifications-at-once = Sofort: eine E-Mail je Unterhaltung, bis Sie sie gelesen haben
notifications-daily = Einmal am Tag: eine E-Mail um 7 Uhr für alle Unterhaltungen
notifications-never = Nie
label-share-read = Anderen zeigen, wie weit Sie gelesen haben
notifications-read-hint = Wenn Sie das nicht möchten, sehen Sie es auch bei anderen nicht.
notifications-button = Auswahl speichern
done-notifications-set = Ihre Auswahl ist gespeichert.

## Löschen

delete-title = Konto löschen
delete-intro = Sehen Sie hier, was gelöscht wird, bevor Sie sich entscheiden.
delete-goes = Was gelöscht wird
delete-count-activity =
    { $count ->
        [one] Eine laufende Anmeldung, dazu offene Links und noch nicht zugestellte E-Mails
       *[other] { $count } laufende Anmeldungen, dazu offene Links und noch nicht zugestellte E-Mails
    }
delete-count-credentials =
    { $count ->
        [one] Ihr Passwort
       *[other] Ihre { $count } Passwörter
    }
delete-count-messages =
    { $count ->
        [one] Eine Nachricht, die Sie geschrieben haben
       *[other] { $count } Nachrichten, die Sie geschrieben haben
    }
delete-count-enquiries =
    { $count ->
        [one] Eine Anfrage an den Betreiber, mit allem, was darin geschrieben wurde
       *[other] { $count } Anfragen an den Betreiber, mit allem, was darin geschrieben wurde
    }
delete-count-consents =
    { $count ->
        [one] Ihre Zustimmung zu den Nutzungsbedingungen
       *[other] { $count } Zustimmungen zu den Nutzungsbedingungen
    }
delete-count-master-data =
    { $count ->
        [one] Ihr Profil und die Angaben aus Ihrer Registrierung
       *[other] { $count } Profile und die Angaben aus der Registrierung
    }
delete-count-contact =
    { $count ->
        [one] Ihre E-Mail-Adresse
       *[other] { $count } E-Mail-Adressen
    }
delete-others = Was andere geschrieben haben, bleibt bei ihnen. Statt Ihres Namens steht dort „ehemaliges Mitglied“. Eine Unterhaltung, in der niemand mehr ist, wird ganz gelöscht.
delete-stays = Was vorerst bleibt
delete-stays-intro = Auf manchen Daten liegt eine Löschsperre. Nach der Löschung des Kontos sieht sie niemand im Portal mehr, auch die Verwaltung nicht. Sobald die Sperre endet, werden sie von selbst gelöscht.
delete-kept-by-law = Es wird etwas von Gesetzes wegen aufbewahrt. Mehr dürfen wir dazu nicht sagen.
delete-held-open = Grund: { $basis }; bis die Löschsperre aufgehoben wird.
delete-held-until = Grund: { $basis }; längstens bis { $until }.
delete-when = Wann es geschieht
delete-access = Zugang
delete-access-at-once = Endet sofort. Andere Mitglieder finden und sehen Sie dann nicht mehr.
delete-undo = Rückgängig machen
delete-undo-for = { $length } lang, mit dem Link in der E-Mail, die Sie erhalten.
delete-erased = Endgültig gelöscht
delete-erased-within = Spätestens { $length } nach Ihrem Antrag, ohne dass Sie noch etwas tun müssen.
delete-form = Konto jetzt löschen
delete-copy = Eine Kopie gibt es nur, solange das Konto besteht.
delete-button = Konto löschen
delete-keep = Konto behalten

deleted-title = Ihr Konto wird gelöscht
deleted-intro = Ihr Konto ist ab sofort gesperrt und für andere nicht mehr sichtbar. Diese Angaben haben wir Ihnen auch per E-Mail geschickt; danach schreiben wir Ihnen nicht mehr.
deleted-at = Löschung verlangt
deleted-undo-until = Rückgängig zu machen bis
deleted-erase-by = Endgültig gelöscht spätestens
deleted-code = Code Ihres Löschnachweises
deleted-undo = Wenn Sie es sich anders überlegen, öffnen Sie den Link in der E-Mail. Eine Anmeldung macht die Löschung nicht rückgängig.
deleted-undo-over = Rückgängig zu machen ist die Löschung nicht mehr.
deleted-keep = Bitte bewahren Sie den Code auf, zum Beispiel als Ausdruck. Er wird hier nur einmal gezeigt. Mit ihm können Sie ohne Anmeldung prüfen, ob alles gelöscht ist.
deleted-before = Die Löschung war schon beantragt. Der Code Ihres Löschnachweises steht in der E-Mail dazu.
deleted-to-receipt = Löschnachweis prüfen
