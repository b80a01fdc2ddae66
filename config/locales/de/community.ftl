### Was Mitglieder miteinander und mit dem Betreiber tun.

## Anfragen

enquiries-title = Anfragen an den Betreiber
enquiries-intro = Stellen Sie hier eine Frage an den Betreiber des Portals. Sobald sie beantwortet ist, erhalten Sie eine E-Mail; die Antwort lesen Sie bei Ihrer Anfrage, und dort können Sie weiterschreiben.
enquiries-new = Neue Anfrage
enquiries-own = Ihre Anfragen
enquiries-none = Sie haben noch keine Anfrage gestellt.
enquiry-body = Ihre Frage
enquiry-send = Anfrage senden
enquiry-state-open = Offen
enquiry-state-answered = Beantwortet
enquiry-state-closed = Abgeschlossen
enquiry-asked = Gefragt: { $at }
enquiry-latest = Zuletzt geschrieben: { $at }
enquiry-thread = Verlauf
enquiry-operator = Betreiber
enquiry-earlier = Früheres zeigen
enquiry-newest = Zum Neuesten
enquiry-write = Weiterschreiben
enquiry-reply = Ihr Text
enquiry-reply-send = Absenden
enquiry-reopens = Wenn Sie weiterschreiben, ist die Anfrage wieder offen.
enquiry-closing = Anfrage abschließen
enquiry-close-hint = Wenn Sie keine Antwort mehr brauchen, schließen Sie die Anfrage ab. Sie können sie weiter lesen und später weiterschreiben.
enquiry-close = Anfrage abschließen
enquiry-back = Zu allen Anfragen
done-asked = Ihre Anfrage ist eingegangen.
done-enquiry-written = Ihr Text ist eingegangen.
done-enquiry-closed = Die Anfrage ist abgeschlossen.

## Mitglieder

members-title = Mitglieder
members-query = Nach wem oder was suchen Sie?
members-query-hint = Name, Organisation oder ein anderes Wort. Die ersten Buchstaben genügen.
members-search = Mitglieder suchen
members-all = Alle Mitglieder
members-found = Gefunden zu „{ $query }“
members-narrowed = Gefundene Mitglieder
members-clear = Auswahl aufheben
members-none-found = Dazu wurde niemand gefunden. Versuchen Sie es mit weniger Wörtern oder nur mit den ersten Buchstaben. Nicht alle Mitglieder möchten gefunden werden.
members-show-all = Alle Mitglieder zeigen
members-none = Im Verzeichnis steht noch niemand.
members-own = Das sind Sie

member-own = So sehen andere Mitglieder Ihr Profil, solange Sie im Verzeichnis stehen.
member-name = Name
member-nothing-more = { $name } hat keine weiteren Angaben sichtbar gemacht.
member-write = Nachricht an { $name } schreiben
block-title = Blockieren
block-effect = Was die Person von da an schreibt, sehen Sie nicht mehr, auch nicht in Unterhaltungen mit mehreren. Die Person erfährt davon nichts.
block-stands = Sie haben diese Person blockiert. Was sie schreibt, sehen Sie nicht; was sie in dieser Zeit geschrieben hat, bleibt auch danach verborgen.
block-begin = Diese Person blockieren
block-end = Blockierung aufheben
done-blocked = Die Person ist blockiert.
done-unblocked = Die Blockierung ist aufgehoben.
member-change = Eigenes Profil ändern
member-back = Zum Verzeichnis der Mitglieder
member-colleagues = Weitere Mitglieder aus: { $place }
member-nobody-title = Nicht im Verzeichnis
member-nobody = Diese Person steht nicht oder nicht mehr im Verzeichnis. Vielleicht möchte sie nicht gefunden werden, oder sie hat das Portal verlassen.

## Unterhaltungen

conversations-title = Unterhaltungen
conversations-new = Neue Unterhaltung beginnen
conversations-none = Sie haben noch keine Unterhaltung. Suchen Sie ein Mitglied und schreiben Sie ihm.
# Bei 100 wird nicht weitergezählt.
conversations-unread =
    { $count ->
        [100] 100 oder mehr ungelesene Nachrichten
        [one] Eine ungelesene Nachricht
       *[other] { $count } ungelesene Nachrichten
    }

conversation-former =
    { $count ->
        [one] ein ehemaliges Mitglied
       *[other] { $count } ehemalige Mitglieder
    }
conversation-former-member = Ehemaliges Mitglied
conversation-you = Sie
conversation-people = Beteiligt: Sie
conversation-messages = Nachrichten
conversation-empty = In dieser Unterhaltung stehen keine Nachrichten mehr.
conversation-unread = Ab hier ungelesen
conversation-read = Gelesen
conversation-read-by = Gelesen von { $people }
conversation-earlier = Frühere Nachrichten zeigen
conversation-newest = Zu den neuesten Nachrichten
conversation-rest =
    { $count ->
        [one] Noch { $count } ungelesene Nachricht
       *[other] Noch { $count } ungelesene Nachrichten
    }
conversation-rest-hint = Lesen Sie weiter, oder springen Sie ans Ende; damit gilt alles als gelesen. Am Ende können Sie antworten.
conversation-rest-on = Weiterlesen
conversation-rest-skip = Zum Ende der Unterhaltung springen
conversation-write = Antworten
conversation-nobody-left = Alle anderen haben diese Unterhaltung oder das Portal verlassen. Sie können diese Unterhaltung nur noch lesen.
conversation-to-blocks = Blockierte Mitglieder ansehen
conversation-unsent = Ihr Text, der nicht gesendet wurde
conversation-search = Diese Unterhaltung durchsuchen
conversation-found = Gefundene Nachricht
conversation-back = Zu allen Unterhaltungen
conversation-without-subject = Unterhaltung ohne Betreff
conversation-leave = Unterhaltung verlassen
conversation-leave-intro = Sie sehen die Unterhaltung danach nicht mehr und können nicht zu ihr zurückkehren.
conversation-leave-last = Außer Ihnen ist niemand mehr in dieser Unterhaltung. Wenn Sie sie verlassen, endet sie, und alles, was in ihr geschrieben wurde, verschwindet für alle.
conversation-stay = In der Unterhaltung bleiben
done-conversation-left = Sie haben die Unterhaltung verlassen.

message-body = Ihre Nachricht
message-rule = Wenn Sie Ihr Konto löschen, verschwinden Ihre Nachrichten für alle, ebenso ein Betreff, den Sie gewählt haben. Was andere geschrieben haben, bleibt; Sie werden dort nur noch als „ehemaliges Mitglied“ genannt. Mit dem letzten Mitglied verschwindet die Unterhaltung.
message-send = Nachricht senden
message-withdraw = Für alle löschen
message-withdraw-title = Nachricht für alle löschen
message-withdraw-intro = Diese Nachricht verschwindet bei allen, die an der Unterhaltung beteiligt sind. Das lässt sich nicht rückgängig machen.
message-withdraw-button = Nachricht für alle löschen
message-keep = Nachricht behalten
done-message-sent = Ihre Nachricht ist gesendet.
done-message-withdrawn = Die Nachricht ist für alle gelöscht.

message-report = Melden oder blockieren

report-title = Nachricht melden
report-intro = Melden Sie Nachrichten, die beleidigend oder rechtswidrig sind oder gegen die Nutzungsbedingungen verstoßen. Die Verwaltung prüft Ihre Meldung und entscheidet darüber.
report-shown = Die Verwaltung sieht diese Nachricht, bis zu fünf andere Nachrichten in ihrer Nähe, Ihren Namen und Ihre Begründung, sonst nichts aus der Unterhaltung. Wer die Nachricht verfasst hat, erfährt von der Verwaltung nicht, wer sie gemeldet hat.
report-why = Was stört Sie an dieser Nachricht?
report-why-hint = Höchstens 1000 Zeichen.
report-block = Diese Person auch blockieren
report-send = Nachricht melden
report-only-block = Nur blockieren, nicht melden
report-not = Nicht melden
done-reported = Ihre Meldung ist eingegangen. Die Verwaltung prüft sie.
done-reported-and-blocked = Ihre Meldung ist eingegangen. Die Verwaltung prüft sie. Die Person ist blockiert.
done-reported-before = Sie hatten diese Nachricht schon gemeldet; es bleibt bei Ihrer ersten Meldung.
done-reported-before-and-blocked = Sie hatten diese Nachricht schon gemeldet; es bleibt bei Ihrer ersten Meldung. Die Person ist blockiert.

search-title = Nachrichten durchsuchen
search-query = Wonach suchen Sie in Ihren Nachrichten?
search-hint = Alle Wörter müssen vorkommen, in welcher Form auch immer: „Sitzung“ findet „Sitzungen“, „Müller“ findet „Mueller“. Wörter in Anführungszeichen müssen aufeinander folgen, ein Wort mit einem Minus davor darf nicht vorkommen, und von zwei Wörtern mit „oder“ dazwischen genügt eines.
search-button = Nachrichten durchsuchen
search-found = Gefunden zu „{ $query }“
search-none = Dazu wurde keine Nachricht gefunden. Versuchen Sie es mit weniger oder anderen Wörtern.
search-within = Durchsucht wird nur diese Unterhaltung: { $title }.
search-everywhere = Alle Unterhaltungen durchsuchen

opening-title = Neue Unterhaltung
opening-intro = Suchen Sie Mitglieder und kreuzen Sie an, wer Ihre Nachricht erhalten soll. Solange Sie suchen, bleibt stehen, was Sie angekreuzt und geschrieben haben.
opening-more = Nach wem oder was suchen Sie außerdem?
opening-next = Weitere Gefundene zeigen
opening-readers = Wer die Nachricht erhält
opening-readers-hint = Nur wer angekreuzt ist, erhält sie.
opening-nobody = Noch ist niemand ausgewählt. Suchen Sie zuerst ein Mitglied.
opening-full = Mehr Personen passen nicht in eine Unterhaltung.
opening-subject-hint = Wenn Sie mit dieser Person schon eine Unterhaltung haben, kommt Ihre Nachricht dort hinzu, und der Betreff entfällt.
