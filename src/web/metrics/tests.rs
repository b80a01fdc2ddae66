//! What metrics show when there is nothing to show, and that clients cannot invent labels.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn rendered(doing: impl FnOnce()) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::with_local_recorder(&recorder, || {
        names::describe();
        doing();
    });
    handle.render()
}

#[test]
fn what_the_database_does_not_say_is_no_number() {
    let body = rendered(|| gauges::set_all(None));
    for name in [
        "stammtisch_accounts_overdue",
        "stammtisch_last_sweep_timestamp_seconds",
        "stammtisch_last_sweep_duration_seconds",
        "stammtisch_alert{cause=\"erasure_late\"}",
        "stammtisch_last_sweep_outcome{outcome=\"well\"}",
    ] {
        assert!(body.contains(&format!("{name} NaN\n")), "{name}: {body}");
    }
}

#[test]
fn an_invented_method_is_no_series_of_its_own() {
    let invented = Method::from_bytes(b"BREW").unwrap();
    let body = rendered(|| answered(&invented, "-", 405, Duration::from_millis(3)));
    assert!(
        body.contains("stammtisch_http_requests_total{method=\"other\",route=\"-\",status=\"405\"} 1\n"),
        "{body}"
    );
    assert!(!body.contains("BREW"), "{body}");
}

#[test]
fn every_metric_says_what_it_means() {
    let body = rendered(|| {
        gauges::set_all(None);
        answered(&Method::GET, "-", 200, Duration::from_millis(3));
    });
    for line in body.lines().filter(|line| line.starts_with("# TYPE ")) {
        let name = line.split(' ').nth(2).unwrap();
        assert!(body.contains(&format!("# HELP {name} ")), "{name}");
        assert!(name.starts_with("stammtisch_"), "{name}");
    }
}
