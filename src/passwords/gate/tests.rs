//! The gate's behaviour, with small parameters and with work that waits until it is told to end.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    mpsc,
};

use tokio::sync::oneshot;

use super::*;
use crate::passwords::workers::{Job, MAX_QUEUE, Work};

const SMALL: HashParameters = HashParameters {
    memory_kib: 64,
    iterations: 1,
    parallelism: 1,
};
const SALT: [u8; 16] = *b"sixteen of bytes";

fn gate(threads: usize) -> Passwords {
    Passwords::new(SMALL, Keys::default(), Some(threads)).unwrap()
}

fn password(raw: &str) -> Password {
    Password::for_check(raw).unwrap()
}

/// Occupies one thread until the sender is dropped; returns once the work has begun.
async fn occupy(
    gate: &Passwords,
) -> (
    mpsc::Sender<()>,
    tokio::task::JoinHandle<Result<Output, GateError>>,
) {
    let (release, released) = mpsc::channel::<()>();
    let (begin, started) = oneshot::channel();
    let mut begin = Some(begin);
    let workers = gate.workers.clone();
    let task = tokio::spawn(async move {
        workers
            .run(move |_| {
                let _ = begin.take().map(|begin| begin.send(()));
                let _ = released.recv();
                Err(Unusable)
            })
            .await
    });
    started.await.unwrap();
    (release, task)
}

/// Queues work that notes whether it was run.
fn queue(gate: &Passwords) -> (Arc<AtomicBool>, oneshot::Receiver<Result<Output, GateError>>) {
    let run = Arc::new(AtomicBool::new(false));
    let noted = run.clone();
    let (reply, answer) = oneshot::channel();
    let work: Work = Box::new(move |_| {
        noted.store(true, Ordering::SeqCst);
        Err(Unusable)
    });
    gate.workers.0.admit(Job { work, reply }).unwrap();
    (run, answer)
}

fn set_average(gate: &Passwords, average: Duration) {
    gate.workers.0.lock().average = average;
}

fn is_busy<T>(result: &Result<T, GateError>) -> bool {
    matches!(result, Err(GateError::Busy { .. }))
}

#[tokio::test]
async fn the_right_password_is_right_and_any_other_wrong() {
    let gate = gate(2);
    let hash = gate.hash(password("vier blaue Stühle"), SALT).await.unwrap();
    assert!(
        hash.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
        "{}",
        hash.as_str()
    );
    for (raw, expected) in [
        ("vier blaue Stühle", Verdict::Right),
        // The same in decomposed form.
        ("vier blaue Stu\u{308}hle", Verdict::Right),
        ("vier blaue stühle", Verdict::Wrong),
        ("", Verdict::Wrong),
    ] {
        let verdict = gate.verify(password(raw), Some(hash.as_str())).await.unwrap();
        assert_eq!(verdict, expected, "{raw}");
    }
    assert!(!gate.needs_rehash(hash.as_str()));
    assert!(
        Passwords::new(
            HashParameters {
                iterations: 2,
                ..SMALL
            },
            Keys::default(),
            Some(1)
        )
        .unwrap()
        .needs_rehash(hash.as_str())
    );
}

/// Two peppers, as the settings hold them.
const OLD: &str = "YW4gb2xkIHBlcHBlciBvZiB0aGlydHktdHdvIGJ5dGU=";
const NEW: &str = "YSBuZXcgcGVwcGVyIG9mIHRoaXJ0eS10d28gYnl0ZXM=";

fn peppered(peppers: &str) -> Passwords {
    Passwords::new(SMALL, Keys::parse(peppers).unwrap(), Some(1)).unwrap()
}

#[tokio::test]
async fn a_hash_is_checked_with_its_own_pepper_and_due_for_todays() {
    let plain = gate(1).hash(password("a"), SALT).await.unwrap();
    let old = peppered(OLD).hash(password("a"), SALT).await.unwrap();
    let gate = peppered(&format!("{NEW}\n{OLD}"));
    let new = gate.hash(password("a"), SALT).await.unwrap();
    let outputs = [&plain, &old, &new].map(|hash| hash.as_str().rsplit('$').next().unwrap());
    assert!(outputs[0] != outputs[1] && outputs[1] != outputs[2] && outputs[0] != outputs[2]);
    for (hash, is_due) in [(&plain, true), (&old, true), (&new, false)] {
        let hash = hash.as_str();
        assert_eq!(gate.verify(password("a"), Some(hash)).await, Ok(Verdict::Right));
        assert_eq!(gate.verify(password("b"), Some(hash)).await, Ok(Verdict::Wrong));
        assert_eq!(gate.needs_rehash(hash), is_due, "{hash}");
    }
    let ids = gate.pepper_ids();
    assert!(
        new.as_str().contains(&format!(",keyid={}$", ids[0])),
        "{}",
        new.as_str()
    );
    assert!(
        old.as_str().contains(&format!(",keyid={}$", ids[1])),
        "{}",
        old.as_str()
    );
    assert_eq!(gate.verify(password("a"), None).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn a_hash_whose_pepper_is_missing_is_wrong_at_the_price_of_a_hash() {
    let old = peppered(OLD).hash(password("a"), SALT).await.unwrap();
    // Without its pepper it would be the hash of nothing, even if somebody had put the right one there.
    let planted = {
        let plain = gate(1).hash(password("a"), SALT).await.unwrap();
        plain.as_str().replace("p=1$", "p=1,keyid=AAAAAAAAAAA$")
    };
    for gate in [gate(1), peppered(NEW)] {
        for stored in [old.as_str(), planted.as_str()] {
            set_average(&gate, Duration::ZERO);
            assert_eq!(gate.verify(password("a"), Some(stored)).await, Ok(Verdict::Wrong));
            assert!(
                gate.workers.0.lock().average > Duration::ZERO,
                "a hash was measured"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_account_is_wrong_at_the_price_of_a_hash_with_todays_parameters() {
    let gate = gate(1);
    assert!(!gate.needs_rehash(&gate.dummy));
    // The dummy's own password, too.
    for raw in ["", "whatever"] {
        set_average(&gate, Duration::ZERO);
        assert_eq!(gate.verify(password(raw), None).await, Ok(Verdict::Wrong));
        assert!(
            gate.workers.0.lock().average > Duration::ZERO,
            "a hash was measured"
        );
    }
    assert_eq!(
        gate.verify(password(""), Some(&gate.dummy)).await,
        Ok(Verdict::Right)
    );
}

#[tokio::test]
async fn a_damaged_or_absurd_stored_hash_fails() {
    let gate = gate(1);
    let absurd = gate.dummy.replace("m=64", "m=4000000");
    for stored in ["", "nonsense", &absurd] {
        assert_eq!(
            gate.verify(password("a"), Some(stored)).await,
            Err(GateError::Failed),
            "{stored}"
        );
    }
}

#[tokio::test]
async fn beyond_a_second_of_waiting_the_gate_is_busy_at_once() {
    let gate = gate(1);
    let (release, _task) = occupy(&gate).await;
    set_average(&gate, Duration::from_millis(300));
    let waiting: Vec<_> = (0..3).map(|_| queue(&gate)).collect();
    let refused = gate.verify(password("a"), None).await;
    assert_eq!(
        refused,
        Err(GateError::Busy {
            retry_after: Duration::from_secs(1)
        })
    );

    assert_eq!(gate.check_room().await, refused.map(|_| ()));

    drop(release);
    for (run, answer) in waiting {
        assert_eq!(answer.await.unwrap(), Err(GateError::Failed));
        assert!(run.load(Ordering::SeqCst));
    }
    assert_eq!(gate.check_room().await, Ok(()));
    assert_eq!(gate.verify(password("a"), None).await, Ok(Verdict::Wrong));
}

#[tokio::test]
async fn the_queue_is_bounded_even_if_hashes_seem_to_take_no_time() {
    let gate = gate(1);
    let (_release, _task) = occupy(&gate).await;
    set_average(&gate, Duration::ZERO);
    let waiting: Vec<_> = (0..MAX_QUEUE).map(|_| queue(&gate)).collect();
    assert!(is_busy(&gate.hash(password("a"), SALT).await));
    drop(waiting);
}

#[tokio::test]
async fn hashes_slower_than_the_longest_wait_still_get_a_free_thread() {
    let gate = gate(2);
    set_average(&gate, Duration::from_secs(5));
    let (_release, _task) = occupy(&gate).await;
    assert_eq!(gate.verify(password("a"), None).await, Ok(Verdict::Wrong));
    set_average(&gate, Duration::from_secs(5));
    let (_release, _task) = occupy(&gate).await;
    let refused = gate.verify(password("a"), None).await;
    assert_eq!(
        refused,
        Err(GateError::Busy {
            retry_after: Duration::from_secs(6)
        })
    );
}

#[tokio::test]
async fn a_caller_gone_from_the_queue_is_skipped_and_makes_room() {
    let gate = gate(1);
    let (release, task) = occupy(&gate).await;
    set_average(&gate, Duration::from_millis(500));
    let (first, first_answer) = queue(&gate);
    let (second, second_answer) = queue(&gate);
    drop(first_answer);
    // Full, but for the one that has gone.
    let (third, third_answer) = queue(&gate);
    drop(second_answer);
    drop(release);
    assert_eq!(third_answer.await.unwrap(), Err(GateError::Failed));
    assert_eq!(task.await.unwrap(), Err(GateError::Failed));
    assert!(!first.load(Ordering::SeqCst) && !second.load(Ordering::SeqCst));
    assert!(third.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_caller_gone_while_its_hash_runs_frees_nothing_before_its_end() {
    let gate = gate(1);
    set_average(&gate, Duration::from_secs(3));
    let (release, task) = occupy(&gate).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(gate.workers.0.lock().running, 1);
    assert!(is_busy(&gate.verify(password("a"), None).await));

    // Let one more in behind it, so that its end can be awaited.
    set_average(&gate, Duration::ZERO);
    let (run, answer) = queue(&gate);
    assert!(!run.load(Ordering::SeqCst));
    drop(release);
    assert_eq!(answer.await.unwrap(), Err(GateError::Failed));
    assert_eq!(gate.workers.0.lock().running, 0);
}

#[tokio::test]
async fn a_panic_fails_its_own_caller_and_no_other() {
    let gate = gate(1);
    let result = gate.workers.run(|_| panic!("meant to happen in this test")).await;
    assert_eq!(result.err(), Some(GateError::Failed));
    assert_eq!(gate.verify(password("a"), None).await, Ok(Verdict::Wrong));
    assert_eq!(gate.workers.0.lock().running, 0);
}

#[tokio::test]
async fn the_threads_end_with_the_last_clone_of_the_gate() {
    let gate = gate(2);
    let shared = Arc::downgrade(&gate.workers.0);
    let clone = gate.clone();
    drop(gate);
    assert_eq!(clone.verify(password("a"), None).await, Ok(Verdict::Wrong));
    drop(clone);
    // Each thread holds the state until it has ended.
    while shared.strong_count() > 0 {
        thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn only_the_hashing_threads_are_of_low_priority() {
    use crate::passwords::workers::NICER_BY;

    let before = rustix::process::getpriority_process(None).unwrap();
    let (send, nice) = mpsc::channel();
    let gate = gate(1);
    let _ = gate
        .workers
        .run(move |_| {
            let _ = send.send((
                rustix::process::getpriority_process(None),
                thread::current().name().map(str::to_owned),
            ));
            Err(Unusable)
        })
        .await;
    let (inside, name) = nice.recv().unwrap();
    assert_eq!(inside.unwrap(), (before + NICER_BY).min(19));
    assert_eq!(name.as_deref(), Some("password-0"));
    assert_eq!(rustix::process::getpriority_process(None).unwrap(), before);
}

#[test]
fn impossible_parameters_are_refused() {
    for parameters in [
        HashParameters {
            memory_kib: 7,
            ..SMALL
        },
        HashParameters {
            iterations: 0,
            ..SMALL
        },
        HashParameters {
            parallelism: 0,
            ..SMALL
        },
        HashParameters {
            parallelism: 9,
            ..SMALL
        },
    ] {
        assert!(matches!(
            Passwords::new(parameters, Keys::default(), None),
            Err(GateSetupError::Parameters(_))
        ));
    }
}
