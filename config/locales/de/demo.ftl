### Nur in der Vorführung.

demo-strip = Das ist eine Vorführung mit erfundenen Personen.
demo-mails-link = Verschickte E-Mails lesen
demo-mails-title = Verschickte E-Mails
demo-mails-intro = Diese Seite gibt es nur in der Vorführung. Hier lesen Sie, was das Portal verschickt hat, die neuesten Nachrichten zuerst.
demo-mails-none = Bisher wurde nichts verschickt.
demo-mails-back = Zurück zu allen E-Mails
