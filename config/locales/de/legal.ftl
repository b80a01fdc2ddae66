### Impressum, Datenschutz, Barrierefreiheit, Nutzungsbedingungen.

operator-name = Betreiber
operator-represented-by = Vertreten durch

## Impressum

imprint-title = Impressum
imprint-intro = Angaben nach § 5 des Digitale-Dienste-Gesetzes (DDG).
imprint-register = Registereintrag
imprint-vat-id = Umsatzsteuer-Identifikationsnummer

## Datenschutz

privacy-title = Datenschutz
privacy-intro = Hier steht, welche Daten das Portal { -portal } über Sie speichert, wofür, wie lange, und was Sie verlangen können. Die Angaben zu Daten und Fristen sind dieselben, nach denen das Portal löscht.
privacy-controller = Wer verantwortlich ist
privacy-officer = Datenschutzbeauftragte Person
privacy-kept = Was gespeichert wird
privacy-kept-intro = Jede Art von Daten hat ihren Zweck, ihre Rechtsgrundlage und ihre Frist.
privacy-purpose = Zweck
privacy-basis = Rechtsgrundlage
privacy-contents = Inhalt
privacy-periods = Löschfrist und ab wann sie läuft
privacy-period = { $length } ab: { $start }
privacy-needed = Ohne Name, Organisation, E-Mail-Adresse und Passwort ist keine Mitgliedschaft möglich. Alle anderen Angaben sind freiwillig.
privacy-admission-by-domain = Gehört Ihre E-Mail-Adresse zu einer eingetragenen Organisation, wird Ihr Konto nach der Bestätigung von selbst freigeschaltet. Über alle anderen Registrierungen, auch über jede Ablehnung, entscheiden Menschen. Automatisierte Entscheidungen im Sinne von Art. 22 DSGVO gibt es nicht.
privacy-admission-always = Über jede Registrierung entscheiden Menschen. Automatisierte Entscheidungen im Sinne von Art. 22 DSGVO gibt es nicht.
privacy-admission-never = Ihr Konto wird nach der Bestätigung Ihrer E-Mail-Adresse freigeschaltet. Automatisierte Entscheidungen im Sinne von Art. 22 DSGVO gibt es nicht.
privacy-recipients = Wer die Daten erhält
privacy-recipients-members = Andere Mitglieder sehen Ihren Namen und, was Sie in Ihrem Profil für sie freigeben. Ihre Nachrichten lesen die Mitglieder der jeweiligen Unterhaltung.
privacy-recipients-administrators = Die Verwaltung des Portals sieht Registrierungen, Stammdaten und Anfragen, um darüber zu entscheiden und sie zu beantworten. Nachrichten sieht sie nur, wenn jemand aus der Unterhaltung eine meldet: diese und bis zu fünf andere in ihrer Nähe.
privacy-recipients-moderators = Über gemeldete Nachrichten kann auch die Moderation entscheiden. Sie sieht nur diese, wer sie geschrieben hat und wer sie meldet.
privacy-recipients-officers = Personen mit der Rolle Datenschutz sehen Konten mit Namen, Organisation und E-Mail-Adresse, dazu Löschsperren, Löschungen und das Protokoll der Verwaltungsvorgänge, um über Löschsperren zu entscheiden und die Löschung zu überwachen. Nachrichten, Meldungen und Anfragen anderer sehen sie nicht.
privacy-recipients-processors = Wer Server, Datensicherung und E-Mail-Versand für den Betreiber betreibt, verarbeitet Daten nur in dessen Auftrag (Art. 28 DSGVO). Welche Unternehmen das sind, nennt Ihnen der Betreiber.
privacy-third-parties = Die Seiten laden nichts von anderen Anbietern. Es gibt keine Werbung, keine Auswertung Ihres Verhaltens und keine Profile.
privacy-cookies = Cookies und Protokolle
privacy-cookie = Das Portal setzt zwei Cookies, und erst wenn Sie sich anmelden. Das eine hält Ihre Anmeldung und wird ungültig, wenn Sie sich abmelden, nach { $idle } ohne Benutzung und spätestens nach { $absolute }. Am anderen erkennt das Portal ein Gerät wieder, auf dem Sie sich schon einmal angemeldet haben; von einer Anmeldung auf einem unbekannten erfahren Sie per E-Mail. Es gilt ein Jahr ab der letzten Anmeldung, längstens bis Ihr Passwort geändert wird, und enthält keine Angaben über Sie, die andere lesen können. Beide sind für eine sichere Anmeldung unbedingt erforderlich (§ 25 Abs. 2 Nr. 2 TDDDG); einer Einwilligung bedarf es deshalb nicht.
privacy-logs = Das Portal speichert weder Ihre IP-Adresse noch Angaben über Ihr Gerät. Seine Betriebsprotokolle nennen Konten nur mit einer zufälligen Kennung.
privacy-erasing = Wie gelöscht wird
privacy-erasure = Sie können Ihr Profil jederzeit ändern oder Ihr Konto löschen. Ihre Daten werden binnen { $length } automatisch entfernt, soweit keine Aufbewahrungspflicht entgegensteht und sie nicht im Einzelfall noch gebraucht werden, zum Beispiel für eine offene Forderung. Sie sind dann wirklich gelöscht, nicht nur ausgeblendet. Das gilt auch für Angaben, die Sie durch neue ersetzen.
privacy-undo = { $length } lang können Sie die Löschung Ihres Kontos mit dem Link rückgängig machen, den Sie per E-Mail erhalten.
privacy-conversations = Was Sie geschrieben haben, wird aus allen Unterhaltungen gelöscht. Was andere geschrieben haben, bleibt bei ihnen, neben dem Hinweis „ehemaliges Mitglied“.
privacy-holds = In Einzelfällen können Verwaltung oder Datenschutz eine Löschsperre auf bestimmte Daten legen. Sie muss auf einer dieser Grundlagen beruhen:
privacy-reviewed = Jede Löschsperre wird spätestens nach { $length } überprüft. Was von einem gelöschten Konto gesperrt ist, erscheint so lange nirgends mehr im Portal. Endet die Sperre, wird es von selbst gelöscht.
privacy-receipt = Mit dem Code, den Sie bei der Löschung erhalten, können Sie ohne Anmeldung prüfen, ob alles gelöscht ist.
privacy-remains = Was nach einer Löschung noch bleibt
privacy-remains-intro = Außerhalb der Datenbank kann Gelöschtes eine Zeit lang zurückbleiben. Für diese Fristen steht der Betreiber ein:
privacy-residue-period = Wie lange
privacy-residue-place = Wo
privacy-residue-ends = Wie es endet
privacy-residue-stays = Bleibt bestehen
privacy-records = Diese Aufzeichnungen enthalten nur zufällige Kennungen, Schlüsselwörter und Zeitpunkte. Nach der Löschung lässt sich damit niemand mehr bestimmen:
privacy-rights = Ihre Rechte
privacy-rights-intro = Wenden Sie sich mit jedem dieser Anliegen an den Betreiber oder an die datenschutzbeauftragte Person. Vieles können Sie selbst tun:
privacy-right-access = Auskunft, und eine Kopie Ihrer Daten in einem Format, das andere Programme lesen (Art. 15 und 20 DSGVO).
privacy-to-access = Kopie Ihrer Daten herunterladen
privacy-right-rectification = Berichtigung falscher Angaben (Art. 16 DSGVO).
privacy-to-rectification = Profil bearbeiten
privacy-right-erasure = Löschung (Art. 17 DSGVO).
privacy-to-erasure = Konto löschen
privacy-right-restriction = Einschränkung der Verarbeitung, zum Beispiel solange geklärt wird, ob Angaben stimmen (Art. 18 DSGVO).
privacy-right-objection = Widerspruch gegen eine Verarbeitung, die auf Art. 6 Abs. 1 Buchst. f DSGVO beruht, aus Gründen, die sich aus Ihrer besonderen Lage ergeben (Art. 21 DSGVO).
privacy-right-complaint = Beschwerde bei einer Aufsichtsbehörde (Art. 77 DSGVO).
privacy-authority = Zuständig für den Betreiber ist:

## Barrierefreiheit

accessibility-title = Erklärung zur Barrierefreiheit
accessibility-intro = Diese Erklärung gilt für das Portal { -portal } unter { $url }. Grundlage sind die Richtlinie (EU) 2016/2102, das Behindertengleichstellungsrecht und die Barrierefreie-Informationstechnik-Verordnung (BITV 2.0). Stand: 23. November 2026.
accessibility-status = Stand der Vereinbarkeit
accessibility-status-text = Die Seiten sind darauf ausgelegt, die Anforderungen der EN 301 549 und der Web Content Accessibility Guidelines (WCAG) 2.2, Stufe AA, zu erfüllen. Sie sind ohne Maus, ohne JavaScript und auf schmalen Bildschirmen zu benutzen. Mit den Anforderungen ist das Portal teilweise vereinbar, wegen dieser Ausnahmen:
accessibility-gap-docs = Die Seite mit der Beschreibung der Programmierschnittstelle stammt von Dritten, braucht JavaScript und ist nicht auf Barrierefreiheit geprüft. Für die Benutzung des Portals wird sie nicht gebraucht.
accessibility-gap-texts = Was Mitglieder schreiben, prüft das Portal nicht auf Verständlichkeit. Inhalte in Leichter Sprache und in Gebärdensprache gibt es noch nicht.
accessibility-assessed = Wie das geprüft wurde
accessibility-assessed-text = Die Angaben beruhen auf einer Selbstbewertung mit automatischen Prüfungen. Eine unabhängige Prüfung hat noch nicht stattgefunden.
accessibility-feedback = Eine Barriere melden
accessibility-feedback-text = Fehlt Ihnen etwas, oder kommen Sie an einer Stelle nicht weiter? Bitte schreiben Sie dem Betreiber. Er antwortet Ihnen und stellt Inhalte auf Wunsch in anderer Form bereit.
accessibility-enforcement = Wenn das nicht hilft
accessibility-enforcement-text = Erhalten Sie innerhalb von sechs Wochen keine zufriedenstellende Antwort, können Sie sich an die Durchsetzungsstelle wenden. Das Verfahren ist kostenlos:

## Nutzungsbedingungen

terms-title = Nutzungsbedingungen
terms-version = Fassung { $version }
terms-elsewhere = Die Nutzungsbedingungen finden Sie beim Betreiber des Portals.
terms-to-operator = Nutzungsbedingungen beim Betreiber lesen
terms-purpose-title = Wofür das Portal da ist
terms-purpose = Auf dem Portal { -portal } tauschen sich Beschäftigte von Kommunen und anderen öffentlichen Stellen über ihre Arbeit mit den Verfahren des Betreibers aus. Die Nutzung ist kostenlos.
terms-joining-title = Wer mitmachen kann
terms-joining = Mitglied wird, wer bei einer solchen Stelle arbeitet und sich mit dem eigenen Namen und der eigenen dienstlichen E-Mail-Adresse registriert. Ein Anspruch auf Aufnahme besteht nicht. Das Konto ist persönlich: Bitte geben Sie Ihr Passwort niemandem weiter.
terms-conduct-title = Wie wir miteinander umgehen
terms-conduct = Schreiben Sie sachlich und höflich. Nicht erlaubt sind Beleidigungen, Werbung, rechtswidrige Inhalte und alles, was den Betrieb stört. Wer dagegen verstößt, kann gesperrt werden; der Betreiber nennt auf Anfrage den Grund.
terms-confidential-title = Was nicht hierher gehört
terms-confidential = Schreiben Sie nichts, was dem Amts- oder Dienstgeheimnis unterliegt, keine Daten von Bürgerinnen und Bürgern und keine Passwörter. Beschreiben Sie einen Fall so, dass niemand darin zu erkennen ist.
terms-own-texts-title = Ihre Texte
terms-own-texts = Ihre Texte bleiben Ihre. Der Betreiber darf sie nur speichern und denen zeigen, für die sie bestimmt sind. Stellen Sie nur ein, wozu Sie berechtigt sind.
terms-leaving-title = Wie Sie wieder gehen
terms-leaving = Sie können Ihr Konto jederzeit ohne Angabe von Gründen löschen. Was dann mit Ihren Daten geschieht, steht auf der Seite „Datenschutz“. Der Betreiber kann die Mitgliedschaft mit einer Frist von vier Wochen beenden.
terms-service-title = Was Sie erwarten können
terms-service = Der Betreiber hält das Portal nach Kräften verfügbar, sagt aber keine bestimmte Verfügbarkeit zu. Für die Richtigkeit dessen, was Mitglieder schreiben, steht er nicht ein. Für Vorsatz, grobe Fahrlässigkeit und Schäden an Leben, Körper und Gesundheit haftet er nach dem Gesetz.
terms-changes-title = Wenn sich etwas ändert
terms-changes = Diese Bedingungen gelten in der Fassung, der Sie zugestimmt haben. Eine neue Fassung gilt für Sie erst, wenn Sie ihr zustimmen. Es gilt deutsches Recht.
