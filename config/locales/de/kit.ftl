### Was um jede Seite steht, und was Formulare sagen.

layout-skip = Zum Inhalt springen
layout-menu = Hauptmenü
layout-other-language = English
layout-sign-out = Abmelden
layout-footer = Rechtliches
layout-receipt = Löschnachweis prüfen
layout-privacy = Datenschutz
layout-terms = Nutzungsbedingungen
layout-accessibility = Barrierefreiheit
layout-imprint = Impressum
layout-look-over = Das Portal wurde aus einer Sicherung wiederhergestellt, die älter ist als Ihre letzten Änderungen. Das kann auch betreffen, wen Sie blockiert haben.
layout-look-over-link = Bitte sehen Sie Ihr Profil durch und speichern Sie es.
layout-look-over-notifications = Sehen Sie davor nach, welche E-Mails Sie gewählt haben; bis dahin bekommen Sie keine über Nachrichten.

menu-sign-in = Anmelden
menu-register = Registrieren
menu-desk = Verwaltung
menu-conversations = Unterhaltungen
menu-members = Mitglieder
menu-enquiries = Anfragen
menu-profile = Profil
menu-account = Konto

form-error = Fehler
form-summary = Bitte sehen Sie noch einmal hin
form-optional = (freiwillig)

failure-not-found = Vielleicht wurde die Seite verschoben, oder die Adresse ist nicht vollständig.
failure-home = Zur Startseite
failure-second-factor = Zweiten Faktor einrichten
failure-request = Wenn das öfter geschieht, nennen Sie dem Betreiber bitte diese Vorgangsnummer: { $id }
again-in = Bitte versuchen Sie es in { $wait } noch einmal.

resume-title = Sie sind wieder angemeldet
resume-intro = Ihre Eingaben sind noch da. Passwörter müssen Sie noch einmal eingeben.
resume-button = Weiter mit meinen Eingaben

proved-title = Danke, Sie sind bestätigt
proved-intro = Was Sie vorhatten, ist noch nicht geschehen. Ihre Eingaben stehen noch da.
proved-button = Zurück zu meinen Eingaben

label-email = E-Mail-Adresse
label-password = Passwort
label-code = Code
hint-code = Sechs Ziffern aus Ihrer Authenticator-App, oder einer Ihrer Wiederherstellungscodes.
hint-code-recovery = Einer Ihrer Wiederherstellungscodes.
label-new-password = Neues Passwort
hint-new-password = Mindestens { $min } und höchstens { $max } Zeichen, auch Leerzeichen. Gut sind mehrere Wörter, die nichts miteinander zu tun haben.

pager = Seiten der Liste
pager-first = Zum Anfang der Liste
pager-next = Weitere Einträge

label-subject = Betreff
label-first-name = Vorname
label-last-name = Nachname
label-organisation = Organisation
label-department = Abteilung
label-receipt-code = Code des Löschnachweises
label-position = Funktion
label-phone = Telefon
label-about = Über mich
