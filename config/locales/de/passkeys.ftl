### Passkeys: einrichten, zeigen, entfernen.

second-factor-passkeys = Passkeys
second-factor-passkeys-count =
    { $count ->
        [0] Mit einem Passkey melden Sie sich ohne Passwort an, mit Fingerabdruck, Gesicht oder PIN Ihres Geräts.
        [one] Sie haben einen Passkey.
       *[other] Sie haben { $count } Passkeys.
    }
second-factor-to-passkeys = Passkeys einrichten und entfernen

passkeys-title = Ihre Passkeys
passkeys-intro = Mit einem Passkey melden Sie sich ohne E-Mail-Adresse und Passwort an: Ihr Gerät prüft, dass Sie es sind, zum Beispiel mit Fingerabdruck, Gesicht oder PIN. Was es dabei prüft, verlässt das Gerät nicht. Auf nachgemachten Seiten funktioniert ein Passkey nicht.
passkeys-none = Sie haben noch keinen Passkey.
passkeys-back = Zurück zum zweiten Faktor
passkey-set-up = Eingerichtet
passkey-used = Zuletzt benutzt
passkey-never-used = noch nie
passkey-remove = Entfernen
passkey-add-title = Passkey hinzufügen
passkey-add = Passkey hinzufügen
passkey-name = Bezeichnung
passkey-name-hint = Damit Sie ihn wiedererkennen, zum Beispiel „Diensthandy“. Höchstens 60 Zeichen.
passkey-browser = Dafür muss Ihr Browser Passkeys kennen und JavaScript ausführen.
passkey-sign-in = Mit Passkey anmelden
passkey-prove = Mit Passkey bestätigen

passkey-get-cancelled = Es wurde kein Passkey gezeigt. Vielleicht haben Sie abgebrochen, oder auf diesem Gerät ist keiner für dieses Portal.
passkey-create-cancelled = Der Passkey wurde nicht eingerichtet. Vielleicht haben Sie abgebrochen, oder es hat zu lange gedauert.
passkey-known = Auf diesem Gerät haben Sie schon einen Passkey für dieses Portal.
passkey-failed = Das hat leider nicht funktioniert. Bitte versuchen Sie es noch einmal.

done-passkey-added = Der Passkey ist eingerichtet.
done-passkey-removed = Der Passkey ist entfernt. Löschen Sie ihn bitte auch auf Ihrem Gerät.

problem-passkey-invalid = Mit diesem Passkey geht es nicht. Vielleicht wurde er hier entfernt.
problem-passkey-there = Dieser Passkey ist schon eingerichtet.
problem-passkeys-full = Mehr als 10 Passkeys sind nicht möglich. Entfernen Sie zuerst einen.
problem-passkeys-unavailable = Passkeys gibt es hier nicht, weil das Portal unter einer Nummer statt unter einem Namen erreicht wird.
field-passkey-invalid = Die Antwort Ihres Browsers passt nicht zu dem, was gefragt war.
