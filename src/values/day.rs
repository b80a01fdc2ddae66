//! Days as people choose them in forms: a day in Berlin, and what is to hold until a day holds until its end.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::Europe::Berlin;

use super::Fault;

/// As browsers send a day, and as people write it where a browser offers no calendar.
const FORMATS: [&str; 2] = ["%Y-%m-%d", "%d.%m.%Y"];

/// The last second of the day. Whether it lies ahead is for whoever asks.
pub fn day_end(raw: &str) -> Result<DateTime<Utc>, Fault> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(Fault::new("required"));
    }
    FORMATS
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(raw, format).ok())
        .filter(|day| (1900..=9_999).contains(&day.year()))
        .and_then(end_of)
        .ok_or_else(|| Fault::new("date_invalid"))
}

/// The same, or nothing where nothing was chosen.
pub fn optional_day_end(raw: &str) -> Result<Option<DateTime<Utc>>, Fault> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    day_end(raw).map(Some)
}

/// The last day that ends no later than this: where something may last until an instant at most.
pub fn last_day_within(latest: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day = latest.with_timezone(&Berlin).date_naive();
    [Some(day), day.pred_opt()]
        .into_iter()
        .flatten()
        .filter_map(end_of)
        .find(|end| *end <= latest)
}

/// Clocks in Berlin are changed at night between two and three, so this second is there once on every day.
fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    let last_second = NaiveTime::from_hms_opt(23, 59, 59)?;
    let end = day.and_time(last_second).and_local_timezone(Berlin).latest()?;
    Some(end.with_timezone(&Utc))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_ends_at_midnight_in_berlin_also_when_the_clocks_are_changed() {
        for (day, end) in [
            ("2026-11-23", "2026-11-23T22:59:59Z"),
            ("23.11.2026", "2026-11-23T22:59:59Z"),
            (" 2026-07-01 ", "2026-07-01T21:59:59Z"),
            ("2027-03-27", "2027-03-27T22:59:59Z"),
            ("2027-03-28", "2027-03-28T21:59:59Z"),
            ("2026-10-24", "2026-10-24T21:59:59Z"),
            ("2026-10-25", "2026-10-25T22:59:59Z"),
        ] {
            assert_eq!(day_end(day), Ok(at(end)), "{day}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for raw in [
            "2026-02-29",
            "2026-13-01",
            "31.04.2026",
            "23.11.26",
            "morgen",
            "2026-11-23T10:00",
            "+12026-01-01",
            "0001-01-01",
        ] {
            assert_eq!(day_end(raw), Err(Fault::new("date_invalid")), "{raw}");
        }
        assert_eq!(day_end(" "), Err(Fault::new("required")));
        assert_eq!(optional_day_end(" "), Ok(None));
    }

    #[test]
    fn the_last_day_within_a_period_ends_in_it() {
        for (latest, end) in [
            ("2027-05-23T10:00:00Z", "2027-05-22T21:59:59Z"),
            ("2027-05-23T21:59:59Z", "2027-05-23T21:59:59Z"),
            ("2027-05-23T22:30:00Z", "2027-05-23T21:59:59Z"),
        ] {
            assert_eq!(last_day_within(at(latest)), Some(at(end)), "{latest}");
        }
    }
    proptest! {
        #[test]
        fn every_day_is_read_however_it_is_written(days in 0..2_958_464_u64) {
            let day = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(days);
            let end = end_of(day).unwrap();
            for format in FORMATS {
                prop_assert_eq!(day_end(&day.format(format).to_string()), Ok(end));
            }
            prop_assert_eq!(last_day_within(end), Some(end));
        }

        #[test]
        fn no_text_makes_the_parser_panic(raw in ".{0,20}|[0-9.+ -]{0,20}") {
            let _ = day_end(&raw);
        }
    }
}
