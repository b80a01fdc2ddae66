//! What the settings refuse, and what they keep to themselves.

use super::*;

#[test]
fn the_defaults_are_complete_and_start() {
    let settings = Settings::from_toml("").unwrap();
    assert_eq!(settings.erasure.grace, Duration::from_hours(1));
    assert!(settings.limits.enabled);
}

#[test]
fn the_production_example_starts() {
    Settings::from_toml(include_str!("../../config/production.toml")).unwrap();
}

#[test]
fn the_production_example_leaves_every_placeholder_to_be_filled_in() {
    let example = Settings::from_toml(include_str!("../../config/production.toml")).unwrap();
    assert_eq!(example.placeholders().len(), 11);
    let named = "[operator]\nname = 'Rechenzentrum Nord'\n[operator.supervisory_authority]\nurl = 'https://nord.example'";
    let placeholders = Settings::from_toml(named).unwrap().placeholders();
    assert_eq!(placeholders.len(), 9);
    assert!(!placeholders.contains(&"operator.name"), "{placeholders:?}");
}

#[test]
fn the_terms_are_the_portals_own_page_unless_they_stand_elsewhere() {
    let own = Settings::from_toml("[server]\npublic_url = 'https://portal.example'").unwrap();
    assert_eq!(own.terms_url(Locale::En), "https://portal.example/en/terms");
    let elsewhere = Settings::from_toml("[terms]\nurl = 'https://operator.example/agb'").unwrap();
    assert_eq!(elsewhere.terms_url(Locale::En), "https://operator.example/agb");
}

#[test]
fn an_unknown_key_stops_the_start_with_its_name() {
    let error = Settings::from_toml("[erasure]\ngraze = \"1h\"").unwrap_err();
    assert!(error.to_string().contains("graze"), "{error}");
}

#[test]
fn a_configuration_that_could_miss_the_deadline_does_not_start() {
    for refused in [
        "[erasure]\ngrace = \"19h\"",
        "[erasure]\nsweep = \"0 0 3 * * *\"",
        "[erasure]\nsweep = \"0 */5 8-10 * * *\"",
        "[erasure]\nsweep = \"0 */5 * 1 * *\"",
        "[erasure]\nsweep = \"0 */5 * * * MON-FRI\"",
    ] {
        let error = Settings::from_toml(refused).expect_err(refused);
        assert!(
            matches!(error, SettingsError::TooSlow { .. }),
            "{refused}: {error}"
        );
    }
    Settings::from_toml("[erasure]\ngrace = \"12h\"\nsweep = \"0 0 */3 * * *\"").unwrap();
}

#[test]
fn an_administrators_deletion_keeps_the_deadline_as_well() {
    let usual = Settings::from_toml("").unwrap();
    assert_eq!(usual.administrators_grace(), TimeDelta::hours(12));
    let rare = Settings::from_toml("[erasure]\nsweep = \"0 0 */8 * * *\"").unwrap();
    assert_eq!(rare.administrators_grace(), TimeDelta::hours(3));
}

#[test]
fn limits_are_off_on_loopback_alone() {
    Settings::from_toml("[limits]\nenabled = false").unwrap();
    let refused = Settings::from_toml("[limits]\nenabled = false\n[server]\nlisten = \"0.0.0.0:8080\"");
    assert!(matches!(
        refused,
        Err(SettingsError::Unusable {
            setting: "limits.enabled",
            ..
        })
    ));
}

#[test]
fn a_password_in_a_url_is_not_printed() {
    let settings = Settings::from_toml(
        "[database]\nurl = \"postgres://a:geheim@b/c\"\n[mail]\nurl = \"smtp://a:geheim@b\"",
    )
    .unwrap();
    assert!(!format!("{settings:?}").contains("geheim"));
}
