### Gruppen und Einladungen.

group-badge = Gruppe
group-without-name = Gruppe ohne Namen
group-settings = Mitglieder und Einstellungen der Gruppe
group-alone = Außer Ihnen ist niemand in der Gruppe. Laden Sie Personen ein; schreiben können Sie, sobald jemand beigetreten ist.
conversations-new-group = Neue Gruppe gründen

group-new-title = Neue Gruppe
group-new-intro = In eine Gruppe laden alle, die dazugehören, weitere Personen ein. Wer beitritt, sieht die Nachrichten, die danach geschrieben werden. Die Gruppe verwaltet, wer ihr am längsten angehört.
group-name = Name der Gruppe
group-name-hint = Den Namen sehen alle in der Gruppe und alle, die eingeladen sind. Wenn Sie Ihr Konto löschen, verschwindet er.
group-open = Gruppe gründen
done-group-opened = Die Gruppe ist gegründet. Laden Sie jetzt Personen ein.

group-managed-by-you = Sie verwalten diese Gruppe: Sie können sie umbenennen und Personen entfernen.
group-managed-by = { $name } verwaltet diese Gruppe.
group-managed-by-nobody = Zurzeit verwaltet niemand diese Gruppe.
group-read = Zu den Nachrichten
group-people = Mitglieder der Gruppe
group-manager = Verwaltet die Gruppe
group-former =
    { $count ->
        [one] Außerdem war ein ehemaliges Mitglied des Portals dabei.
       *[other] Außerdem waren { $count } ehemalige Mitglieder des Portals dabei.
    }
group-invited = Eingeladen
group-nobody-invited = Zurzeit ist niemand eingeladen.
group-withdraw = Einladung zurücknehmen
done-invitation-withdrawn = Die Einladung ist zurückgenommen.
group-rename-title = Gruppe umbenennen
group-rename = Namen ändern
done-group-renamed = Die Gruppe hat einen neuen Namen.
group-back = Zurück zur Gruppe

group-invite = Personen einladen
group-invite-title = Personen einladen
group-invite-rule = Sie laden in die Gruppe „{ $name }“ ein. Wer eingeladen ist, sieht den Namen der Gruppe, wer einlädt und wie viele dazugehören. Nach 30 Tagen verfällt die Einladung.
group-nobody-found = Dazu wurde niemand gefunden, der noch nicht in der Gruppe ist. Nicht alle Mitglieder möchten gefunden werden.
group-guests = Wen möchten Sie einladen?
group-invite-button = Einladen
done-invited = Die Einladung ist ausgesprochen.

group-remove = Aus der Gruppe entfernen
group-remove-title = { $name } aus der Gruppe entfernen
group-remove-intro = { $name } sieht die Gruppe danach nicht mehr und kann nur von der Person wieder eingeladen werden, die die Gruppe verwaltet. Was { $name } geschrieben hat, bleibt für die anderen lesbar.
group-remove-button = Person entfernen
group-keep = Person in der Gruppe behalten
done-member-removed = Die Person ist nicht mehr in der Gruppe.

group-leave = Gruppe verlassen
group-leave-title = Gruppe „{ $name }“ verlassen
group-leave-intro = Sie sehen die Gruppe danach nicht mehr. Wenn Sie später wieder beitreten, sehen Sie nur, was von da an geschrieben wird.
group-leave-messages = Ihre Nachrichten bleiben für die anderen mit Ihrem Namen lesbar, bis Sie Ihr Konto löschen. Was nicht bleiben soll, löschen Sie bitte vorher.
group-leave-manager = Danach verwaltet die Gruppe, wer ihr am längsten angehört.
group-leave-last = Außer Ihnen ist niemand in dieser Gruppe. Wenn Sie sie verlassen, endet sie, und alles, was in ihr geschrieben wurde, verschwindet für alle.
group-leave-button = Gruppe verlassen
group-stay = In der Gruppe bleiben
done-group-left = Sie haben die Gruppe verlassen.

invitations-title = Einladungen
invitations-none = Zurzeit hat Sie niemand in eine Gruppe eingeladen.
invitations-rule = Wenn Sie annehmen, sehen Sie die Nachrichten, die danach geschrieben werden, und die anderen sehen, dass Sie dazugehören. Eine Absage wird nicht mitgeteilt.
invitations-by = Eingeladen von { $name }
invitations-people =
    { $count ->
        [one] Eine Person ist in der Gruppe
       *[other] { $count } Personen sind in der Gruppe
    }
invitations-accept = Annehmen
invitations-decline = Ablehnen
invitations-waiting =
    { $count ->
        [one] Sie sind in eine Gruppe eingeladen
       *[other] Sie sind in { $count } Gruppen eingeladen
    }
done-group-joined = Sie sind jetzt in der Gruppe.
done-invitation-declined = Die Einladung ist abgelehnt.
