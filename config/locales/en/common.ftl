### What occurs everywhere: the name, instants, lengths of time.

-portal = Stammtisch
portal-name = { -portal }

## Instants

instant = { $day } { $month } { $year }, { $hour12 }:{ $minute } { $half } (Berlin time)
day = { $day } { $month } { $year }
instant-month-1 = January
instant-month-2 = February
instant-month-3 = March
instant-month-4 = April
instant-month-5 = May
instant-month-6 = June
instant-month-7 = July
instant-month-8 = August
instant-month-9 = September
instant-month-10 = October
instant-month-11 = November
instant-month-12 = December

## Lengths of time

length-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
length-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
length-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
length-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
length-months =
    { $count ->
        [one] { $count } month
       *[other] { $count } months
    }
length-years =
    { $count ->
        [one] { $count } year
       *[other] { $count } years
    }

wait-seconds =
    { $count ->
        [one] one second
       *[other] { $count } seconds
    }
wait-minutes =
    { $count ->
        [one] one minute
       *[other] { $count } minutes
    }
wait-hours =
    { $count ->
        [one] one hour
       *[other] { $count } hours
    }
