### Die Verwaltung: was wartet, und was Personen mit einer Rolle entscheiden.

desk-title = Was ansteht
desk-parts = Bereiche der Verwaltung
desk-part-overview = Was ansteht
desk-part-registrations = Registrierungen
desk-part-accounts = Konten
desk-part-holds = Löschsperren
desk-part-deletions = Löschungen
desk-part-reports = Meldungen
desk-part-enquiries = Eingegangene Anfragen
desk-part-organisations = Organisationen
desk-part-mails = Nicht zugestellte E-Mails
desk-part-audit = Prüfprotokoll

desk-nothing = Im Augenblick wartet nichts auf Sie.
desk-deletions =
    { $count ->
        [one] Eine Löschung ist noch nicht abgeschlossen
       *[other] { $count } Löschungen sind noch nicht abgeschlossen
    }
desk-deletions-all = Alle Löschungen ansehen
desk-registrations =
    { $count ->
        [one] Eine Registrierung wartet auf Ihre Entscheidung
       *[other] { $count } Registrierungen warten auf Ihre Entscheidung
    }
desk-registrations-all = Alle Registrierungen ansehen
desk-releases =
    { $count ->
        [one] Eine Aufhebung wartet auf eine zweite Person
       *[other] { $count } Aufhebungen warten auf eine zweite Person
    }
desk-releases-all = Alle wartenden Aufhebungen ansehen
desk-reviews =
    { $count ->
        [one] Eine Löschsperre ist demnächst zu prüfen
       *[other] { $count } Löschsperren sind demnächst zu prüfen
    }
desk-reviews-all = Alle Löschsperren nach Prüftermin ansehen
desk-reports =
    { $count ->
        [one] Eine gemeldete Nachricht wartet auf Ihre Entscheidung
       *[other] { $count } gemeldete Nachrichten warten auf Ihre Entscheidung
    }
desk-reports-all = Alle offenen Meldungen ansehen
desk-enquiries =
    { $count ->
        [one] Eine Anfrage ist noch nicht beantwortet
       *[other] { $count } Anfragen sind noch nicht beantwortet
    }
desk-enquiries-all = Alle offenen Anfragen ansehen
desk-mails =
    { $count ->
        [one] Eine E-Mail konnte nicht zugestellt werden
       *[other] { $count } E-Mails konnten nicht zugestellt werden
    }
desk-mails-all = Alle nicht zugestellten E-Mails ansehen

desk-account = Konto
desk-account-id = Konto { $id }
desk-cancel = Abbrechen
desk-department = Amt oder Abteilung
desk-email = E-Mail-Adresse
desk-nobody = Portal
desk-organisation = Organisation
desk-search = Suchen
desk-status = Status

## Registrierungen

registrations-intro = Wer am längsten wartet, steht oben. Nach 90 Tagen ohne Entscheidung werden die Angaben gelöscht.
registrations-none = Es wartet niemand auf eine Entscheidung.
registration-waits = Wartet: { $length }
registration-lapses = Wird ohne Entscheidung am { $at } gelöscht
registration-lapses-at = Löschung ohne Entscheidung
registration-confirmed-at = E-Mail-Adresse bestätigt
registration-message = Nachricht an die Verwaltung
registration-decide = Entscheidung
registration-reason = Begründung, wenn Sie ablehnen
registration-reason-hint = Die Begründung geht per E-Mail an die Person. Zum Freischalten lassen Sie das Feld leer.
registration-approve = Freischalten
registration-reject = Ablehnen
registration-later = Später entscheiden
done-approved = Das Konto ist freigeschaltet. Die Person erfährt es per E-Mail.
done-rejected = Die Registrierung ist abgelehnt. Die Person erfährt es per E-Mail, und ihre Angaben werden nach 30 Tagen gelöscht.

## Konten

accounts-query = Name, Organisation oder E-Mail-Adresse
accounts-every-status = alle
accounts-none = Kein Konto passt zu dieser Suche.
account-status-active = aktiv
account-status-pending = wartet auf Entscheidung
account-status-unconfirmed = nicht bestätigt
account-status-suspended = gesperrt
account-status-rejected = abgelehnt
account-status-deleted = wird gelöscht
account-status-erasing = Löschung läuft
account-role = Rolle
account-role-member = Mitglied
account-role-moderator = Moderation
account-role-administrator = Verwaltung
account-role-data-protection-officer = Datenschutz
account-created-at = Angelegt
account-decided = Aufnahme
account-rule-mail-domain = Domain der E-Mail-Adresse
account-rule-administrator = Entscheidung der Verwaltung
account-rule-no-approval = ohne Freigabe
account-rule-command-line = auf dem Server angelegt
account-lapses-at = Wird gelöscht, soweit nichts gesperrt ist
account-id = Kennung
account-to-registration = Über die Registrierung entscheiden
account-leaving = Löschung
account-deleted-at = Verlangt
account-undo-until = Rückgängig zu machen bis
account-erase-by = Spätestens gelöscht, soweit nichts gesperrt ist
account-no-holds = Für dieses Konto gibt es keine Löschsperre.
account-place-hold = Löschsperre setzen
account-history = Verlauf
account-whole-history = Ganzen Verlauf des Kontos ansehen
account-suspending = Zugang
account-suspend-hint = Eine Sperre beendet alle Anmeldungen sofort. Die Person kann ihr Konto weiterhin löschen.
account-suspend = Konto sperren
account-sessions = Anmeldungen
account-end-sessions-hint = Wenn ein Gerät verloren ging oder jemand anderes angemeldet sein könnte: Alle Anmeldungen enden sofort. Mit dem Passwort kann sich die Person wieder anmelden.
account-end-sessions = Alle Anmeldungen beenden
account-reinstate-hint = Das Konto ist gesperrt. Nach dem Entsperren kann sich die Person wieder anmelden.
account-reinstate = Konto entsperren
account-factors = Zweiter Faktor
account-factors-none = Für dieses Konto ist keiner eingerichtet.
account-factors-lost = Wenn die Person alle zweiten Faktoren verloren hat: Vergewissern Sie sich, wer sie ist, zum Beispiel durch einen Rückruf. Die Faktoren werden nach 48 Stunden entfernt; die Person erfährt es sofort per E-Mail und kann es verhindern, indem sie sich mit einem von ihnen anmeldet.
account-factors-remove = Verlorene Faktoren entfernen
account-factors-due = Alle zweiten Faktoren werden am { $at } entfernt, wenn sich die Person nicht davor mit einem von ihnen anmeldet.
account-factors-keep = Entfernung zurücknehmen
done-factor-removal-requested = Die zweiten Faktoren werden in 48 Stunden entfernt. Die Person erfährt es per E-Mail.
done-factor-removal-withdrawn = Die zweiten Faktoren bleiben.
account-roles = Rolle
account-role-member-hint = nutzt das Portal wie alle anderen
account-role-moderator-hint = sieht gemeldete Nachrichten und entscheidet darüber
account-role-administrator-hint = sieht alle Konten und entscheidet über Registrierungen, Meldungen, Anfragen, Löschsperren und Rollen
account-role-data-protection-officer-hint = sieht Konten, Löschungen und den Verlauf und entscheidet über Löschsperren, sieht aber keine Nachrichten, Meldungen und Anfragen
account-role-give = Rolle geben
account-deleting = Im Auftrag der Person löschen
account-delete-hint = Nur wenn die Person die Löschung auf anderem Weg verlangt hat. Sie erhält eine E-Mail und kann die Löschung 12 Stunden lang rückgängig machen. Was keine Löschsperre erfasst, ist nach spätestens 24 Stunden gelöscht.
account-delete-reason = Wie die Löschung verlangt wurde
account-delete-reason-hint = Zum Beispiel: Brief vom 20. November. Der Vermerk wird mit dem Konto gelöscht.
account-delete = Konto löschen
done-suspended = Das Konto ist gesperrt.
done-sessions-ended = Alle Anmeldungen der Person sind beendet.
done-reinstated = Das Konto ist wieder aktiv.
done-role-given = Die Person hat jetzt diese Rolle.
done-account-deleted = Die Löschung hat begonnen. Die Person erfährt es per E-Mail.
done-already-deleted = Die Löschung war bereits verlangt; an ihren Fristen ändert sich nichts.

## Löschungen

deletions-intro = Die dringendste steht oben. Der Löschlauf erledigt alles von selbst; Namen sind ab dem Antrag nicht mehr zu sehen.
deletions-none = Es ist keine Löschung offen.
deletion-overdue = Überfällig: { $length }
deletion-remaining = Verbleibende Zeit: { $length }
deletion-held = Nur Gesperrtes ist noch da
deletion-erased-by = Spätestens gelöscht: { $at }
deletion-undo-until = Rückgängig zu machen bis { $at }
deletion-held-categories = Gesperrt: { $categories }

## Löschsperren

holds-intro = Wirksame Löschsperren, die mit dem nächsten Prüftermin zuerst. Neue setzen Sie auf der Seite des Kontos.
holds-releases-intro = Löschsperren, die nach dem Wunsch einer Person aus der Verwaltung enden sollen und auf eine zweite warten.
holds-show-releases = Nur wartende Aufhebungen zeigen
holds-show-all = Alle wirksamen Löschsperren zeigen
holds-none = Es gibt keine solche Löschsperre.
hold-title = Löschsperre { $reference }
hold-state-active = wirksam
hold-state-released = aufgehoben
hold-state-expired = abgelaufen
hold-state-waiting = Aufhebung wartet
hold-state-missed = Prüftermin versäumt
hold-keeps = Erfasst: { $categories }
hold-review-at = Zu prüfen bis { $at }
hold-basis = Rechtsgrundlage
hold-reference = Bezug
hold-reference-hint = Die Norm oder das Aktenzeichen, zum Beispiel § 147 AO. Bitte keine Namen.
hold-for-report = Meldung { $id }
hold-categories = Datenkategorien
hold-categories-hint = Nur was für den Zweck nötig ist. Alles andere wird gelöscht wie sonst auch.
hold-review = Prüftermin
hold-review-hint = Bis dahin muss jemand prüfen, ob der Grund noch besteht: spätestens am { $at }. Ohne Angabe in sechs Monaten.
hold-expires = Endet von selbst
hold-expires-hint = Nach diesem Tag, höchstens elf Jahre voraus. Ohne Angabe gilt die Löschsperre, bis sie aufgehoben wird.
hold-expires-never = nein, erst mit der Aufhebung
hold-disclose = Die Person erfährt im Löschnachweis die Rechtsgrundlage
hold-disclose-hint = Nur bei einem gerichtlichen Verfahren und bei der Anordnung einer Behörde darf das unterbleiben.
hold-disclosure = Auskunft an die Person
hold-disclosed = Der Löschnachweis nennt die Rechtsgrundlage.
hold-undisclosed = Der Löschnachweis sagt nur, dass etwas aus gesetzlichen Gründen aufbewahrt wird.
hold-placed = Gesetzt
hold-reviewed-at = Zuletzt geprüft
hold-released = Aufgehoben
hold-own-account = Über Löschsperren auf dem eigenen Konto entscheiden andere.
hold-review-heading = Prüfen und verlängern
hold-review-reason = Warum die Löschsperre weiter nötig ist
hold-next-review = Nächster Prüftermin
hold-next-review-hint = Spätestens am { $at }.
hold-review-button = Prüfung festhalten
hold-release-heading = Aufheben
hold-release-hint = Was nur diese Löschsperre erfasst und sonst schon gelöscht wäre, wird nach der Aufhebung binnen 24 Stunden gelöscht.
hold-release-reason = Warum die Löschsperre nicht mehr nötig ist
hold-release = Löschsperre aufheben
hold-release-asked = { $name } möchte diese Löschsperre aufheben.
hold-release-waits = Die Aufhebung wartet auf eine zweite Person aus Verwaltung oder Datenschutz.
hold-release-confirm = Mit Ihrer Zustimmung ist sie aufgehoben; die Begründung der ersten Person steht unten.
hold-withdraw = Aufhebung zurücknehmen
hold-reasons = Begründungen
hold-note-hold-review = Prüfung
hold-note-hold-release-request = Aufhebung gewünscht
hold-note-hold-release = Aufhebung
place-hold-title = Löschsperre setzen
place-hold-intro = Eine Löschsperre hält Daten fest, die sonst gelöscht würden. Die Vorschau zeigt, was bleibt und was trotzdem gelöscht wird.
place-hold-preview = Vorschau ansehen
place-hold-place = Löschsperre setzen
place-hold-effect = Was diese Löschsperre bewirkt
place-hold-entries =
    { $count ->
        [one] { $count } Eintrag
       *[other] { $count } Einträge
    }
place-hold-kept = Bleibt: { $entries }
place-hold-kept-already = Bleibt wegen einer anderen Löschsperre: { $entries }
place-hold-goes = Wird trotzdem gelöscht: { $entries }
place-hold-goes-by = Das Konto wird gelöscht. Was nicht bleibt, ist spätestens am { $at } weg.
place-hold-goes-later = Das Konto besteht. Wird es gelöscht, ist nach spätestens 24 Stunden weg, was nicht bleibt.
done-hold-placed = Die Löschsperre ist gesetzt.
done-hold-reviewed = Die Prüfung ist festgehalten.
done-hold-released = Die Löschsperre ist aufgehoben.
done-release-waits = Ihr Wunsch ist festgehalten. Die Löschsperre endet, sobald eine zweite Person zustimmt.
done-release-withdrawn = Die Löschsperre bleibt bestehen.

## Meldungen

reports-open = Offene Meldungen
reports-removed = Meldungen, nach denen die Nachricht entfernt wurde
reports-suspended = Meldungen, nach denen das Konto gesperrt wurde
reports-dismissed = Abgewiesene Meldungen
reports-all = Alle Meldungen
reports-intro = Nachrichten, die Mitglieder gemeldet haben. Die Nachricht selbst sehen Sie erst, wenn Sie die Meldung öffnen.
reports-none-open = Über alle Meldungen ist entschieden.
reports-none-removed = Nach keiner Meldung wurde eine Nachricht entfernt.
reports-none-suspended = Nach keiner Meldung wurde ein Konto gesperrt.
reports-none-dismissed = Keine Meldung wurde abgewiesen.
reports-none-all = Es gibt keine Meldungen.
reports-show-open = Offene Meldungen zeigen
reports-show-removed = Meldungen zeigen, nach denen die Nachricht entfernt wurde
reports-show-suspended = Meldungen zeigen, nach denen das Konto gesperrt wurde
reports-show-dismissed = Abgewiesene Meldungen zeigen
reports-show-all = Alle Meldungen zeigen
report-state-open = offen
report-state-removed = Nachricht entfernt
report-state-suspended = Konto gesperrt
report-state-dismissed = abgewiesen
report-desk-title = Gemeldete Nachricht
report-logged = Dass Sie diese Nachrichten ansehen, steht im Prüfprotokoll.
report-author = Verfasst von
report-by = Gemeldet von
report-at = Gemeldet am
report-reason = Grund der Meldung
report-messages = Die Nachricht und bis zu fünf andere in ihrer Nähe
report-this = gemeldet
report-gone = Die Nachricht gibt es nicht mehr.
report-out-of-sight = Die Nachricht sieht niemand mehr; gelöscht ist sie noch nicht.
report-decide = Entscheidung
report-decide-hint = Wenn Sie die Nachricht entfernen, verschwindet sie für alle. Wenn Sie auch das Konto sperren möchten, entfernen Sie zuerst die Nachricht; sperren können Sie danach auf der Seite des Kontos.
report-decision-reason = Begründung
report-decision-reason-hint = Beim Entfernen und beim Sperren geht sie per E-Mail an die Person, die die Nachricht verfasst hat. Nennen Sie nicht, wer sie gemeldet hat. Beim Abweisen ist sie freiwillig und geht an niemanden.
report-remove = Nachricht entfernen
report-suspend = Konto sperren
report-dismiss = Meldung abweisen
report-later = Später entscheiden
report-hold = Nachricht aufbewahren
report-hold-hint = Eine Meldung hält nichts fest: Löscht die Person ihre Nachricht oder ihr Konto, ist die Nachricht weg. Wenn Sie die Nachricht rechtlich noch brauchen, setzen Sie eine Löschsperre auf die Nachrichten dieses Kontos, und zwar bevor Sie die Nachricht entfernen.
report-hold-others = Eine Meldung hält nichts fest: Löscht die Person ihre Nachricht oder ihr Konto, ist die Nachricht weg. Wird sie rechtlich noch gebraucht, wenden Sie sich an Verwaltung oder Datenschutz, bevor Sie entscheiden: Dort werden Löschsperren gesetzt.
report-decided = Entschieden
report-decided-by = Entschieden von
report-decided-at = Entschieden am
report-not-sent = Ihre Begründung, nicht gesendet
report-back = Zu den offenen Meldungen
done-message-removed = Die Nachricht ist entfernt. Die Person, die sie verfasst hat, erfährt es per E-Mail.
done-author-suspended = Das Konto ist gesperrt. Die Person erfährt es per E-Mail.
done-report-dismissed = Die Meldung ist abgewiesen.

## Anfragen

enquiries-desk-open = Offene Anfragen
enquiries-desk-unassigned = Offene Anfragen ohne Zuständigkeit
enquiries-desk-mine = Ihre Anfragen
enquiries-desk-answered = Beantwortete Anfragen
enquiries-desk-closed = Abgeschlossene Anfragen
enquiries-desk-all = Alle Anfragen
enquiries-desk-none-open = Alle Anfragen sind beantwortet.
enquiries-desk-none-unassigned = Für jede offene Anfrage ist jemand zuständig.
enquiries-desk-none-mine = Sie sind für keine Anfrage zuständig.
enquiries-desk-none-answered = Keine Anfrage ist beantwortet und noch nicht abgeschlossen.
enquiries-desk-none-closed = Keine Anfrage ist abgeschlossen.
enquiries-desk-none-all = Es gibt keine Anfragen.
enquiries-desk-show-open = Offene Anfragen zeigen
enquiries-desk-show-unassigned = Offene Anfragen ohne Zuständigkeit zeigen
enquiries-desk-show-mine = Anfragen zeigen, für die Sie zuständig sind
enquiries-desk-show-answered = Beantwortete Anfragen zeigen
enquiries-desk-show-closed = Abgeschlossene Anfragen zeigen
enquiries-desk-show-all = Alle Anfragen zeigen
enquiry-asked-by = Gefragt von
enquiry-asked-at = Gefragt am
enquiry-state = Stand
enquiry-assigned-to = Zuständig: { $name }
enquiry-to-answer = Antworten
enquiry-answer = Antwort
enquiry-answer-hint = Die Person erfährt per E-Mail, dass es eine Antwort gibt, und liest sie im Portal.
enquiry-answer-send = Antwort senden
enquiry-later = Später antworten
enquiry-assignment = Zuständigkeit
enquiry-assignee = Zuständig
enquiry-assignee-hint = Wer zuständig ist, erfährt per E-Mail, wenn die Person auf eine Antwort wartet.
enquiry-nobody = niemand
enquiry-assign = Zuständigkeit speichern
enquiry-take = Selbst übernehmen
enquiry-close-desk-hint = Wenn nichts mehr zu antworten ist, schließen Sie die Anfrage ab. Schreibt die Person weiter, ist sie wieder offen.
done-answered = Die Antwort ist gesendet.
done-enquiry-assigned = Die Zuständigkeit ist gespeichert.

## Organisationen

organisations-intro = Wer sich mit einer E-Mail-Adresse unter diesen Domains registriert, gehört zur Organisation und wird je nach Einstellung sofort freigeschaltet.
organisations-none = Es ist noch keine Organisation eingetragen.
organisation-new = Organisation hinzufügen
organisation-name = Name der Organisation
organisation-domains = Domains ihrer E-Mail-Adressen
organisation-domains-hint = Eine in jeder Zeile, ohne @, zum Beispiel stadt-musterhausen.de
organisation-no-domains = keine Domain
organisation-add = Hinzufügen
organisation-change-hint = Wer schon Mitglied ist, behält den Namen der Organisation von damals.
organisation-save = Änderungen speichern
organisation-removing = Organisation entfernen
organisation-remove-hint = Ihre Mitglieder bleiben Mitglieder. Neue Registrierungen mit ihren Domains warten auf eine Entscheidung.
organisation-remove = Organisation entfernen
organisation-remove-sure = Möchten Sie diese Organisation wirklich entfernen?
organisation-remove-now = Ja, Organisation entfernen
done-organisation-added = Die Organisation ist hinzugefügt.
done-organisation-saved = Die Änderungen sind gespeichert.
done-organisation-removed = Die Organisation ist entfernt.

## Nicht zugestellte E-Mails

mails-intro = E-Mails, die mindestens einmal nicht zugestellt werden konnten. Adressen und Texte stehen hier nicht.
mails-none = Alle E-Mails wurden zugestellt.
mail-dropped = E-Mail, deren Text schon gelöscht ist
mail-given-up = aufgegeben
mail-waits = wird wieder versucht
mail-queued-at = Seit { $at }
mail-tries =
    { $count ->
        [one] Einmal versucht
       *[other] { $count }-mal versucht
    }
mail-next-try = Nächster Versuch: { $at }
mail-failure-not-delivered-yet = Der Mailserver hat sie noch nicht angenommen.
mail-failure-undeliverable = Die Zustellung ist in der vorgesehenen Zeit nicht gelungen.
mail-failure-refused = Der Mailserver hat sie abgelehnt.
mail-failure-unreadable = Sie konnte nicht geschrieben werden.
letter-confirm-registration = Registrierung bestätigen
letter-already-registered = Hinweis auf ein bestehendes Konto
letter-deletion-under-way = Hinweis auf eine laufende Löschung
letter-registration-pending = Registrierung wartet auf Entscheidung
letter-registration-approved = Registrierung angenommen
letter-registration-rejected = Registrierung abgelehnt
letter-password-reset = Neues Passwort festlegen
letter-new-device = Hinweis auf ein neues Gerät
letter-password-changed = Hinweis auf ein geändertes Passwort
letter-email-change-confirm = Neue E-Mail-Adresse bestätigen
letter-email-change-announced = Hinweis auf die Änderung der E-Mail-Adresse
letter-email-change-taken = E-Mail-Adresse ist schon vergeben
letter-deletion-requested = Löschung des Kontos
letter-deletion-restored = Löschung nach einer Wiederherstellung
letter-administrator-invited = Einladung in die Verwaltung
letter-enquiry-answered = Anfrage beantwortet
letter-enquiry-waiting = Anfrage wartet auf Antwort
letter-new-message = Hinweis auf eine neue Nachricht
letter-new-messages = Täglicher Hinweis auf neue Nachrichten
letter-message-removed = Nachricht entfernt
letter-account-suspended = Konto gesperrt
letter-registrations-waiting = Erinnerung an wartende Registrierungen
letter-alert = Warnung an die Verwaltung

## Prüfprotokoll

audit-account = Kennung des Kontos
audit-account-hint = Nur Einträge zu diesem Konto. Die Kennung steht auf der Seite des Kontos.
audit-kind = Art
audit-kind-hint = Wer sich angemeldet hat und wer abgewiesen wurde, steht hier 90 Tage, und nicht länger als das Konto.
audit-kind-deeds = Handlungen
audit-kind-access = Anmeldungen
audit-kind-all = Alles
audit-no-account = keines
audit-none = Dazu gibt es keine Einträge.
audit-caption = Neueste Einträge zuerst
audit-at = Wann
audit-what = Was
audit-who = Wer
audit-access-refused = Abgewiesen, weil die Rolle fehlt
audit-account-erased = Konto endgültig gelöscht
audit-account-reinstated = Konto entsperrt
audit-account-suspended = Konto gesperrt
audit-administrator-created = Verwaltungskonto angelegt
audit-clock-accepted = Uhrzeit bestätigt
audit-code-refused = Richtiges Passwort mit falschem Code
audit-database-reconciled = Nach einer Wiederherstellung abgeglichen
audit-deletion-requested = Löschung verlangt
audit-deletion-requested-on-behalf = Löschung im Auftrag der Person verlangt
audit-deletion-undone = Löschung rückgängig gemacht
audit-demo-begun = Vorführung angelegt
audit-email-change-requested = Änderung der E-Mail-Adresse verlangt
audit-email-changed = E-Mail-Adresse geändert
audit-enquiry-answered = Anfrage beantwortet
audit-enquiry-assigned = Zuständigkeit für eine Anfrage festgelegt
audit-enquiry-closed = Anfrage abgeschlossen
audit-enquiry-freed = Zuständigkeit für eine Anfrage aufgehoben
audit-erasure-breached = Löschfrist überschritten
audit-factor-removal-requested = Entfernung verlorener zweiter Faktoren verlangt
audit-factor-removal-stopped = Entfernung verlorener zweiter Faktoren durch Anmeldung verhindert
audit-factor-removal-withdrawn = Entfernung verlorener zweiter Faktoren zurückgenommen
audit-factors-removed = Verlorene zweite Faktoren entfernt
audit-hold-placed = Löschsperre gesetzt
audit-hold-release-requested = Aufhebung einer Löschsperre gewünscht
audit-hold-release-withdrawn = Wunsch nach Aufhebung zurückgenommen
audit-hold-released = Löschsperre aufgehoben
audit-hold-reviewed = Löschsperre geprüft
audit-organisation-changed = Organisation geändert
audit-organisation-created = Organisation hinzugefügt
audit-organisation-removed = Organisation entfernt
audit-passkey-added = Passkey eingerichtet
audit-passkey-removed = Passkey entfernt
audit-password-changed = Passwort geändert
audit-password-reset = Passwort neu festgelegt
audit-proof-refused = Falsches Passwort trotz Anmeldung
audit-recovery-code-used = Wiederherstellungscode verwendet
audit-recovery-codes-made = Wiederherstellungscodes ausgestellt
audit-registration-activated = Registrierung bestätigt und freigeschaltet
audit-registration-approved = Registrierung angenommen
audit-registration-confirmed = Registrierung bestätigt
audit-registration-rejected = Registrierung abgelehnt
audit-registration-withdrawn = Registrierung zurückgezogen
audit-report-dismissed = Meldung abgewiesen
audit-report-filed = Nachricht gemeldet
audit-report-removed = Gemeldete Nachricht entfernt
audit-report-suspended = Konto nach einer Meldung gesperrt
audit-report-viewed = Gemeldete Nachricht angesehen
audit-role-administrator = Rolle Verwaltung gegeben
audit-role-data-protection-officer = Rolle Datenschutz gegeben
audit-role-member = Rolle entzogen
audit-role-moderator = Rolle Moderation gegeben
audit-session-begun = Angemeldet
audit-session-ended = Abgemeldet
audit-session-refused = Anmeldung abgewiesen
audit-sessions-ended = Alle Anmeldungen der Person beendet
audit-sessions-others-ended = Andere Anmeldungen beendet
audit-totp-added = Authenticator-App eingerichtet
audit-totp-removed = Authenticator-App entfernt
