### E-Mails.

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

mail-new-device-subject = Anmeldung auf einem neuen Gerät
mail-new-device-intro = am { $at } hat sich jemand mit Ihrem Passwort auf dem Portal { -portal } angemeldet, und zwar auf einem Gerät oder in einem Browser, den das Portal noch nicht kennt.
mail-new-device-own = Wenn Sie das waren, brauchen Sie nichts zu tun. Diese Nachricht kommt auch, wenn Ihr Browser seine Cookies gelöscht hat oder wenn seit Ihrer letzten Anmeldung dort das Passwort geändert wurde.
mail-new-device-stranger = Wenn Sie das nicht waren, kennt jemand Ihr Passwort. Bitte legen Sie umgehend ein neues fest; damit enden alle Anmeldungen:

mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-intro = am { $at } wurde das Passwort Ihres Kontos auf dem Portal { -portal } geändert. Frühere Anmeldungen sind damit beendet.
mail-password-changed-own = Wenn Sie das waren, brauchen Sie nichts zu tun.
mail-password-changed-stranger = Wenn Sie das nicht waren, legen Sie bitte umgehend ein neues Passwort fest. Prüfen Sie auch, ob jemand Zugang zu Ihrem Postfach hat:

mail-factor-totp-added-subject = Authenticator-App eingerichtet
mail-factor-totp-added-intro = am { $at } wurde für Ihr Konto auf dem Portal { -portal } eine Authenticator-App eingerichtet. Bei der Anmeldung fragt das Portal seitdem auch nach ihrem Code.
mail-factor-totp-removed-subject = Authenticator-App entfernt
mail-factor-totp-removed-intro = am { $at } wurde die Authenticator-App von Ihrem Konto auf dem Portal { -portal } entfernt.
mail-factor-passkey-added-subject = Passkey eingerichtet
mail-factor-passkey-added-intro = am { $at } wurde für Ihr Konto auf dem Portal { -portal } ein Passkey eingerichtet. Mit ihm kann man sich ohne Passwort anmelden.
mail-factor-passkey-removed-subject = Passkey entfernt
mail-factor-passkey-removed-intro = am { $at } wurde ein Passkey von Ihrem Konto auf dem Portal { -portal } entfernt.
mail-factor-recovery-codes-made-subject = Neue Wiederherstellungscodes
mail-factor-recovery-codes-made-intro = am { $at } wurden für Ihr Konto auf dem Portal { -portal } neue Wiederherstellungscodes ausgestellt. Frühere gelten nicht mehr.
mail-factor-recovery-code-used-subject = Wiederherstellungscode verwendet
mail-factor-recovery-code-used-intro = am { $at } wurde auf dem Portal { -portal } einer Ihrer Wiederherstellungscodes verwendet. Er gilt nicht mehr.
mail-factor-lost-removed-subject = Zweite Faktoren entfernt
mail-factor-lost-removed-intro = am { $at } wurden alle zweiten Faktoren Ihres Kontos auf dem Portal { -portal } entfernt, weil sie als verloren gemeldet waren. Alle Anmeldungen sind beendet; zur nächsten genügt Ihr Passwort.
mail-factor-removal-stopped-subject = Zweite Faktoren bleiben
mail-factor-removal-stopped-intro = am { $at } wurde die Entfernung Ihrer zweiten Faktoren auf dem Portal { -portal } aufgehoben. Sie bleiben, wie sie sind.
mail-factor-own = Wenn Sie das waren oder davon wissen, brauchen Sie nichts zu tun.
mail-factor-stranger = Wenn nicht, hat jemand Zugang zu Ihrem Konto. Bitte ändern Sie umgehend Ihr Passwort, beenden Sie alle anderen Anmeldungen und sehen Sie hier nach, was eingerichtet ist:

mail-factor-removal-requested-subject = Ihre zweiten Faktoren werden entfernt
mail-factor-removal-requested-intro = die Verwaltung des Portals { -portal } wurde gebeten, alle zweiten Faktoren Ihres Kontos zu entfernen, weil sie verloren seien. Das geschieht am { $due_at }.
mail-factor-removal-requested-own = Wenn Sie darum gebeten haben, brauchen Sie nichts zu tun: Danach genügt Ihr Passwort, und Sie können einen neuen zweiten Faktor einrichten.
mail-factor-removal-requested-stop = Wenn Sie nicht darum gebeten haben, melden Sie sich bitte mit einem Ihrer zweiten Faktoren an, einem Code, einem Passkey oder einem Wiederherstellungscode. Damit ist die Entfernung aufgehoben:

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

mail-enquiry-waiting-subject = Eine Anfrage wartet auf Ihre Antwort
mail-enquiry-waiting-intro = auf dem Portal { -portal } gibt es Neues in einer Anfrage, für die Sie zuständig sind. Bitte melden Sie sich an, um sie zu lesen und zu beantworten:

mail-message-removed-subject = Eine Ihrer Nachrichten wurde entfernt
mail-message-removed-intro = die Verwaltung hat nach einer Meldung Ihre Nachricht vom { $sent_at } auf dem Portal { -portal } entfernt. Die Begründung lautet:
mail-message-removed-objection = Wenn Sie damit nicht einverstanden sind, stellen Sie dem Betreiber bitte innerhalb von sechs Monaten eine Anfrage. Der Weg zu den Gerichten steht Ihnen unabhängig davon offen.

mail-account-suspended-subject = Ihr Konto wurde gesperrt
mail-account-suspended-intro = die Verwaltung hat nach einer Meldung Ihr Konto auf dem Portal { -portal } gesperrt. Sie können sich nicht mehr anmelden, Ihr Konto aber weiterhin löschen. Die Begründung lautet:
mail-account-suspended-objection = Wenn Sie damit nicht einverstanden sind, schreiben Sie dem Betreiber bitte innerhalb von sechs Monaten; wie Sie ihn erreichen, steht im Impressum. Der Weg zu den Gerichten steht Ihnen unabhängig davon offen.

mail-registrations-waiting-subject = Registrierungen warten auf eine Entscheidung
mail-registrations-waiting-intro =
    { $count ->
        [one] eine Registrierung auf dem Portal { -portal } wartet seit mindestens 30 Tagen auf eine Entscheidung.
       *[other] { $count } Registrierungen auf dem Portal { -portal } warten seit mindestens 30 Tagen auf eine Entscheidung.
    }
mail-registrations-waiting-limit = Was nach 90 Tagen nicht entschieden ist, wird gelöscht. Bitte melden Sie sich an, um zu entscheiden:

## E-Mails: neue Nachrichten

mail-unsubscribe = Wenn Sie keine E-Mails über neue Nachrichten mehr möchten, genügt dieser Link, ohne Anmeldung:
mail-new-message-subject = Sie haben eine neue Nachricht
mail-new-message-intro = auf dem Portal { -portal } wartet in einer Unterhaltung eine neue Nachricht auf Sie. Bitte melden Sie sich an, um sie zu lesen:
mail-new-message-once = Zu dieser Unterhaltung schreiben wir Ihnen erst wieder, wenn Sie dort gelesen haben.
mail-new-messages-subject = Sie haben neue Nachrichten
mail-new-messages-intro =
    { $count ->
        [one] auf dem Portal { -portal } gibt es in einer Unterhaltung neue Nachrichten für Sie. Bitte melden Sie sich an, um sie zu lesen:
       *[other] auf dem Portal { -portal } gibt es in { $count } Unterhaltungen neue Nachrichten für Sie. Bitte melden Sie sich an, um sie zu lesen:
    }

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
