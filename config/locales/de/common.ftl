### Was überall vorkommt: der Name, Zeitpunkte, Zeiträume.

-portal = Stammtisch
portal-name = { -portal }

## Zeitpunkte

instant = { $day }. { $month } { $year }, { $hour }:{ $minute } Uhr
day = { $day }. { $month } { $year }
instant-month-1 = Januar
instant-month-2 = Februar
instant-month-3 = März
instant-month-4 = April
instant-month-5 = Mai
instant-month-6 = Juni
instant-month-7 = Juli
instant-month-8 = August
instant-month-9 = September
instant-month-10 = Oktober
instant-month-11 = November
instant-month-12 = Dezember

## Zeiträume

length-seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }
length-minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
length-hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
length-days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }
length-months =
    { $count ->
        [one] { $count } Monat
       *[other] { $count } Monate
    }
length-years =
    { $count ->
        [one] { $count } Jahr
       *[other] { $count } Jahre
    }

wait-seconds =
    { $count ->
        [one] einer Sekunde
       *[other] { $count } Sekunden
    }
wait-minutes =
    { $count ->
        [one] einer Minute
       *[other] { $count } Minuten
    }
wait-hours =
    { $count ->
        [one] einer Stunde
       *[other] { $count } Stunden
    }
