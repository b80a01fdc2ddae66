### Seiten, zu denen die Links in E-Mails führen.

page-failed-title = Das hat nicht geklappt

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

page-unsubscribe-title = Keine E-Mails mehr über neue Nachrichten
page-unsubscribe-intro = Sie erhalten dann vom Portal { -portal } keine E-Mails mehr über neue Nachrichten. Die Nachrichten selbst lesen Sie weiter im Portal. Wenn Ihnen eine E-Mail am Tag genügt, stellen Sie das nach der Anmeldung ein.
page-unsubscribe-button = Keine solchen E-Mails mehr
page-unsubscribe-done-title = Keine E-Mails mehr über neue Nachrichten
page-unsubscribe-done = Wir schreiben Ihnen nicht mehr, wenn es neue Nachrichten gibt. Sie können das jederzeit ändern und zum Beispiel eine E-Mail am Tag wählen.

link-sign-in = Jetzt anmelden
link-confirmed-already = Schon bestätigt: anmelden
link-register-again = Noch einmal registrieren
link-reset-again = Neuen Link anfordern
link-notifications = Selbst wählen, wann E-Mails kommen
