### Fehler.

## Fehler: Titel

problem-bad-request = Die Anfrage ist so nicht verständlich.
problem-not-json = Die Anfrage ist kein gültiges JSON.
problem-not-signed-in = Bitte melden Sie sich an.
problem-credentials-invalid = E-Mail-Adresse oder Passwort stimmt nicht.
problem-forbidden = Dazu fehlt Ihnen die Berechtigung.
problem-cross-site = Die Anfrage kommt nicht von diesem Portal und wurde deshalb nicht ausgeführt.
problem-registration-pending = Über Ihre Registrierung ist noch nicht entschieden.
problem-registration-rejected = Ihre Registrierung wurde abgelehnt.
problem-account-suspended = Ihr Konto ist gesperrt. Bitte wenden Sie sich an den Betreiber.
problem-account-deleted = Ihr Konto wird gerade gelöscht. Solange die Frist läuft, können Sie das über den Link in der E-Mail rückgängig machen.
problem-own-account = Mit dem eigenen Konto geht das nicht.
problem-not-found = Hier gibt es nichts, oder es ist für Sie nicht sichtbar.
problem-method-not-allowed = Diese Methode gibt es hier nicht.
problem-not-pending = Diese Registrierung wartet nicht auf eine Entscheidung.
problem-not-waiting = Über die Registrierung ist bereits entschieden; sie kann nicht mehr zurückgezogen werden.
problem-wrong-status = Das ist in diesem Zustand des Kontos nicht möglich.
problem-being-deleted = Dieses Konto wird gerade gelöscht.
problem-already-erased = Diese Daten sind bereits gelöscht.
problem-undo-impossible = Die Löschung hat begonnen und kann nicht mehr rückgängig gemacht werden.
problem-last-administrator = Das ist das letzte Konto mit Verwaltungsrechten. Bitte geben Sie zuerst jemand anderem diese Rechte.
problem-second-person-missing = Dafür wird eine zweite Administratorin oder ein zweiter Administrator gebraucht.
problem-hold-ended = Diese Löschsperre ist bereits beendet.
problem-no-release-waiting = Für diese Löschsperre wartet keine Freigabe.
problem-address-taken = Diese E-Mail-Adresse gehört inzwischen zu einem anderen Konto.
problem-nobody-left = Alle anderen haben das Portal verlassen; niemand würde die Nachricht lesen.
problem-already-answered = Diese Anfrage ist bereits beantwortet.
problem-link-invalid = Dieser Link ist ungültig, abgelaufen oder schon verwendet.
problem-precondition-failed = Die Angaben wurden inzwischen geändert. Bitte laden Sie sie neu.
problem-too-large = Die Anfrage ist zu groß.
problem-unsupported-media-type = Diese Art von Inhalt wird hier nicht angenommen.
problem-invalid-input = Bitte prüfen Sie Ihre Angaben.
problem-idempotency-key-reused = Dieser Schlüssel wurde bereits für eine andere Nachricht verwendet.
problem-internal = Das hat leider nicht geklappt; der Fehler liegt bei uns.
problem-not-reconciled = Das Portal wurde aus einer Sicherung wiederhergestellt und wird gerade geprüft. Bitte versuchen Sie es später noch einmal.
problem-busy = Gerade ist sehr viel los. Bitte versuchen Sie es gleich noch einmal.
problem-timed-out = Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal.
problem-unavailable = Das Portal ist gerade nicht erreichbar. Bitte versuchen Sie es in einigen Minuten noch einmal.

## Fehler: einzelne Angaben

field-control-character = Bitte entfernen Sie unsichtbare Steuerzeichen und unzulässige Zeilenumbrüche.
field-cursor-invalid = Diese Seitenmarke ist ungültig. Bitte beginnen Sie die Liste von vorn.
field-date-invalid = Bitte geben Sie einen Tag an, zum Beispiel 31.12.2027.
field-domain-invalid = Das ist kein gültiger Domainname, wie zum Beispiel „stadt-musterhausen.de“.
field-duplicate = Diese Angabe ist bereits vergeben.
field-email-invalid = Das ist keine gültige E-Mail-Adresse.
field-email-unchanged = Das ist bereits Ihre E-Mail-Adresse.
field-in-the-past = Dieser Zeitpunkt liegt in der Vergangenheit.
field-must-be-disclosed = Bei dieser Rechtsgrundlage muss die Person erfahren, worauf die Löschsperre beruht.
field-named-twice = „{ $limit }“ steht zweimal da.
field-no-domain = „{ $limit }“ ist kein gültiger Domainname. Ein Beispiel: stadt-musterhausen.de
field-oneself = Hier können Sie sich nicht selbst angeben.
field-out-of-range = Erlaubt ist: { $limit }.
field-password-personal = Das Passwort darf nicht aus Ihrem Namen, Ihrer Organisation, Ihrer E-Mail-Adresse oder dem Namen des Portals bestehen.
field-password-too-common = Dieses Passwort ist zu leicht zu erraten. Gut sind zum Beispiel mehrere Wörter, die nichts miteinander zu tun haben.
field-password-wrong = Das Passwort stimmt nicht.
field-phone-invalid = Bitte geben Sie die Telefonnummer mit Ziffern und höchstens den Zeichen + ( ) / - . ein.
field-read-only = Diese Angabe ist festgelegt und kann hier nicht geändert werden.
field-repeated-field = Diese Angabe darf nur einmal vorkommen.
field-required = Diese Angabe fehlt.
field-terms-not-accepted = Bitte stimmen Sie den Nutzungsbedingungen in der Fassung { $limit } zu.
field-token-invalid = Dieser Link ist unvollständig oder falsch kopiert.
field-too-far = Dieser Zeitpunkt liegt zu weit in der Zukunft.
field-too-long = Höchstens { $limit } Zeichen sind möglich.
field-too-many = Höchstens { $limit } Einträge sind möglich.
field-too-short = Mindestens { $limit } Zeichen sind nötig.
field-unknown-basis = Diese Rechtsgrundlage gibt es nicht. Möglich sind: { $limit }.
field-unknown-category = Diese Datenkategorie gibt es nicht. Möglich sind: { $limit }.
field-unknown-code = Zu diesem Code gibt es keine Löschung. Vielleicht fehlt ein Zeichen; oder die Löschung wurde rückgängig gemacht oder liegt mehr als zwölf Monate zurück.
field-unknown-field = Diese Angabe ist hier nicht vorgesehen.
field-unknown-member = Mindestens eine dieser Personen ist kein Mitglied oder möchte nicht gefunden werden.
field-unknown-message = Diese Nachricht gibt es in der Unterhaltung nicht.
field-unknown-value = Dieser Wert ist hier nicht vorgesehen.
field-wrong-type = Diese Angabe hat die falsche Form.
