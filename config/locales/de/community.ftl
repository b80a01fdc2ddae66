### Was Mitglieder miteinander und mit dem Betreiber tun.

## Anfragen

enquiries-title = Anfragen an den Betreiber
enquiries-intro = Stellen Sie hier eine Frage an den Betreiber des Portals. Sobald sie beantwortet ist, erhalten Sie eine E-Mail; die Antwort lesen Sie auf dieser Seite.
enquiries-new = Neue Anfrage
enquiries-own = Ihre Anfragen
enquiries-none = Sie haben noch keine Anfrage gestellt.
enquiries-answer = Antwort
enquiries-open = Noch nicht beantwortet
enquiry-body = Ihre Frage
enquiry-send = Anfrage senden
done-asked = Ihre Anfrage ist eingegangen.
