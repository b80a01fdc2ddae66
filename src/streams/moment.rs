//! A moment in the database's history: which transactions had been committed. Unlike an instant or an id it says exactly
//! what somebody has seen, so that nothing is missed and nothing told twice, however transactions overlap.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};

/// Longest written form: a snapshot names every transaction that was under way.
const LONGEST: usize = 2_000;

/// A snapshot as PostgreSQL writes it (`xmin:xmax:xip,…`), and the portal's time when it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    pub at: DateTime<Utc>,
    lowest: u64,
    next: u64,
    /// Those between the two that were under way.
    under_way: Vec<u64>,
}

/// It is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no moment that a stream was told")]
pub struct NoMoment;

impl Moment {
    /// Reads PostgreSQL's own form.
    pub fn of_snapshot(at: DateTime<Utc>, snapshot: &str) -> Result<Self, NoMoment> {
        let mut parts = snapshot.split(':');
        let (Some(lowest), Some(next), Some(under_way), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoMoment);
        };
        let (lowest, next) = (number(lowest)?, number(next)?);
        let under_way = match under_way {
            "" => Vec::new(),
            listed => listed.split(',').map(number).collect::<Result<_, _>>()?,
        };
        let is_in_order = under_way.is_sorted_by(|one, other| one < other)
            && under_way.iter().all(|id| (lowest..next).contains(id));
        if lowest == 0 || next < lowest || !is_in_order {
            return Err(NoMoment);
        }
        Ok(Self {
            at,
            lowest,
            next,
            under_way,
        })
    }

    /// As PostgreSQL reads it.
    pub fn snapshot(&self) -> String {
        let under_way: Vec<String> = self.under_way.iter().map(u64::to_string).collect();
        format!("{}:{}:{}", self.lowest, self.next, under_way.join(","))
    }

    /// Whether what this transaction wrote was there.
    pub fn shows(&self, transaction: u64) -> bool {
        transaction < self.lowest
            || (transaction < self.next && self.under_way.binary_search(&transaction).is_err())
    }

    /// Whether this one lies in the other's past or is it: else it comes from another history, before a restore.
    pub fn is_before(&self, later: &Self) -> bool {
        self.next <= later.next
    }
}

fn number(text: &str) -> Result<u64, NoMoment> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoMoment);
    }
    text.parse().map_err(|_| NoMoment)
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exactly = format!("{}-{}", self.at.timestamp(), self.snapshot());
        if exactly.len() <= LONGEST {
            return formatter.write_str(&exactly);
        }
        // An earlier moment: some of what was there is told again, and nothing is missed.
        write!(
            formatter,
            "{}-{}:{}:",
            self.at.timestamp(),
            self.lowest,
            self.lowest
        )
    }
}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, NoMoment> {
        if text.len() > LONGEST {
            return Err(NoMoment);
        }
        let (at, snapshot) = text.split_once('-').ok_or(NoMoment)?;
        let at = i64::try_from(number(at)?).map_err(|_| NoMoment)?;
        let at = DateTime::from_timestamp(at, 0).ok_or(NoMoment)?;
        Self::of_snapshot(at, snapshot)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_shows_what_was_committed_then() {
        let moment: Moment = "1790000000-731:740:733,735".parse().unwrap();
        let shown = |ids: &[u64]| ids.iter().map(|id| moment.shows(*id)).collect::<Vec<_>>();
        assert_eq!(shown(&[3, 730, 731, 732, 734, 739]), [true; 6]);
        assert_eq!(shown(&[733, 735, 740, 9_000]), [false; 4]);
        assert_eq!(moment.to_string(), "1790000000-731:740:733,735");
    }

    #[test]
    fn what_is_too_long_to_be_named_is_named_by_an_earlier_moment() {
        let under_way: Vec<String> = (1_000..2_000).map(|id| id.to_string()).collect();
        let snapshot = format!("1000:3000:{}", under_way.join(","));
        let moment = Moment::of_snapshot(DateTime::UNIX_EPOCH, &snapshot).unwrap();
        assert_eq!(moment.to_string(), "0-1000:1000:");
        assert!(moment.to_string().parse::<Moment>().unwrap().is_before(&moment));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "x",
            "731:740:",
            "1-731:740",
            "1-740:731:",
            "1-0:1:",
            "1-5:9:4",
            "1-5:9:9",
            "1-5:9:7,6",
            "1-5:9:6,6",
            "1-5:9:+6",
            "1-5:9:6:7",
            "-1-5:9:",
            "99999999999999999999-5:9:",
        ] {
            assert_eq!(text.parse::<Moment>(), Err(NoMoment), "{text}");
        }
        let long = format!("1-5:{}:{}", u64::MAX, vec!["6"; 1_000].join(","));
        assert_eq!(long.parse::<Moment>(), Err(NoMoment));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_shows_the_same(
            at in 0..=4_102_444_800_i64,
            lowest in 1..u64::MAX / 2,
            distances in proptest::collection::btree_set(0..1_000_u64, 0..20),
            more in 0..1_000_u64,
        ) {
            let under_way: Vec<u64> = distances.iter().map(|distance| lowest + distance).collect();
            let next = under_way.last().map_or(lowest, |last| last + 1) + more;
            let moment = Moment { at: DateTime::from_timestamp(at, 0).unwrap(), lowest, next, under_way };
            let read: Moment = moment.to_string().parse().unwrap();
            prop_assert_eq!(&read, &moment);
            let again = Moment::of_snapshot(moment.at, &moment.snapshot()).unwrap();
            prop_assert_eq!(&again, &moment);
            for id in lowest.saturating_sub(2)..next + 2 {
                prop_assert_eq!(read.shows(id), id < next && !moment.under_way.contains(&id));
            }
        }

        #[test]
        fn what_is_read_is_written_the_same(text in "[0-9:,-]{0,40}|[0-9]{1,20}-[0-9]{1,3}:[0-9]{1,4}:([0-9]{1,3},){0,2}|.{0,20}") {
            if let Ok(moment) = text.parse::<Moment>() {
                let again: Moment = moment.to_string().parse().unwrap();
                prop_assert_eq!(again, moment);
            }
        }
    }
}
