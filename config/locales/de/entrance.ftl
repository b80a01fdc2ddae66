### Was kein Konto braucht: Startseite, Anmeldung, Registrierung, Löschnachweis.

## Startseite

start-title = Willkommen am Stammtisch
start-intro = Hier tauschen sich Beschäftigte aus Kommunen aus, die mit unseren Verfahren arbeiten.
start-uses = Was Sie hier tun können
start-uses-find = Menschen aus anderen Städten, Kreisen und Gemeinden finden, die vor denselben Aufgaben stehen
start-uses-talk = sich mit ihnen austauschen, zu zweit oder in einer Runde
start-uses-ask = dem Betreiber Fragen stellen und die Antworten nachlesen
start-promise = Unser Versprechen
start-promise-change = Ihr Profil können Sie jederzeit ändern oder löschen.
start-promise-gone = Was Sie löschen, ist nach höchstens 24 Stunden aus dem Portal entfernt.
start-promise-held = Ausgenommen ist nur, was gesetzlich aufbewahrt werden muss oder im Einzelfall noch gebraucht wird, zum Beispiel für eine offene Forderung. Das bleibt gesperrt und wird gelöscht, sobald der Grund entfällt.
start-promise-check = Wenn Sie Ihr Konto löschen, erhalten Sie einen Code. Damit können Sie prüfen, was gelöscht ist, ohne zu sagen, wer Sie sind.
start-privacy = Wie das Portal mit Ihren Daten umgeht
start-setup = Das Portal einrichten
start-setup-intro = Noch verwaltet niemand dieses Portal. Das erste Konto mit Verwaltungsrechten legen Sie auf dem Server mit diesem Befehl an:
start-setup-after = Der Befehl zeigt einen Link, mit dem das Passwort festgelegt wird. Sobald es das Konto gibt, verschwindet dieser Hinweis.

start-hello = Guten Tag, { $name }
start-conversations =
    { $count ->
        [0] Keine ungelesenen Nachrichten
        [100] In 100 oder mehr Unterhaltungen gibt es ungelesene Nachrichten.
        [one] In einer Unterhaltung gibt es ungelesene Nachrichten.
       *[other] In { $count } Unterhaltungen gibt es ungelesene Nachrichten.
    }
start-members = Andere Mitglieder finden und anschreiben
start-enquiries =
    { $count ->
        [0] Fragen an den Betreiber und seine Antworten
        [one] In den letzten 14 Tagen wurde eine Ihrer Anfragen beantwortet.
       *[other] In den letzten 14 Tagen wurden { $count } Ihrer Anfragen beantwortet.
    }
start-profile = Ihre Stammdaten, und was andere davon sehen
start-account = E-Mail-Adresse, Passwort, Anmeldungen und Löschung
start-desk-administrator = Registrierungen, Konten, Löschsperren und Anfragen
start-desk-data-protection-officer = Löschsperren, Löschungen und Verlauf
start-desk-moderator = Gemeldete Nachrichten

## Anmeldung

sign-in-title = Anmelden
sign-in-button = Anmelden
sign-in-forgotten = Passwort vergessen
sign-in-register = Registrieren
sign-in-delete = Konto löschen, ohne sich anzumelden
sign-in-receipt = Löschnachweis prüfen
sign-in-carried = Ihre Anmeldung war beendet, als Sie das Formular abgeschickt haben. Ihre Eingaben sind nicht verloren: Nach der Anmeldung machen Sie damit weiter.
sign-in-pending = Sie erhalten eine E-Mail, sobald entschieden ist. Bis dahin können Sie Ihre Registrierung mit dem Link in unserer letzten E-Mail zurückziehen.
sign-in-rejected = Die Begründung steht in der E-Mail, die Sie erhalten haben. Ihre Angaben werden ohne Ihr Zutun gelöscht; wenn Sie nicht so lange warten möchten, löschen Sie Ihr Konto selbst.
sign-in-suspended = Ihr Konto löschen können Sie auch, solange es gesperrt ist.
sign-in-deleted = Den Link und den Code finden Sie in der E-Mail über die Löschung. Mit dem Code sehen Sie, was schon gelöscht ist.

done-signed-out = Sie sind abgemeldet.

## Zweiter Schritt der Anmeldung

second-step-title = Zweiter Faktor
second-step-intro = Ihr Passwort stimmt. Für dieses Konto fragt das Portal zusätzlich nach einem Code.
second-step-lost = Wenn Sie weder Ihre App noch einen Wiederherstellungscode haben, wenden Sie sich bitte an den Betreiber.
second-step-button = Anmelden
second-step-back = Zurück zur Anmeldung

## Registrierung

register-title = Registrieren
register-intro = Nach dem Absenden erhalten Sie eine E-Mail mit einem Link. Damit bestätigen Sie Ihre Adresse und wählen Ihr Passwort.
register-data = Ihre Angaben brauchen wir, um über Ihre Registrierung zu entscheiden und Sie anderen Mitgliedern mit Namen und Organisation zu zeigen. Bestätigen Sie die Adresse nicht, werden sie nach { $hours } Stunden gelöscht; wird über Ihre Registrierung nicht entschieden, nach { $days } Tagen.
hint-register-email = Am besten die dienstliche Adresse: Daran ist zu erkennen, wo Sie arbeiten.
register-message = Nachricht an die Verwaltung
register-message-hint = Zum Beispiel, wer Sie eingeladen hat. Nur wer über die Registrierung entscheidet, liest das.
register-terms = Ich stimme den Nutzungsbedingungen in der Fassung { $version } zu.
register-terms-read = Nutzungsbedingungen lesen
register-button = Registrierung absenden
register-privacy = Wie das Portal mit Ihren Daten umgeht
register-sign-in = Ich habe schon ein Konto: anmelden
register-sent-title = Bitte sehen Sie in Ihr Postfach
register-sent-mail = Wir haben Ihnen eine E-Mail mit dem Betreff „{ $subject }“ geschickt. Der Link darin gilt 24 Stunden.
register-sent-known = Falls zu Ihrer Adresse schon ein Konto gehört, steht das stattdessen in der E-Mail.
register-sent-nothing = Wenn nach einer Viertelstunde nichts angekommen ist, sehen Sie bitte im Spam-Ordner nach, und prüfen Sie, ob die Adresse richtig geschrieben war. Sie können sich jederzeit noch einmal registrieren.
register-again = Noch einmal registrieren

## Passwort vergessen

forgotten-title = Passwort vergessen
forgotten-intro = Nennen Sie die E-Mail-Adresse Ihres Kontos. Sie erhalten dann einen Link, mit dem Sie ein neues Passwort festlegen.
forgotten-button = Link anfordern
forgotten-sign-in = Zur Anmeldung
forgotten-sent-title = Bitte sehen Sie in Ihr Postfach
forgotten-sent-mail = Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail mit dem Betreff „{ $subject }“ unterwegs. Der Link darin gilt eine Stunde.
forgotten-sent-nothing = Wenn nach einer Viertelstunde nichts angekommen ist, sehen Sie bitte im Spam-Ordner nach. Wer die Registrierung noch nicht bestätigt hat, hat noch kein Passwort und registriert sich bitte noch einmal.
forgotten-again = Noch einen Link anfordern

## Löschnachweis

receipt-title = Löschnachweis
receipt-intro = Mit dem Code aus der E-Mail über die Löschung sehen Sie, was gelöscht ist und was noch aufbewahrt wird. Mehr als den Code brauchen Sie nicht anzugeben. Er gilt bis zwölf Monate nach der Löschung.
receipt-code-hint = 43 Zeichen. Groß- und Kleinbuchstaben werden unterschieden.
receipt-button = Löschnachweis prüfen
receipt-pending = Die Löschung ist verlangt und noch nicht abgeschlossen.
receipt-held = Gelöscht ist alles, was nicht weiter aufbewahrt wird.
receipt-erased = Alles ist gelöscht.
receipt-portal = Portal
receipt-asked-at = Abgefragt am
receipt-erase-by = Frist der Löschung
receipt-erased-at = Gelöscht am
receipt-kept = Was noch aufbewahrt wird
receipt-kept-later = Was danach noch aufbewahrt wird
receipt-kept-intro = Diese Daten sind gesperrt: Niemand im Portal kann sie sehen. Sobald der Grund entfällt, werden sie ohne Ihr Zutun gelöscht.
receipt-basis = Grund
receipt-until = Längstens bis zum { $until }
receipt-until-released = Bis der Grund entfällt; ein Ende steht noch nicht fest.
receipt-by-law = Es wird etwas aufgrund eines Gesetzes aufbewahrt. Mehr dürfen wir dazu nicht sagen.
receipt-another = Einen anderen Code prüfen

## Löschen ohne Anmeldung

delete-account-title = Konto löschen
delete-account-intro = Hier löschen Sie Ihr Konto, ohne sich anzumelden: auch wenn es gesperrt ist oder noch nicht über Ihre Registrierung entschieden wurde.
delete-account-effect = Ihr Konto ist dann sofort gesperrt und für andere nicht mehr sichtbar. Sie erhalten eine E-Mail mit einem Link, über den Sie die Löschung für kurze Zeit rückgängig machen können. Danach werden Ihre Daten gelöscht, spätestens nach 24 Stunden.
delete-account-held = Ausgenommen ist nur, was gesetzlich aufbewahrt werden muss oder im Einzelfall noch gebraucht wird, zum Beispiel für eine offene Forderung.
delete-account-button = Konto löschen
delete-account-cancel = Konto behalten
