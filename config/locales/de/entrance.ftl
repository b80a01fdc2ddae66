### Was kein Konto braucht: Startseite, Anmeldung, Registrierung.

start-title = Willkommen am Stammtisch
start-intro = Hier tauschen sich Beschäftigte aus Kommunen aus, die mit unseren Verfahren arbeiten.

sign-in-title = Anmelden
sign-in-button = Anmelden
sign-in-forgotten = Passwort vergessen
sign-in-register = Registrieren
sign-in-delete = Konto löschen, ohne sich anzumelden
sign-in-carried = Ihre Anmeldung war beendet, als Sie das Formular abgeschickt haben. Ihre Eingaben sind nicht verloren: Nach der Anmeldung machen Sie damit weiter.

done-signed-out = Sie sind abgemeldet.
