### Alle Texte, die Menschen lesen: Seiten, Nachrichten und Fehler.
### Dieselben Schlüssel wie in en.ftl; ein Test vergleicht beide Dateien.

-portal = Stammtisch

## Zeitpunkte

instant = { $day }. { $month } { $year }, { $hour }:{ $minute } Uhr
instant-month-1 = Januar
instant-month-2 = Februar
instant-month-3 = März
instant-month-4 = April
instant-month-5 = Mai
instant-month-6 = Juni
instant-month-7 = Juli
instant-month-8 = August
instant-month-9 = September
instant-month-10 = Oktober
instant-month-11 = November
instant-month-12 = Dezember

## Zeiträume

length-seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
length-minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
length-hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
length-days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
length-months =
    { $count ->
        [one] { $count } Monat
       *[other] { $count } Monate
    }
length-years =
    { $count ->
        [one] { $count } Jahr
       *[other] { $count } Jahre
    }

## E-Mails: Rahmen aller Nachrichten
## Der erste Satz nach der Anrede beginnt klein, außer mit einer Höflichkeitsform.

mail-greeting = Guten Tag,
mail-sender = Diese Nachricht hat das Portal { -portal } automatisch verschickt:
mail-link-24-hours = Der Link gilt 24 Stunden.
mail-link-1-hour = Der Link gilt eine Stunde.

## E-Mails: Registrierung

mail-confirm-registration-subject = Bitte bestätigen Sie Ihre Registrierung
mail-confirm-registration-intro = mit dieser E-Mail-Adresse wurde ein Konto auf dem Portal { -portal } beantragt. Bitte bestätigen Sie die Registrierung und wählen Sie dabei Ihr Passwort:
mail-confirm-registration-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ohne Ihre Bestätigung entsteht kein Zugang, und die Angaben werden nach 72 Stunden gelöscht.

mail-already-registered-subject = Sie haben bereits ein Konto
mail-already-registered-intro = mit dieser E-Mail-Adresse sollte ein Konto auf dem Portal { -portal } beantragt werden. Zu ihr gehört aber bereits ein Konto. Sie können sich hier anmelden und, falls nötig, Ihr Passwort zurücksetzen:
mail-already-registered-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: An Ihrem Konto hat sich nichts geändert.

mail-deletion-under-way-subject = Ihr Konto wird gerade gelöscht
mail-deletion-under-way-intro = mit dieser E-Mail-Adresse sollte ein Konto auf dem Portal { -portal } beantragt werden. Das Konto, das bisher zu ihr gehört, wird gerade gelöscht.
mail-deletion-under-way-undo = Wenn Sie das bisherige Konto behalten möchten, machen Sie die Löschung bitte bis zum { $undo_until } rückgängig. Den Link dazu finden Sie in unserer Nachricht über die Löschung.
mail-deletion-under-way-again = Wenn Sie ein neues Konto möchten, registrieren Sie sich bitte nach diesem Zeitpunkt noch einmal:
mail-deletion-under-way-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun.

mail-registration-pending-subject = Ihre Registrierung wird geprüft
mail-registration-pending-intro = Sie haben Ihre Registrierung auf dem Portal { -portal } bestätigt. Eine Administratorin oder ein Administrator entscheidet nun darüber; das Ergebnis erfahren Sie per E-Mail.
mail-registration-pending-limit = Wird innerhalb von 90 Tagen nicht entschieden, werden Ihre Angaben gelöscht.
mail-registration-pending-withdraw = Solange nicht entschieden ist, können Sie Ihre Registrierung mit diesem Link zurückziehen. Ihre Angaben werden dann gelöscht; das lässt sich nicht rückgängig machen.

mail-registration-approved-subject = Ihr Konto ist freigeschaltet
mail-registration-approved-intro = Ihre Registrierung auf dem Portal { -portal } wurde angenommen. Sie können sich jetzt mit Ihrer E-Mail-Adresse und Ihrem Passwort anmelden:

mail-registration-rejected-subject = Ihre Registrierung wurde abgelehnt
mail-registration-rejected-intro = Ihre Registrierung auf dem Portal { -portal } wurde nicht angenommen. Die Begründung lautet:
mail-registration-rejected-limit = Ihre Angaben werden nach 30 Tagen gelöscht.

## E-Mails: Anmeldung und E-Mail-Adresse

mail-password-reset-subject = Neues Passwort festlegen
mail-password-reset-intro = für Ihr Konto auf dem Portal { -portal } wurde ein neues Passwort angefordert. Hier können Sie es festlegen:
mail-password-reset-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt weiter.

mail-email-change-confirm-subject = Bitte bestätigen Sie Ihre neue E-Mail-Adresse
mail-email-change-confirm-intro = diese E-Mail-Adresse soll künftig zu einem Konto auf dem Portal { -portal } gehören. Bitte bestätigen Sie die Änderung:
mail-email-change-confirm-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ohne Ihre Bestätigung ändert sich nichts.

mail-email-change-announced-subject = Ihre E-Mail-Adresse soll geändert werden
mail-email-change-announced-intro = für Ihr Konto auf dem Portal { -portal } wurde eine neue E-Mail-Adresse angegeben. Sobald sie bestätigt ist, ersetzt sie diese hier.
mail-email-change-announced-stranger = Wenn Sie das nicht waren, melden Sie sich bitte umgehend an und ändern Sie Ihr Passwort:

mail-email-change-taken-subject = Zu dieser E-Mail-Adresse gibt es bereits ein Konto
mail-email-change-taken-intro = diese E-Mail-Adresse sollte für ein anderes Konto auf dem Portal { -portal } eingetragen werden. Zu ihr gehört aber bereits ein Konto; deshalb wurde nichts geändert.
mail-email-change-taken-own = Wenn Sie das waren, melden Sie sich bitte mit dieser Adresse an oder verwenden Sie für das andere Konto eine andere Adresse:
mail-email-change-taken-stranger = Wenn Sie das nicht waren, brauchen Sie nichts zu tun.

## E-Mails: Löschung

mail-deletion-requested-subject = Ihr Konto wird gelöscht
mail-deletion-requested-intro = Sie haben die Löschung Ihres Kontos auf dem Portal { -portal } verlangt.
mail-deletion-requested-intro-administrator = eine Administratorin oder ein Administrator hat die Löschung Ihres Kontos auf dem Portal { -portal } veranlasst.
mail-deletion-requested-undo = Ihr Konto ist ab sofort gesperrt und für andere nicht mehr sichtbar. Wenn Sie es behalten möchten, können Sie die Löschung bis zum { $undo_until } rückgängig machen:
mail-deletion-requested-erased = Danach werden Ihre Daten gelöscht, spätestens am { $erase_by }. Ausgenommen ist nur, was gesetzlich aufbewahrt werden muss oder im Einzelfall noch gebraucht wird, zum Beispiel für eine offene Forderung.
mail-deletion-requested-code = Mit diesem Code können Sie auf dem Portal jederzeit sehen, was gelöscht ist und was noch aufbewahrt wird. Er weist die Löschung nach und gilt bis zwölf Monate danach. Bitte bewahren Sie ihn auf:
mail-deletion-requested-last = Eine weitere Nachricht erhalten Sie nicht, denn auch Ihre E-Mail-Adresse wird gelöscht.
mail-deletion-requested-stranger = Wenn Sie das nicht waren, machen Sie die Löschung bitte rückgängig und ändern Sie danach Ihr Passwort.

mail-deletion-restored-subject = Neuer Link: Löschung Ihres Kontos rückgängig machen
mail-deletion-restored-intro = die Löschung Ihres Kontos auf dem Portal { -portal } ist beantragt. Aus technischen Gründen gilt der Link in unserer früheren Nachricht nicht mehr. Ihr Antrag besteht unverändert.
mail-deletion-restored-undo = Wenn Sie Ihr Konto behalten möchten, können Sie die Löschung mit diesem Link bis zum { $undo_until } rückgängig machen:
mail-deletion-restored-erased = Danach werden Ihre Daten gelöscht, spätestens am { $erase_by }. Ausgenommen ist nur, was gesetzlich aufbewahrt werden muss oder im Einzelfall noch gebraucht wird, zum Beispiel für eine offene Forderung.
mail-deletion-restored-code = Der Code in unserer früheren Nachricht bleibt gültig. Bitte bewahren Sie ihn auf.

## E-Mails: Betrieb

mail-administrator-invited-subject = Ihr Zugang zur Verwaltung
mail-administrator-invited-intro = für Sie wurde ein Konto zur Verwaltung des Portals { -portal } angelegt. Bitte legen Sie Ihr Passwort fest:
mail-administrator-invited-stranger = Wenn Sie diese Nachricht nicht erwartet haben, brauchen Sie nichts zu tun: Ohne Passwort kann sich mit diesem Konto niemand anmelden.

mail-enquiry-answered-subject = Ihre Anfrage wurde beantwortet
mail-enquiry-answered-intro = zu Ihrer Anfrage auf dem Portal { -portal } gibt es eine Antwort. Bitte melden Sie sich an, um sie zu lesen:

mail-registrations-waiting-subject = Registrierungen warten auf eine Entscheidung
mail-registrations-waiting-intro =
    { $count ->
        [one] eine Registrierung auf dem Portal { -portal } wartet seit mindestens 30 Tagen auf eine Entscheidung.
       *[other] { $count } Registrierungen auf dem Portal { -portal } warten seit mindestens 30 Tagen auf eine Entscheidung.
    }
mail-registrations-waiting-limit = Was nach 90 Tagen nicht entschieden ist, wird gelöscht. Bitte melden Sie sich an, um zu entscheiden:

## E-Mails: Warnungen an die Verwaltung

mail-alert-since = Seit: { $since }.
mail-alert-doctor = Auf dem Server des Portals zeigt dieser Befehl, wie es steht:
mail-alert-again = Solange das andauert, erhalten Sie dazu eine Nachricht am Tag.

mail-alert-erasure-late-subject = Löschungen sind verspätet
mail-alert-erasure-late-intro =
    { $count ->
        [one] auf dem Portal { -portal } steht ein Konto zur Löschung an, dessen Frist von 24 Stunden in weniger als vier Stunden endet oder schon überschritten ist.
       *[other] auf dem Portal { -portal } stehen { $count } Konten zur Löschung an, deren Frist von 24 Stunden in weniger als vier Stunden endet oder schon überschritten ist.
    }
mail-alert-erasure-late-act = Bitte sorgen Sie umgehend dafür, dass der Löschlauf läuft und ohne Fehler endet; das Betriebsprotokoll nennt die Konten mit ihrer Kennung. Eine überschrittene Frist wird im Löschprotokoll festgehalten und muss dokumentiert werden.

mail-alert-erasure-failing-subject = Konten lassen sich nicht löschen
mail-alert-erasure-failing-intro =
    { $count ->
        [one] auf dem Portal { -portal } konnte ein Konto, das zur Löschung ansteht, nicht gelöscht werden. Das Portal versucht es weiter, mindestens alle 30 Minuten.
       *[other] auf dem Portal { -portal } konnten { $count } Konten, die zur Löschung anstehen, nicht gelöscht werden. Das Portal versucht es weiter, mindestens alle 30 Minuten.
    }
mail-alert-erasure-failing-act = Bitte suchen Sie die Ursache im Betriebsprotokoll, das die Konten mit ihrer Kennung nennt, und beheben Sie sie, bevor die Frist von 24 Stunden endet.

mail-alert-no-sweep-subject = Seit einer Stunde ist kein Löschlauf gelungen
mail-alert-no-sweep-intro = auf dem Portal { -portal } ist seit mindestens einer Stunde kein Löschlauf gelungen. Konten, die zur Löschung anstehen, werden nicht gelöscht.
mail-alert-no-sweep-act = Bitte prüfen Sie, ob das Portal oder Ihre Zeitsteuerung den Löschlauf startet und was das Betriebsprotokoll dazu sagt.

mail-alert-ledger-unwritable-subject = Das Löschprotokoll lässt sich nicht schreiben
mail-alert-ledger-unwritable-intro = auf dem Portal { -portal } lässt sich das Löschprotokoll nicht schreiben. Solange das so ist, wird nichts gelöscht.
mail-alert-ledger-unwritable-act = Bitte prüfen Sie, ob das Verzeichnis des Löschprotokolls erreichbar und beschreibbar ist und ob auf seinem Dateisystem noch Platz ist.

mail-alert-review-missed-subject = Löschsperren wurden nicht überprüft
mail-alert-review-missed-intro =
    { $count ->
        [one] auf dem Portal { -portal } ist der Prüftermin einer Löschsperre verstrichen. Die Daten bleiben weiter aufbewahrt.
       *[other] auf dem Portal { -portal } sind die Prüftermine von { $count } Löschsperren verstrichen. Die Daten bleiben weiter aufbewahrt.
    }
mail-alert-review-missed-act = Bitte prüfen Sie in der Verwaltung, ob der Grund noch besteht: Nennen Sie einen neuen Prüftermin, oder heben Sie die Löschsperre auf.

mail-alert-clock-subject = Auf die Uhr ist kein Verlass
mail-alert-clock-intro = auf dem Portal { -portal } gehen die Uhren von Portal und Datenbank auseinander, oder es gab mehr als sieben Tage lang keinen Löschlauf. Solange das nicht geklärt ist, endet keine Löschsperre; und solange die Uhren auseinandergehen, wird nichts gelöscht.
mail-alert-clock-act = Bitte prüfen Sie die Uhren beider Server. Wenn sie richtig gehen und Löschsperren trotzdem nicht enden, bestätigen Sie das mit „stammtisch doctor --accept-clock“.

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
field-domain-invalid = Das ist kein gültiger Domainname, wie zum Beispiel „stadt-musterhausen.de“.
field-duplicate = Diese Angabe ist bereits vergeben.
field-email-invalid = Das ist keine gültige E-Mail-Adresse.
field-email-unchanged = Das ist bereits Ihre E-Mail-Adresse.
field-in-the-past = Dieser Zeitpunkt liegt in der Vergangenheit.
field-must-be-disclosed = Bei dieser Rechtsgrundlage muss die Person erfahren, worauf die Löschsperre beruht.
field-oneself = Hier können Sie sich nicht selbst angeben.
field-out-of-range = Erlaubt ist: { $limit }.
field-password-personal = Das Passwort darf nicht aus Ihrem Namen, Ihrer Organisation, Ihrer E-Mail-Adresse oder dem Namen des Portals bestehen.
field-password-too-common = Dieses Passwort ist zu leicht zu erraten. Gut sind zum Beispiel mehrere Wörter, die nichts miteinander zu tun haben.
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
field-unknown-field = Diese Angabe ist hier nicht vorgesehen.
field-unknown-member = Mindestens eine dieser Personen ist kein Mitglied oder möchte nicht gefunden werden.
field-unknown-message = Diese Nachricht gibt es in der Unterhaltung nicht.
field-unknown-value = Dieser Wert ist hier nicht vorgesehen.
field-wrong-type = Diese Angabe hat die falsche Form.

## Seiten, zu denen die Links in E-Mails führen

page-portal = { -portal }
page-error = Fehler
page-failed-title = Das hat nicht geklappt
page-password-label = Neues Passwort
page-password-hint = Mindestens { $min } und höchstens { $max } Zeichen, auch Leerzeichen. Gut sind mehrere Wörter, die nichts miteinander zu tun haben.

page-confirm-title = Registrierung bestätigen
page-confirm-intro = Bitte wählen Sie ein Passwort. Damit bestätigen Sie Ihre E-Mail-Adresse und Ihre Registrierung auf dem Portal { -portal }.
page-confirm-button = Registrierung bestätigen
page-confirm-done-title = Registrierung bestätigt
page-confirm-done = Ihr Konto ist freigeschaltet. Sie können sich jetzt mit Ihrer E-Mail-Adresse und Ihrem Passwort anmelden.
page-confirm-pending = Eine Administratorin oder ein Administrator entscheidet nun über Ihre Registrierung. Das Ergebnis erfahren Sie per E-Mail.

page-withdraw-title = Registrierung zurückziehen
page-withdraw-intro = Wenn Sie Ihre Registrierung zurückziehen, werden Ihre Angaben gelöscht. Das lässt sich nicht rückgängig machen.
page-withdraw-button = Registrierung zurückziehen
page-withdraw-done-title = Registrierung zurückgezogen
page-withdraw-done = Ihre Angaben werden nun gelöscht. Sie brauchen nichts weiter zu tun.

page-reset-title = Neues Passwort festlegen
page-reset-intro = Bitte wählen Sie ein neues Passwort. Alle laufenden Anmeldungen enden dann.
page-reset-button = Passwort festlegen
page-reset-done-title = Passwort festgelegt
page-reset-done = Sie können sich jetzt mit dem neuen Passwort anmelden.

page-email-change-title = Neue E-Mail-Adresse bestätigen
page-email-change-intro = Mit der Bestätigung gehört diese E-Mail-Adresse zu Ihrem Konto auf dem Portal { -portal } und ersetzt die bisherige.
page-email-change-button = E-Mail-Adresse bestätigen
page-email-change-done-title = E-Mail-Adresse geändert
page-email-change-done = Bitte melden Sie sich von nun an mit der neuen E-Mail-Adresse an.

page-undo-title = Löschung rückgängig machen
page-undo-intro = Wenn Sie die Löschung rückgängig machen, bleibt Ihr Konto bestehen, und Sie können sich wieder anmelden, soweit Sie es vorher konnten.
page-undo-button = Konto behalten
page-undo-done-title = Löschung rückgängig gemacht
page-undo-done = Ihr Konto bleibt bestehen, und es wurde nichts gelöscht. Wenn nicht Sie die Löschung verlangt haben, ändern Sie bitte Ihr Passwort.
